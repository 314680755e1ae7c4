// Reductions of f32, f64, complex numbers and the narrow floats.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce_float.cpp"
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

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

const target_tables* own = nullptr;  // for the conversions of narrow floats

// Narrow floats accumulate in f32; the greatest and least are exact in the narrow type.
template <reduce_code C, dtype D> struct narrow_reduction {
    static_assert(is_narrow_float(D));
    using narrow = element_type<D>;
    using wide = reduction<C, f32>;
    using acc_type =
        std::conditional_t<C == reduce_code::maximum || C == reduce_code::minimum, narrow, typename wide::acc_type>;

    static loop widen() { return own->casts[static_cast<std::size_t>(D)][static_cast<std::size_t>(f32)]; }

    static void row(void* acc, const operand& in, std::size_t n) {
        const widened_row_source<narrow> source{in, widen()};
        *static_cast<acc_type*>(acc) =
            static_cast<acc_type>(n == 0 ? wide::identity() : reduce_tree<wide>(source, 0, n));
    }

    static void spans(void* accs, const operand& in, std::size_t n) {
        const widened_row_source<narrow> source{in, widen()};
        auto* result = static_cast<acc_type*>(accs);
        for (std::size_t first = 0; first < n; first += reduce_span) {
            *result++ = static_cast<acc_type>(reduce_one_span<wide>(source, first, std::min(reduce_span, n - first)));
        }
    }

    static void columns(void* acc, const void* in, std::ptrdiff_t row_stride, std::size_t rows, std::size_t columns) {
        auto* out = static_cast<acc_type*>(acc);
        constexpr std::size_t block = column_block<wide>;
        for (std::size_t c = 0; c < columns; c += block) {
            const std::size_t count = std::min(block, columns - c);
            typename wide::acc_type result[block];
            std::fill_n(result, count, wide::identity());
            const widened_column_source<narrow> source{static_cast<const narrow*>(in) + c, row_stride, count, widen()};
            if (rows > 0) reduce_columns_tree<wide>(result, source, 0, rows);
            for (std::size_t i = 0; i < count; ++i) out[c + i] = static_cast<acc_type>(result[i]);
        }
    }
};

template <reduce_code C, dtype D> void fill_narrow_code(target_tables& tables) {
    using R = narrow_reduction<C, D>;
    constexpr auto code = static_cast<std::size_t>(C), type = static_cast<std::size_t>(D);
    tables.rows[code][type] = R::row;
    tables.spans[code][type] = R::spans;
    tables.columns[code][type] = R::columns;
}

template <dtype D> void fill_narrow_dtype(target_tables& tables) {
    fill_narrow_code<reduce_code::sum, D>(tables);
    fill_narrow_code<reduce_code::product, D>(tables);
    fill_narrow_code<reduce_code::maximum, D>(tables);
    fill_narrow_code<reduce_code::minimum, D>(tables);
    fill_narrow_code<reduce_code::any, D>(tables);
    fill_narrow_code<reduce_code::all, D>(tables);
}

void fill(target_tables& tables) {
    own = &tables;
    fill_dtypes<f32, f64, c64, c128>(tables);
    fill_narrow_dtype<f16>(tables);
    fill_narrow_dtype<bf16>(tables);
    fill_narrow_dtype<f8e4m3>(tables);
    fill_narrow_dtype<f8e5m2>(tables);
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_float_reductions<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
