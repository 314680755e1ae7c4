// Codes that give booleans, on bool, integers, f32, f64 and complex numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "comparisons.cpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

static void fill(target_tables& tables) {
    using enum scalar_code;
    fill_plain<scalar_code::isnan, scalar_code::isinf, scalar_code::isfinite, logical_not>(tables);
    fill_plain<equal, not_equal, less, less_equal, greater, greater_equal>(tables);
    fill_plain<logical_and, logical_or, logical_xor>(tables);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_comparisons<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
