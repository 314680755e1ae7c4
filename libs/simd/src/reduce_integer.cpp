// Reductions of booleans and integers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce_integer.cpp"
#include <algorithm>
#include <complex>
#include <limits>

#include "strided.hpp"
#include "tables.hpp"
#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "complex_map-inl.h"
#include "map-inl.h"
#include "reduce-inl.h"
#include "reduce_rows-inl.h"

namespace tessera::simd {
template <> void fill_integer_reductions<HWY_TARGET>(target_tables& tables) {
    HWY_NAMESPACE::fill_dtypes<i8, i16, i32, i64, u8, u16, u32, u64>(tables);
    // Booleans are bytes of 0 and 1, and their i64 sums have the bits of u64 ones.
    for (int c = 0; c < reduce_code_count; ++c) {
        constexpr auto byte = static_cast<std::size_t>(u8), boolean_index = static_cast<std::size_t>(boolean);
        tables.rows[c][boolean_index] = tables.rows[c][byte];
        tables.spans[c][boolean_index] = tables.spans[c][byte];
        tables.columns[c][boolean_index] = tables.columns[c][byte];
    }
}
}  // namespace tessera::simd
