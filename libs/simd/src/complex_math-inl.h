// Per-target: exp, log, sin, cos and tanh of complex numbers given as vectors of real and imaginary parts. Special
// values are those of C99 Annex G.
#if defined(TESSERA_SIMD_COMPLEX_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_COMPLEX_MATH_INL
#undef TESSERA_SIMD_COMPLEX_MATH_INL
#else
#define TESSERA_SIMD_COMPLEX_MATH_INL
#endif

#include "complex_map-inl.h"
#include "math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

// factor * size, where a zero of either stays zero beside an infinity or a NaN (whose sign bit means nothing).
template <class D, class V> HWY_INLINE V zero_safe_product(D d, V factor, V size) {
    const V zero = hn::Zero(d), product = hn::Mul(factor, size);
    const auto special = hn::Or(hn::Eq(factor, zero), hn::Eq(size, zero));
    if (HWY_LIKELY(hn::AllFalse(d, special))) return product;
    const V direction = hn::IfThenElse(hn::IsNaN(factor), zero, factor);
    const V signs = hn::Xor(direction, hn::IfThenElse(hn::IsNaN(size), zero, size));
    return hn::IfThenElse(special, hn::And(signs, hn::SignBit(d)), product);
}

// The same, and an infinite size beside an unknown direction stays infinite.
template <class D, class V> HWY_INLINE V infinite_product(D d, V factor, V size) {
    return hn::IfThenElse(hn::And(hn::IsNaN(factor), hn::IsInf(size)), size, zero_safe_product(d, factor, size));
}

// e^(a + ib) = e^a (cos b + i sin b); e^a in two factors, which overflow only with the result.
template <class D, class V> HWY_INLINE complex_vector<V> complex_exp(D d, complex_vector<V> z) {
    using T = hn::TFromD<D>;
    const V half = vector_exp(d, hn::Mul(z.re, hn::Set(d, T(0.5))));
    const V c = vector_sin<1>(d, z.im), s = vector_sin<0>(d, z.im);
    const V re = infinite_product(d, infinite_product(d, c, half), half);
    const V im = zero_safe_product(d, zero_safe_product(d, s, half), half);
    return {re, hn::IfThenElse(hn::Eq(z.im, hn::Zero(d)), z.im, im)};
}

// x^2 = square + error, exactly.
template <class D, class V> HWY_INLINE V square_error(D d, V x, V square) {
#if HWY_NATIVE_FMA
    (void)d;
    return hn::MulSub(x, x, square);
#else  // Dekker: halves of the digits have exact products
    using T = hn::TFromD<D>;
    const V shifted = hn::Mul(x, hn::Set(d, sizeof(T) == 4 ? T(0x1.002p+12) : T(0x1.0000002p+27)));
    const V high = hn::Sub(shifted, hn::Sub(shifted, x));
    const V low = hn::Sub(x, high);
    const V cross = hn::Mul(hn::Add(high, high), low);
    return hn::Add(hn::Mul(low, low), hn::Add(cross, hn::Sub(hn::Mul(high, high), square)));
#endif
}

// log |z|, accurate also where |z| is near 1: log(s + e) / 2 with s + e = |z|^2 to twice the precision.
template <class D, class V> HWY_INLINE V log_modulus(D d, complex_vector<V> z) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    constexpr int steps = single ? 64 : 600;
    constexpr T up = single ? T(0x1p+64) : T(0x1p+600), down = single ? T(0x1p-64) : T(0x1p-600);
    const V x = hn::Abs(z.re), y = hn::Abs(z.im);
    V larger = hn::Max(x, y), smaller = hn::Min(x, y);
    const auto big = hn::Gt(larger, hn::Set(d, single ? T(0x1p+60) : T(0x1p+500)));
    const auto tiny = hn::Lt(larger, hn::Set(d, single ? T(0x1p-40) : T(0x1p-400)));
    const V one = hn::Set(d, T(1));
    const V scale = hn::IfThenElse(big, hn::Set(d, down), hn::IfThenElse(tiny, hn::Set(d, up), one));
    constexpr T step = T(steps * 0.693147180559945309417232121458);
    const V shift = hn::IfThenElse(big, hn::Set(d, step), hn::IfThenElse(tiny, hn::Set(d, -step), hn::Zero(d)));
    larger = hn::Mul(larger, scale);
    smaller = hn::Mul(smaller, scale);
    const V p = hn::Mul(larger, larger), q = hn::Mul(smaller, smaller);
    const V s = hn::Add(p, q);
    const V rounding = hn::Add(hn::Sub(p, s), q);
    const V error = hn::Add(rounding, hn::Add(square_error(d, larger, p), square_error(d, smaller, q)));
    const V half = hn::Set(d, T(0.5));
    const V result = hn::MulAdd(hn::Add(vector_log(d, s), hn::Div(error, s)), half, shift);

    constexpr T infinity = std::numeric_limits<T>::infinity();
    const auto infinite = hn::Or(hn::IsInf(x), hn::IsInf(y)), zero = hn::Eq(hn::Add(x, y), hn::Zero(d));
    const V proper = hn::IfThenElse(hn::Or(hn::IsNaN(x), hn::IsNaN(y)), hn::Add(x, y), result);
    return hn::IfThenElse(infinite, hn::Set(d, infinity), hn::IfThenElse(zero, hn::Set(d, -infinity), proper));
}

// atan(t) - t for |t| <= tan(pi/8).
template <class D, class V> HWY_INLINE V atan_excess(D d, V t) {
    const V z = hn::Mul(t, t);
    V p;
    if constexpr (sizeof(hn::TFromD<D>) == 4) {
        p = polynomial(d, z, -0x1.55554ap-2F, 0x1.9991a0p-3F, -0x1.23b5a2p-3F, 0x1.b1f106p-4F, -0x1.f1fac8p-5F);
    } else {
        p = polynomial(d, z, -0x1.555555555553dp-2, 0x1.99999999957cap-3, -0x1.24924922a9a7dp-3, 0x1.c71c70e49675dp-4,
                       -0x1.745cf8b038503p-4, 0x1.3b1115dedea35p-4, -0x1.10eb91539c5f6p-4, 0x1.df0cf4552726fp-5,
                       -0x1.9cc7a0e4afac9p-5, 0x1.37b7fc102f7adp-5, -0x1.25264fcee6510p-6);
    }
    return hn::Mul(hn::Mul(t, z), p);
}

template <class D, class V> HWY_INLINE V vector_atan2(D d, V y, V x) {
    using T = hn::TFromD<D>;
    constexpr T pi = T(3.14159265358979323846264338327950288);
    const V one = hn::Set(d, T(1)), zero = hn::Zero(d);
    const V across = hn::Abs(x), up = hn::Abs(y);
    // Below a quarter of the range, so that the sum is finite; equal where both are infinite.
    const auto both_infinite = hn::And(hn::IsInf(across), hn::IsInf(up));
    V larger = hn::IfThenElse(both_infinite, one, hn::Max(across, up));
    V smaller = hn::IfThenElse(both_infinite, one, hn::Min(across, up));
    const V scale =
        hn::IfThenElse(hn::Gt(larger, hn::Set(d, std::numeric_limits<T>::max() / 4)), hn::Set(d, T(0.25)), one);
    larger = hn::Mul(larger, scale);
    smaller = hn::Mul(smaller, scale);

    const auto steep = hn::Gt(smaller, hn::Mul(larger, hn::Set(d, T(0.414213562373095048801688724209698))));
    const V top = hn::IfThenElse(steep, hn::Sub(smaller, larger), smaller);
    const V bottom = hn::IfThenElse(steep, hn::Add(smaller, larger), larger);
    const V t = hn::IfThenElse(hn::Eq(larger, zero), zero, hn::Div(top, bottom));
    const V part = hn::Add(t, atan_excess(d, t));
    V angle = hn::IfThenElse(steep, hn::Add(hn::Set(d, pi / 4), part), part);
    angle = hn::IfThenElse(hn::Gt(up, across), hn::Sub(hn::Set(d, pi / 2), angle), angle);
    const V side = hn::CopySign(one, x);
    angle = hn::IfThenElse(hn::Lt(side, zero), hn::Sub(hn::Set(d, pi), angle), angle);
    angle = hn::CopySign(angle, y);
    return hn::IfThenElse(hn::Or(hn::IsNaN(x), hn::IsNaN(y)), hn::Add(x, y), angle);
}

template <class D, class V> HWY_INLINE complex_vector<V> complex_log(D d, complex_vector<V> z) {
    return {log_modulus(d, z), vector_atan2(d, z.im, z.re)};
}

// exp(x) - 1 = 2^n p + (2^n - 1) with p = exp(r) - 1, for |x| below the range where 2^n overflows.
template <class D, class V> HWY_INLINE V vector_expm1(D d, V x) {
    using T = hn::TFromD<D>;
    V n;
    const V r = reduce_by_ln2(d, x, n);
    V p;
    if constexpr (sizeof(T) == 4) {
        p = polynomial(d, r, 0.5F, 0x1.555556p-3F, 0x1.5554a8p-5F, 0x1.11108ap-7F, 0x1.6d7b7cp-10F, 0x1.a1a95ap-13F);
    } else {
        p = polynomial(d, r, 0.5, 0x1.5555555555559p-3, 0x1.555555555555bp-5, 0x1.111111110f485p-7,
                       0x1.6c16c16c140d1p-10, 0x1.a01a01b0db71dp-13, 0x1.a01a01b1c8cb4p-16, 0x1.71ddf5ac08d4fp-19,
                       0x1.27e4c35dd08fdp-22, 0x1.af63bbdb65cc8p-26, 0x1.1f98d92affa0cp-29);
    }
    const V part = hn::MulAdd(hn::Mul(r, r), p, r);
    const V power = power_of_two(d, n);
    return hn::MulAdd(power, part, hn::Sub(power, hn::Set(d, T(1))));
}

// sinh(b) and cosh(b), each as upper * rest so that products with them overflow only where the result does.
template <class V> struct hyperbolic_vector { V sinh, cosh, rest; };

template <class D, class V> HWY_INLINE hyperbolic_vector<V> hyperbolic(D d, V b) {
    using T = hn::TFromD<D>;
    const V magnitude = hn::Abs(b), one = hn::Set(d, T(1)), half = hn::Set(d, T(0.5));
    const V limit = hn::Set(d, sizeof(T) == 4 ? T(10) : T(22));  // beyond it both are e^|b| / 2
    const V t = vector_expm1(d, hn::Min(limit, magnitude));
    const V e = hn::Add(t, one);
    const V s = hn::Mul(half, hn::Add(t, hn::Div(t, e)));
    const V c = hn::MulAdd(hn::Mul(half, t), hn::Div(t, e), one);
    const V root = vector_exp(d, hn::Mul(magnitude, half));
    const auto large = hn::Gt(magnitude, limit);
    const V upper = hn::Mul(root, half);
    const V rest = hn::IfThenElse(large, root, one);
    return {hn::CopySign(hn::IfThenElse(large, upper, s), b), hn::IfThenElse(large, upper, c), rest};
}

// sin(a + ib) = sin a cosh b + i cos a sinh b
template <class D, class V> HWY_INLINE complex_vector<V> complex_sin(D d, complex_vector<V> z) {
    const V s = vector_sin<0>(d, z.re), c = vector_sin<1>(d, z.re);
    const hyperbolic_vector<V> h = hyperbolic(d, z.im);
    return {zero_safe_product(d, zero_safe_product(d, s, h.cosh), h.rest),
            infinite_product(d, infinite_product(d, c, h.sinh), h.rest)};
}

// cos(a + ib) = cos a cosh b - i sin a sinh b
template <class D, class V> HWY_INLINE complex_vector<V> complex_cos(D d, complex_vector<V> z) {
    const V s = vector_sin<0>(d, z.re), c = vector_sin<1>(d, z.re);
    const hyperbolic_vector<V> h = hyperbolic(d, z.im);
    return {infinite_product(d, infinite_product(d, c, h.cosh), h.rest),
            hn::Neg(zero_safe_product(d, zero_safe_product(d, s, h.sinh), h.rest))};
}

// tanh(a + ib) = (sinh a cosh a + i sin b cos b) / (sinh^2 a + cos^2 b)
template <class D, class V> HWY_INLINE complex_vector<V> complex_tanh(D d, complex_vector<V> z) {
    using T = hn::TFromD<D>;
    const V one = hn::Set(d, T(1)), zero = hn::Zero(d), magnitude = hn::Abs(z.re);
    const V s = vector_sin<0>(d, z.im), c = vector_sin<1>(d, z.im);
    const V limit = hn::Set(d, sizeof(T) == 4 ? T(10) : T(22));
    const hyperbolic_vector<V> h = hyperbolic(d, hn::CopySign(hn::Min(limit, magnitude), z.re));
    const V bottom = hn::MulAdd(h.sinh, h.sinh, hn::Mul(c, c));
    const V re = hn::Div(hn::Mul(h.sinh, h.cosh), bottom), im = hn::Div(hn::Mul(s, c), bottom);
    // Beyond the limit the real part is 1 and sinh^2 a is e^2|a| / 4.
    const auto large = hn::Gt(magnitude, limit);
    const V decay = vector_exp(d, hn::Mul(magnitude, hn::Set(d, T(-2))));
    const V far = zero_safe_product(d, hn::Mul(hn::Set(d, T(4)), hn::Mul(s, c)), decay);
    complex_vector<V> y{hn::IfThenElse(large, hn::CopySign(one, z.re), re), hn::IfThenElse(large, far, im)};
    y.re = hn::IfThenElse(hn::Eq(z.re, zero), z.re, y.re);
    y.im = hn::IfThenElse(hn::Eq(z.im, zero), z.im, y.im);
    return y;
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
