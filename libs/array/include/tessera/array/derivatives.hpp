// Helpers for derivative rules, where a null array stands for zero.
#pragma once

#include "tessera/array/elementwise.hpp"
#include "tessera/array/op.hpp"

namespace tessera::derivatives {

// The sum of two tangents or cotangents.
inline array plus(const array& a, const array& b) { return a.is_null() ? b : b.is_null() ? a : add(a, b); }
inline array minus(const array& a) { return a.is_null() ? a : negative(a); }
// Zero times anything is zero.
inline array times(const array& t, const array& factor) { return t.is_null() ? t : multiply(t, factor); }
// What the transpose of times does to a cotangent.
inline array times_conj(const array& t, const array& factor) {
    return t.is_null() || !is_complex(factor.dtype()) ? times(t, factor) : multiply(t, conj(factor));
}

// The cotangent of an operand that was broadcast to ct's shape: sums what was repeated.
TESSERA_ARRAY_API array sum_to(array ct, const dims& shape);
// A tangent as large as the result of the op it takes part in.
TESSERA_ARRAY_API array spread_to(const array& t, const dims& shape);

// Rules of y = f(x), element by element, from the slope dy/dx (holomorphic for complex dtypes).
template <array (*Slope)(const array& x, const array& y)> struct from_slope {
    static void jvp(const jvp_args& args, std::span<array> out) {
        out[0] = times(args.tangents[0], Slope(args.in[0], args.out[0]));
    }
    static void vjp(const vjp_args& args, std::span<array> in) {
        in[0] = times_conj(args.cotangents[0], Slope(args.in[0], args.out[0]));
    }
};

// Rules of an op that is constant almost everywhere.
inline void zero_jvp(const jvp_args&, std::span<array>) {}
inline void zero_vjp(const vjp_args&, std::span<array>) {}

}  // namespace tessera::derivatives
