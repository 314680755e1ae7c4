// Reductions in one fixed order, so that any number of threads and any instruction set give the same bits.
//
// The order: spans of 4096 elements; in a span 64 virtual lanes, element i goes to lane i mod 64; the lanes fold by
// halves (lane l takes lane l + 32, then + 16, ... + 1); the spans' results are combined by the same rule, recursively.
// Sums begin at +0: the sum of nothing but -0 is +0.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tessera/interop/dtype.hpp"
#include "tessera/simd/export.hpp"
#include "tessera/simd/loops.hpp"

namespace tessera::simd {

enum class reduce_code : std::uint8_t { sum, product, maximum, minimum, any, all };
inline constexpr int reduce_code_count = 6;
inline constexpr std::size_t reduce_span = 4096;

// Where a reduction accumulates. sum, product: bool and signed integers i64, unsigned u64, narrow floats f32, others
// themselves; maximum, minimum: the operand's dtype, a NaN wins; any, all: boolean.
TESSERA_SIMD_API dtype accumulator(reduce_code code, dtype operand);

// acc = the reduction of n elements. n = 0 gives 0, 1, false, true for sum, product, any, all; maximum and minimum need
// n > 0.
using reduce_row = void (*)(void* acc, const operand& in, std::size_t n);

// accs[k] = the reduction of span k, for ceil(n / 4096) spans: a long row is cut at multiples of 4096 and shared out,
// then find_reduce_row(code, accumulator) over all accs gives the same bits as one reduce_row of the whole.
using reduce_spans = void (*)(void* accs, const operand& in, std::size_t n);

// acc[c] = the reduction over rows of column c of a (rows, columns) matrix whose rows are contiguous and row_stride
// elements apart; same bits as reduce_row of that column.
using reduce_columns = void (*)(void* acc, const void* in, std::ptrdiff_t row_stride, std::size_t rows,
                                std::size_t columns);

// The index of the first greatest (least) element; a NaN beats every number, and the first one wins. Needs n > 0.
using arg_row = std::int64_t (*)(const operand& in, std::size_t n);

// The active target's reductions; nullptr where there is none (maximum, minimum, arg of complex).
TESSERA_SIMD_API reduce_row find_reduce_row(reduce_code code, dtype operand);
TESSERA_SIMD_API reduce_spans find_reduce_spans(reduce_code code, dtype operand);
TESSERA_SIMD_API reduce_columns find_reduce_columns(reduce_code code, dtype operand);
TESSERA_SIMD_API arg_row find_argmax(dtype operand);
TESSERA_SIMD_API arg_row find_argmin(dtype operand);

}  // namespace tessera::simd
