// Per-target: expm1, log1p, atan, erf, sigmoid and softplus of vectors of float or double, on top of math-inl.h.
// Polynomials are interpolations at Chebyshev points of this project.
#if defined(TESSERA_SIMD_SPECIAL_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_SPECIAL_MATH_INL
#undef TESSERA_SIMD_SPECIAL_MATH_INL
#else
#define TESSERA_SIMD_SPECIAL_MATH_INL
#endif

#include <limits>

#include "math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// x = n ln 2 + r: exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1), halved on the way so that 2^n stays in range.
template <class D, class V> HWY_INLINE V vector_expm1(D d, V argument) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    V x = hn::Min(hn::Set(d, single ? T(89) : T(710)), argument);
    x = hn::Max(hn::Set(d, single ? T(-30) : T(-60)), x);  // rounds to -1
    V n;
    const V r = reduce_by_ln2(d, x, n);
    const V y = expm1_reduced(d, r);
    const V half_power = power_of_two(d, hn::Sub(n, hn::Set(d, T(1))));
    const V half = hn::Add(hn::Mul(half_power, y), hn::Sub(half_power, hn::Set(d, T(0.5))));
    const V result = hn::Add(half, half);
    // Tiny arguments, zeros of either sign among them, are their own result.
    const auto tiny = hn::Lt(hn::Abs(argument), hn::Set(d, std::numeric_limits<T>::epsilon() / 4));
    return hn::IfThenElse(tiny, argument, hn::IfThenElse(hn::Eq(n, hn::Zero(d)), y, result));
}

// log(u) of the rounded u = 1 + x, and what the rounding took: x - (u - 1) = (exact 1 + x) - u.
template <class D, class V> HWY_INLINE V vector_log1p(D d, V x) {
    using T = hn::TFromD<D>;
    const V one = hn::Set(d, T(1));
    const V u = hn::Add(one, x);
    // The smaller of the two is subtracted last, which is exact.
    const auto is_large = hn::Gt(hn::Abs(x), one);
    const V lost = hn::IfThenElse(is_large, hn::Sub(one, hn::Sub(u, x)), hn::Sub(x, hn::Sub(u, one)));
    const V result = hn::Add(vector_log(d, u), hn::Div(lost, u));
    // At -1 and infinity the correction is no number; tiny arguments are their own result.
    const auto at_an_end = hn::Or(hn::Eq(u, hn::Zero(d)), hn::Eq(u, hn::Set(d, std::numeric_limits<T>::infinity())));
    const auto tiny = hn::Lt(hn::Abs(x), hn::Set(d, std::numeric_limits<T>::epsilon() / 4));
    return hn::IfThenElse(tiny, x, hn::IfThenElse(at_an_end, vector_log(d, u), result));
}

// exp(-|x|) never overflows, and neither quotient loses digits.
template <class D, class V> HWY_INLINE V vector_sigmoid(D d, V x) {
    const V one = hn::Set(d, hn::TFromD<D>(1));
    const V e = vector_exp(d, hn::Neg(hn::Abs(x)));
    const V top = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one);
    return hn::Div(top, hn::Add(one, e));
}

template <class D, class V> HWY_INLINE V vector_softplus(D d, V x) {
    const V rest = vector_log1p(d, vector_exp(d, hn::Neg(hn::Abs(x))));
    // max(x, 0) + rest; a NaN is in both.
    return hn::Add(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x), rest);
}

// |x| > tan(3 pi/8): pi/2 - atan(1/x);  above tan(pi/8): pi/4 + atan((x - 1) / (x + 1)).
template <class D, class V> HWY_INLINE V vector_atan(D d, V signed_x) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    const V one = hn::Set(d, T(1)), x = hn::Abs(signed_x);
    const auto large = hn::Gt(x, hn::Set(d, T(0x1.3504f333f9de6p+1)));
    const auto middle = hn::AndNot(large, hn::Gt(x, hn::Set(d, T(0x1.a827999fcef32p-2))));
    const V top = hn::IfThenElse(large, hn::Neg(one), hn::IfThenElse(middle, hn::Sub(x, one), x));
    const V bottom = hn::IfThenElse(large, x, hn::IfThenElse(middle, hn::Add(x, one), one));
    const V t = hn::Div(top, bottom);
    const V z = hn::Mul(t, t);
    V p;
    if constexpr (single) {
        p = polynomial(d, z, -0x1.555554p-2F, 0x1.999730p-3F, -0x1.242036p-3F, 0x1.b81030p-4F, -0x1.08455ep-4F);
    } else {
        p = polynomial(d, z, -0x1.5555555555555p-2, 0x1.9999999999953p-3, -0x1.249249248d7eep-3, 0x1.c71c71c304b68p-4,
                       -0x1.745d165df3f95p-4, 0x1.3b1392d9e785cp-4, -0x1.110e880a7a521p-4, 0x1.e19a13b9fc6dfp-5,
                       -0x1.ac7a938b69c93p-5, 0x1.74ddd408bb4c0p-5, -0x1.1b33b923aa953p-5, 0x1.0ad36a455caf9p-6);
    }
    // pi/4 and pi/2 in two parts.
    const V quarter = hn::Set(d, single ? T(0x1.921fb6p-1) : T(0x1.921fb54442d18p-1));
    const V quarter_rest = hn::Set(d, single ? T(-0x1.777a5cp-26) : T(0x1.1a62633145c07p-55));
    const V base = hn::IfThenElse(large, hn::Add(quarter, quarter), hn::IfThenElseZero(middle, quarter));
    const V rest = hn::IfThenElse(large, hn::Add(quarter_rest, quarter_rest), hn::IfThenElseZero(middle, quarter_rest));
    const V y = hn::Add(base, hn::Add(t, hn::MulAdd(hn::Mul(t, z), p, rest)));
    return hn::CopySign(y, signed_x);
}

// x + x P(x^2) below 1; 1 - exp(-x^2) G(1 / (x + k)) beyond, until it rounds to 1.
template <class D, class V> HWY_INLINE V vector_erf(D d, V signed_x) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    const V one = hn::Set(d, T(1)), x = hn::Abs(signed_x);
    const V z = hn::Mul(x, x);
    V small, tail;
    if constexpr (single) {
        small = polynomial(d, z, 0x1.06eba8p-3F, -0x1.81273ep-2F, 0x1.ce2d10p-4F, -0x1.b7fabap-6F, 0x1.541270p-8F,
                           -0x1.a45088p-11F, 0x1.4a5690p-14F);
    } else {
        small = polynomial(d, z, 0x1.06eba8214db69p-3, -0x1.812746b0379e6p-2, 0x1.ce2f21a042b30p-4,
                           -0x1.b82ce31284e00p-6, 0x1.565bcd0dbaa38p-8, -0x1.c02db3dac435fp-11, 0x1.f9a321d5b8e1ep-14,
                           -0x1.f4d1e3183f7aep-17, 0x1.b9df224ca4b97p-20, -0x1.5f1ecb6f0764cp-23, 0x1.f7b4bf3b13964p-27,
                           -0x1.389d4f2641625p-30, 0x1.05ffd737fb32ep-34);
    }
    const V below = hn::MulAdd(x, small, x);
    const V far = hn::Min(hn::Set(d, single ? T(4) : T(6)), x);
    if constexpr (single) {
        const V u = hn::Sub(hn::Div(one, hn::Add(far, hn::Set(d, T(2)))), hn::Set(d, T(0.25)));
        tail = polynomial(d, u, 0x1.058672p-2F, 0x1.b57034p+0F, 0x1.eeea80p+1F, 0x1.437efcp+2F, 0x1.e92de2p-1F,
                          -0x1.ca6a34p+2F, -0x1.b69d34p+1F, 0x1.ef02f6p+3F);
    } else {
        const V u = hn::Sub(hn::Div(one, hn::Add(far, hn::Set(d, T(3)))), hn::Set(d, T(0x1.71c71c71c71c7p-3)));
        tail = polynomial(d, u, 0x1.a9f324d321d3cp-3, 0x1.1c84bd7ea37afp+1, 0x1.49c6684398ba2p+3, 0x1.2fb0a6c7dd1c8p+5,
                          0x1.aa6c89a5f982ep+6, 0x1.9aa3be8374d12p+7, 0x1.5cdc9b6e892bfp+7, -0x1.376bfb3fa84d6p+8,
                          -0x1.001fa4a9f3ddap+10, 0x1.e2103e6b40e56p+6, 0x1.0fb4e8635fb04p+12, 0x1.6c1af7e86d4e8p+10,
                          -0x1.3f6ad20b00834p+14, -0x1.b0acbb7c935d8p+12, 0x1.87e106a7b674cp+16);
    }
    const V beyond = hn::NegMulAdd(vector_exp(d, hn::Neg(hn::Mul(far, far))), tail, one);
    const V y = hn::IfThenElse(hn::Lt(x, one), below, beyond);
    return hn::CopySign(hn::IfThenElse(hn::IsNaN(x), x, y), signed_x);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
