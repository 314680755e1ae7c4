// What an array handle points at. Included by array.hpp; users do not need it.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

class tracer;

// A value inside a transform: which tracer owns it and what it stands for one level below.
// Tracers derive their own records (a tangent, a tape entry, a graph value).
struct TESSERA_ARRAY_API traced {
    traced(counted<tracer> by, array stands_for);
    virtual ~traced();
    traced(const traced&) = delete;
    traced& operator=(const traced&) = delete;

    std::atomic<std::int32_t> references{1};
    std::uint64_t level;  // copy of owner->level(), read on every op
    counted<tracer> owner;
    array value;  // one level below; null when there is none (a symbol of a capture)
};

namespace detail {

inline constexpr std::uint8_t not_weak = 255;

struct node {
    std::atomic<std::int32_t> references{1};
    std::uint8_t weak = not_weak;  // a weak_kind, or not_weak
    bool literal = false;          // the value is in the node
    bool contiguous = true;        // row-major without gaps
    bool plain = false;            // contiguous host memory of the library's own, untraced and strong: the usual array
    tessera::spec spec;
    strides steps;            // empty for values without data (traced symbols, specs kept by a tape)
    std::int64_t offset = 0;  // elements
    storage* buffer = nullptr;
    traced* trace = nullptr;
    union {
        scalar_value value;  // of a literal; else never touched
    };

    node() noexcept {}
    ~node() {}
};

TESSERA_ARRAY_API node* new_node();  // one reference, rank 0
[[noreturn]] TESSERA_ARRAY_API void refuse_null();
}  // namespace detail

inline array::array(const array& other) noexcept : node_(other.node_ ? detail::share(other.node_) : nullptr) {}
inline void array::reset() noexcept {
    if (node_) detail::drop(node_);
}
inline const tessera::spec& array::spec() const {
    if (!node_) [[unlikely]]
        detail::refuse_null();
    return node_->spec;
}
inline bool array::is_literal() const { return node_ && node_->literal; }

}  // namespace tessera
