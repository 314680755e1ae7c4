// How an element-wise kernel walks its operands: broadcast, ordered by the destination, coalesced, split over threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tessera/array/inline_vector.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/interop/any_view.hpp"

namespace tessera::cpu_kernels {

// One run of elements along the innermost axis: operand k starts at data[k] and advances by steps[k] elements.
struct run_of_elements {
    std::span<std::byte* const> data;
    std::span<const std::int64_t> steps;
    std::int64_t count;
};

class loop_nest {
public:
    // Operands are the destinations, then the inputs; inputs broadcast to the shape of views[0].
    explicit loop_nest(std::span<const any_view> destinations, std::span<const any_view> inputs);

    std::int64_t size() const { return outer_ * inner_; }

    // Calls body(run) until every element was seen once, on several threads when it pays.
    template <class Body> void run(double ns_per_element, const Body& body) const {
        run_with(ns_per_element, [&]() -> const Body& { return body; });
    }

    // Like run; every piece of work makes its own body, which may hold scratch memory.
    template <class MakeBody> void run_with(double ns_per_element, const MakeBody& make_body) const {
        if (size() == 0) return;
        if (outer_ == 1) {
            parallel_for(inner_, 4096, ns_per_element,
                         [&](std::int64_t begin, std::int64_t end) { walk(0, 1, begin, end - begin, make_body()); });
        } else {
            const std::int64_t grain = std::max<std::int64_t>(1, 4096 / inner_);
            parallel_for(outer_, grain, ns_per_element * static_cast<double>(inner_),
                         [&](std::int64_t begin, std::int64_t end) { walk(begin, end, 0, inner_, make_body()); });
        }
    }

private:
    template <class Body>
    void walk(std::int64_t outer_begin, std::int64_t outer_end, std::int64_t skip, std::int64_t count,
              const Body& body) const {
        inline_vector<std::byte*> data(operands_, nullptr);
        inline_vector<std::int64_t> index(axes_, 0);
        std::int64_t rest = outer_begin;
        for (std::size_t a = axes_; a-- > 0;) {
            index[a] = rest % sizes_[a];
            rest /= sizes_[a];
        }
        for (std::size_t k = 0; k < operands_; ++k) {
            std::int64_t at = skip * inner_steps_[k] * items_[k];
            for (std::size_t a = 0; a < axes_; ++a) at += index[a] * steps_[a * operands_ + k];
            data[k] = first_[k] + at;
        }
        for (std::int64_t o = outer_begin;;) {
            body(run_of_elements{{data.data(), operands_}, {inner_steps_.data(), operands_}, count});
            if (++o == outer_end) return;
            for (std::size_t a = axes_; a-- > 0;) {
                const std::int64_t* step = &steps_[a * operands_];
                if (++index[a] < sizes_[a]) {
                    for (std::size_t k = 0; k < operands_; ++k) data[k] += step[k];
                    break;
                }
                index[a] = 0;
                for (std::size_t k = 0; k < operands_; ++k) data[k] -= step[k] * (sizes_[a] - 1);
            }
        }
    }

    std::size_t operands_ = 0;
    std::size_t axes_ = 0;  // outer axes, slowest first
    std::int64_t outer_ = 1, inner_ = 1;
    inline_vector<std::int64_t> sizes_;        // of the outer axes
    inline_vector<std::int64_t> steps_;        // bytes, [axis][operand]
    inline_vector<std::int64_t> inner_steps_;  // elements
    inline_vector<std::int64_t> items_;        // bytes of an element
    inline_vector<std::byte*> first_;
};

}  // namespace tessera::cpu_kernels
