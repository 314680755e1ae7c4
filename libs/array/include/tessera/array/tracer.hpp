// The one hook of every transform: jvp, vjp, vmap, capture. See op.hpp for how apply finds it.
#pragma once

#include "tessera/array/op.hpp"

namespace tessera {

// A level is never reused, so transforms nest in any order and values that outlive theirs are recognised.
TESSERA_ARRAY_API std::uint64_t new_level();

class TESSERA_ARRAY_API tracer {
public:
    explicit tracer(std::uint64_t level) : level_(level) {}
    virtual ~tracer();
    tracer(const tracer&) = delete;
    tracer& operator=(const tracer&) = delete;

    std::uint64_t level() const { return level_; }
    // At least one input carries a trace of this level, or this is the staging tracer.
    virtual void process(const op&, std::span<const array> in, attributes, std::span<array> out) = 0;
    // Data that item() and view() may show for a traced value; null when there is none to show (symbols).
    virtual array concrete(const traced& record) const { return record.value; }
    // Its values stand for many at once (vmap), of which concrete shows none.
    virtual bool holds_many() const { return false; }
    // Reverse mode: comes back to what an op read and gave, so that an op may leave more than its results.
    virtual bool reads_values_later() const { return false; }
    // The size that a traced rank-0 integer gives: what to_extent asks. Throws value_error where there is none.
    virtual tessera::extent extent_of(const traced& record) const;

    std::atomic<std::int32_t> references{1};

private:
    std::uint64_t level_;
};

// The array's record when its trace has exactly this level, else null.
inline traced* trace_at(const array& x, std::uint64_t level) {
    traced* record = x.node() ? x.node()->trace : nullptr;
    return record && record->level == level ? record : nullptr;
}
// What x stands for below this level: its value when traced there, else x itself.
inline const array& peel(const array& x, std::uint64_t level) {
    const traced* record = trace_at(x, level);
    return record ? record->value : x;
}
// A traced array of the record's spec.
TESSERA_ARRAY_API array wrap(const tessera::spec&, counted<traced> record);

// An array of that spec without data: what a tape keeps of values its rules do not read.
TESSERA_ARRAY_API array spec_only(const tessera::spec&);

// The tracer that sees ops whose inputs carry no trace, on this thread (capture); null for none.
TESSERA_ARRAY_API tracer* staging_tracer();
// Returns the one before.
TESSERA_ARRAY_API tracer* install_staging_tracer(tracer*);

}  // namespace tessera
