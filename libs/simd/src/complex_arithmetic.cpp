// Products and quotients of complex numbers: the formulas of tessera/dtype/complex_math.hpp, on vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "complex_arithmetic.cpp"
#include <algorithm>
#include <complex>

#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "complex_map-inl.h"
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

struct multiply_function {
    template <class D, class V>
    HWY_INLINE complex_vector<V> operator()(D, complex_vector<V> x, complex_vector<V> y) const {
        return multiply_complex(x, y);
    }
};

struct square_function {
    template <class D, class V> HWY_INLINE complex_vector<V> operator()(D, complex_vector<V> x) const {
        return multiply_complex(x, x);
    }
};

// Both branches of Smith's division at once: p is the divisor's larger part; where that is the imaginary one, the parts
// of the dividend change places.
struct divide_function {
    template <class D, class V>
    HWY_INLINE complex_vector<V> operator()(D d, complex_vector<V> x, complex_vector<V> y) const {
        const V c = hn::Abs(y.re), zero = hn::Zero(d);
        const auto straight = hn::Ge(c, hn::Abs(y.im));
        const V p = hn::IfThenElse(straight, y.re, y.im), q = hn::IfThenElse(straight, y.im, y.re);
        const V u = hn::IfThenElse(straight, x.re, x.im), v = hn::IfThenElse(straight, x.im, x.re);
        const V ratio = hn::Div(q, p);
        const V scale = hn::Div(hn::Set(d, hn::TFromD<D>(1)), hn::Add(p, hn::Mul(q, ratio)));
        const V product = hn::Mul(u, ratio);
        const V first = hn::IfThenElse(straight, v, product), second = hn::IfThenElse(straight, product, v);
        const V re = hn::Mul(hn::Add(u, hn::Mul(v, ratio)), scale), im = hn::Mul(hn::Sub(first, second), scale);
        const auto by_zero = hn::And(hn::Eq(y.re, zero), hn::Eq(y.im, zero));
        return {hn::IfThenElse(by_zero, hn::Div(x.re, c), re), hn::IfThenElse(by_zero, hn::Div(x.im, c), im)};
    }
};

struct reciprocal_function {
    template <class D, class V> HWY_INLINE complex_vector<V> operator()(D d, complex_vector<V> x) const {
        return divide_function{}(d, complex_vector<V>{hn::Set(d, hn::TFromD<D>(1)), hn::Zero(d)}, x);
    }
};

template <class R, std::size_t Operands, class Function>
void complex_kernel(void* out, const void* const* in, std::size_t n) {
    map_complex<R, Operands>(out, in, n, Function{});
}

template <class R> void fill_type(target_tables& tables) {
    using T = std::complex<R>;
    const auto slot = [&](scalar_code c) -> loop& {
        return tables.loops[static_cast<std::size_t>(c)][static_cast<std::size_t>(dtype_of<T>)];
    };
    slot(scalar_code::multiply) = loop_of<complex_kernel<R, 2, multiply_function>, T, T, T>;
    slot(scalar_code::divide) = loop_of<complex_kernel<R, 2, divide_function>, T, T, T>;
    slot(scalar_code::square) = loop_of<complex_kernel<R, 1, square_function>, T, T>;
    slot(scalar_code::reciprocal) = loop_of<complex_kernel<R, 1, reciprocal_function>, T, T>;
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_complex_arithmetic<HWY_TARGET>(target_tables& tables) {
    HWY_NAMESPACE::fill_type<float>(tables);
    HWY_NAMESPACE::fill_type<double>(tables);
}
}  // namespace tessera::simd
