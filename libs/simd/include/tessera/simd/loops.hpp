// Element-wise loops over raw spans, one source for every instruction set, chosen at run time.
//
//     const operand in[2] = {{a, 1}, {b, 0}};                       // a contiguous, b one repeated value
//     find_loop(scalar_code::add, f32)(out, 1, in, n);              // out[i] = a[i] + b[0]
//
// The result of an element depends on its operands' values alone: contiguous, strided, repeated and unaligned operands
// and every position in the span give the same bits. tessera/dtype/scalar.hpp defines what each code means. Between
// instruction sets bits are the same too, except for transcendental functions, whose results differ from the exact
// value, for every argument, by at most
//     exp, log: 1.5 ulp      sin, cos, log1p: 2.5 ulp      tanh, expm1, atan, erf: 2 ulp      sigmoid: 3 ulp
//     softplus: 4 ulp        erfc: 6 ulp                   complex: 8 epsilon of the modulus
//     exp2, exp10, log2, log10, tan, asin, acos, sinh, cosh, asinh, acosh, atanh, cbrt, pow, atan2, hypot, logaddexp:
//     what the C library gives, 4 ulp at most
// and, of narrow floats, by the rounding of such an f32.
#pragma once

#include <cstddef>

#include "tessera/dtype/scalar_code.hpp"
#include "tessera/interop/dtype.hpp"
#include "tessera/simd/export.hpp"

namespace tessera::simd {

// One input: element i is at data + i * stride elements. A stride of 0 repeats one value; it may be negative.
struct operand {
    const void* data;
    std::ptrdiff_t stride;
};

// Computes n elements. `in` has as many operands as the code takes. `out` may be exactly one of the inputs (same
// address, stride and element size); any other overlap is undefined. Data need only the alignment of one element.
using loop = void (*)(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n);

// The active target's loop for operands of this dtype, nullptr when the code has no meaning for it. Of `select`, in[0]
// is boolean and `operands` is the dtype of in[1] and in[2]. `cast` is not here: see find_cast. The output's dtype:
// boolean where traits(code).gives_boolean, the real part's for abs, real and imag, else `operands`.
TESSERA_SIMD_API loop find_loop(scalar_code code, dtype operands);

// Conversion of one operand; every pair of dtypes has one.
TESSERA_SIMD_API loop find_cast(dtype from, dtype to);

}  // namespace tessera::simd
