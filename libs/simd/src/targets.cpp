#include "tessera/simd/targets.hpp"

#include <hwy/targets.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <utility>

#include "tables.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::simd {

namespace {

struct target {
    std::int64_t bit;
    std::string_view name;
    const target_tables* tables;
};

template <std::int64_t Target> target make_target() {
    static target_tables tables{};  // filled once, under the guard of the static in usable_targets
    fill_arithmetic<Target>(tables);
    fill_complex_arithmetic<Target>(tables);
    fill_comparisons<Target>(tables);
    fill_functions<Target>(tables);
    fill_special_functions<Target>(tables);
    fill_library_functions(tables);
    fill_complex_functions<Target>(tables);
    fill_casts<Target>(tables);
    fill_narrow<Target>(tables);
    fill_float_reductions<Target>(tables);
    fill_integer_reductions<Target>(tables);
    fill_arg<Target>(tables);
    fill_random<Target>(tables);
    return {Target, hwy::TargetName(Target), &tables};
}

// Highway's bits are ordered: the lower the better.
const std::vector<target>& usable_targets() {
    static const std::vector<target> targets = [] {
        std::vector<target> found;
        const std::int64_t supported = hwy::SupportedTargets();
        const auto consider = [&]<std::size_t Bit>() {
            constexpr std::int64_t mask = std::int64_t{1} << Bit;
            if constexpr ((HWY_TARGETS & mask) != 0) {
                if ((supported & mask) != 0) found.push_back(make_target<mask>());
            }
        };
        [&]<std::size_t... Bits>(std::index_sequence<Bits...>) { (consider.template operator()<Bits>(), ...); }
        (std::make_index_sequence<62>{});
        return found;
    }();
    return targets;
}

const target& find_target(std::string_view name, std::string_view who) {
    std::string known;
    for (const target& t : usable_targets()) {
        if (t.name == name) return t;
        known += known.empty() ? "" : ", ";
        known += t.name;
    }
    throw value_error(text(who, ": target must be one of ", known, " on this CPU, got \"", name, "\""));
}

const target& best_target() {
    const char* asked = std::getenv("TESSERA_SIMD_TARGET");
    if (asked != nullptr && *asked != '\0') return find_target(asked, "TESSERA_SIMD_TARGET");
    return usable_targets().front();
}

constinit std::atomic<const target*> active{nullptr};

const target& first_use() {
    static const target& best = best_target();  // throws again at the next use when the variable is wrong
    const target* expected = nullptr;
    active.compare_exchange_strong(expected, &best, std::memory_order_acq_rel);
    return *active.load(std::memory_order_acquire);
}

const target& current() {
    const target* t = active.load(std::memory_order_acquire);
    return t != nullptr ? *t : first_use();
}

}  // namespace

const target_tables& active_tables() { return *current().tables; }

std::string_view active_target() { return current().name; }

std::vector<std::string_view> compiled_targets() {
    std::vector<std::string_view> names;
    for (const target& t : usable_targets()) names.push_back(t.name);
    return names;
}

void force_target(std::string_view name) {
    const target& chosen = name.empty() ? best_target() : find_target(name, "simd.force_target");
    active.store(&chosen, std::memory_order_release);
}

loop find_loop(scalar_code code, dtype operands) {
    return active_tables().loops[static_cast<std::size_t>(code)][static_cast<std::size_t>(operands)];
}

loop find_cast(dtype from, dtype to) {
    return active_tables().casts[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

random_loop find_random(random_code code, dtype out) {
    return active_tables().random[static_cast<std::size_t>(code)][static_cast<std::size_t>(out)];
}

reduce_row find_reduce_row(reduce_code code, dtype operand) {
    return active_tables().rows[static_cast<std::size_t>(code)][static_cast<std::size_t>(operand)];
}

reduce_spans find_reduce_spans(reduce_code code, dtype operand) {
    return active_tables().spans[static_cast<std::size_t>(code)][static_cast<std::size_t>(operand)];
}

reduce_columns find_reduce_columns(reduce_code code, dtype operand) {
    return active_tables().columns[static_cast<std::size_t>(code)][static_cast<std::size_t>(operand)];
}

arg_row find_argmax(dtype operand) { return active_tables().argmax[static_cast<std::size_t>(operand)]; }
arg_row find_argmin(dtype operand) { return active_tables().argmin[static_cast<std::size_t>(operand)]; }

dtype accumulator(reduce_code code, dtype operand) {
    switch (code) {
    case reduce_code::any:
    case reduce_code::all: return boolean;
    case reduce_code::maximum:
    case reduce_code::minimum: return operand;
    default: break;
    }
    switch (kind(operand)) {
    case dtype_kind::boolean:
    case dtype_kind::signed_integer: return i64;
    case dtype_kind::unsigned_integer: return u64;
    default: return is_narrow_float(operand) ? f32 : operand;
    }
}

}  // namespace tessera::simd
