// Per-target: exp, log, sin, cos and tanh of vectors of float or double. Polynomials are minimax fits of this project;
// the reductions are Cody and Waite's (Software Manual for the Elementary Functions, 1980).
// Each result depends on its own lane alone: a branch that looks at all lanes only skips work that changes none of
// them.
#if defined(TESSERA_SIMD_MATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_MATH_INL
#undef TESSERA_SIMD_MATH_INL
#else
#define TESSERA_SIMD_MATH_INL
#endif

#include <limits>

#include "reduce_huge.hpp"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T> struct float_format;
template <> struct float_format<float> {
    static constexpr int mantissa_bits = 23, bias = 127;
    static constexpr float round_magic = 0x1.8p+23F;  // x + magic has the integer nearest to x in its low bits
};
template <> struct float_format<double> {
    static constexpr int mantissa_bits = 52, bias = 1023;
    static constexpr double round_magic = 0x1.8p+52;
};

// c0 + c1 x + c2 x^2 ...
template <class D, class V, class T> HWY_INLINE V polynomial(D d, V, T c0) { return hn::Set(d, c0); }
template <class D, class V, class T, class... Ts> HWY_INLINE V polynomial(D d, V x, T c0, Ts... more) {
    return hn::MulAdd(polynomial(d, x, more...), x, hn::Set(d, c0));
}

// 2^n of integral n whose power is a normal number.
template <class D, class V> HWY_INLINE V power_of_two(D d, V n) {
    using T = hn::TFromD<D>;
    using format = float_format<T>;
    const hn::RebindToUnsigned<D> du;
    const V biased = hn::Add(n, hn::Set(d, format::round_magic + T{format::bias}));
    return hn::BitCast(d, hn::ShiftLeft<format::mantissa_bits>(hn::BitCast(du, biased)));
}

template <class D, class V> HWY_INLINE V round_by_magic(D d, V x) {
    const V magic = hn::Set(d, float_format<hn::TFromD<D>>::round_magic);
    return hn::Sub(hn::Add(x, magic), magic);
}

// x = n ln 2 + r, |r| <= ln 2 / 2. The upper part of ln 2 has so few bits that n times it is exact.
template <class D, class V> HWY_INLINE V reduce_by_ln2(D d, V x, V& n) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    n = round_by_magic(d, hn::Mul(x, hn::Set(d, T(0x1.71547652b82fep+0))));
    const V upper = hn::NegMulAdd(n, hn::Set(d, single ? T(0x1.62e4p-1) : T(0x1.62e42feep-1)), x);
    return hn::NegMulAdd(n, hn::Set(d, single ? T(0x1.7f7d1cf79abcap-20) : T(0x1.a39ef35793c76p-33)), upper);
}

// exp(r) - 1 for |r| <= ln 2 / 2.
template <class D, class V> HWY_INLINE V expm1_reduced(D d, V r) {
    constexpr bool single = sizeof(hn::TFromD<D>) == 4;
    V p;
    if constexpr (single) {
        p = polynomial(d, r, 0x1.fffffcp-2F, 0x1.55548ap-3F, 0x1.555916p-5F, 0x1.123fc6p-7F, 0x1.6a1a8ep-10F);
    } else {
        p = polynomial(d, r, 0x1.000000000000bp-1, 0x1.55555555554f0p-3, 0x1.555555555024bp-5, 0x1.11111111299c8p-7,
                       0x1.6c16c1859c6b3p-10, 0x1.a01a01231acdfp-13, 0x1.a01995eddf59ep-16, 0x1.71df2ef295fc2p-19,
                       0x1.28b16765e49cfp-22, 0x1.ad7a8fa626fdap-26);
    }
    return hn::MulAdd(hn::Mul(r, r), p, r);
}

template <class D, class V> HWY_INLINE V vector_exp(D d, V x) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    // Beyond these the result is 0 or infinity. The order of operands lets x86's Min and Max pass a NaN.
    x = hn::Min(hn::Set(d, single ? T(89) : T(710)), x);
    x = hn::Max(hn::Set(d, single ? T(-104) : T(-746)), x);
    V n;
    const V r = reduce_by_ln2(d, x, n);
    const V y = hn::Add(hn::Set(d, T(1)), expm1_reduced(d, r));
    // In two steps: 2^n itself may be out of range where the result, a subnormal perhaps, is not.
    const V half = round_by_magic(d, hn::Mul(n, hn::Set(d, T(0.5))));
    return hn::Mul(hn::Mul(y, power_of_two(d, half)), power_of_two(d, hn::Sub(n, half)));
}

// x = 2^k m with m in [sqrt(1/2), sqrt(2)), for normal x > 0.
template <class D, class V> HWY_INLINE V split_exponent(D d, V x, V& k) {
    using T = hn::TFromD<D>;
    using format = float_format<T>;
    constexpr bool single = sizeof(T) == 4;
    using Bits = hwy::MakeUnsigned<T>;
    const hn::RebindToUnsigned<D> du;
    constexpr Bits one = Bits{format::bias} << format::mantissa_bits;
    constexpr Bits root_half = single ? Bits(0x3f3504f3U) : Bits(0x3fe6a09e667f3bcdU);
    const auto bits = hn::BitCast(du, x);
    const auto shifted = hn::Add(bits, hn::Set(du, static_cast<Bits>(one - root_half)));
    const auto exponent = hn::ShiftRight<format::mantissa_bits>(shifted);
    // An integer below 2^23 (2^52) or-ed into the bits of 2^23 (2^52) makes their sum.
    constexpr T offset = single ? T(0x1p+23) : T(0x1p+52);
    const auto sum = hn::BitCast(d, hn::Or(exponent, hn::BitCast(du, hn::Set(d, offset))));
    k = hn::Sub(sum, hn::Set(d, offset + T{format::bias}));
    const auto power = hn::ShiftLeft<format::mantissa_bits>(exponent);
    return hn::BitCast(d, hn::Add(hn::Sub(bits, power), hn::Set(du, one)));
}

// log of normal, finite, positive x.
template <class D, class V> HWY_INLINE V log_of_normal(D d, V x, V extra_exponent) {
    using T = hn::TFromD<D>;
    constexpr bool single = sizeof(T) == 4;
    V k;
    const V f = hn::Sub(split_exponent(d, x, k), hn::Set(d, T(1)));
    k = hn::Add(k, extra_exponent);
    const V half_square = hn::Mul(hn::Mul(f, f), hn::Set(d, T(0.5)));
    V correction;  // log(1 + f) = f - (half_square - correction)
    if constexpr (single) {
        const V p = polynomial(d, f, 0x1.555546p-2F, -0x1.ffffeep-3F, 0x1.99a55ap-3F, -0x1.5562fcp-3F, 0x1.233106p-3F,
                               -0x1.fb3d88p-4F, 0x1.e66694p-4F, -0x1.e315f8p-4F, 0x1.1b4482p-4F);
        correction = hn::Mul(hn::Mul(hn::Mul(f, f), f), p);
    } else {
        // 2 atanh(s) with s = f / (2 + f), so that f enters without error.
        const V s = hn::Div(f, hn::Add(hn::Set(d, 2.0), f));
        const V z = hn::Mul(s, s);
        const V p = polynomial(d, z, 0x1.5555555555593p-1, 0x1.999999997f8a3p-2, 0x1.249249423e7ecp-2,
                               0x1.c71c51c64f489p-3, 0x1.74664d7c22f7dp-3, 0x1.39a02e597efaep-3, 0x1.2f15c139e8b84p-3);
        correction = hn::Mul(s, hn::MulAdd(z, p, half_square));
    }
    const V upper = hn::Set(d, single ? T(0x1.62e4p-1) : T(0x1.62e42feep-1));
    const V lower = hn::Set(d, single ? T(0x1.7f7d1cf79abcap-20) : T(0x1.a39ef35793c76p-33));
    const V small = hn::Sub(half_square, hn::MulAdd(k, lower, correction));
    return hn::MulAdd(k, upper, hn::Sub(f, small));
}

template <class D, class V> HWY_INLINE V vector_log(D d, V x) {
    using T = hn::TFromD<D>;
    constexpr T infinity = std::numeric_limits<T>::infinity();
    const V zero = hn::Zero(d);
    const V smallest = hn::Set(d, std::numeric_limits<T>::min());
    const auto usual = hn::And(hn::Ge(x, smallest), hn::Lt(x, hn::Set(d, infinity)));
    if (HWY_LIKELY(hn::AllTrue(d, usual))) return log_of_normal(d, x, zero);

    constexpr T up = sizeof(T) == 4 ? T(0x1p+24) : T(0x1p+53);
    constexpr T digits = std::numeric_limits<T>::digits;
    const auto tiny = hn::Lt(x, smallest);
    const V scaled = hn::IfThenElse(tiny, hn::Mul(x, hn::Set(d, up)), x);
    V y = log_of_normal(d, scaled, hn::IfThenElse(tiny, hn::Set(d, -digits), zero));
    y = hn::IfThenElse(hn::Lt(x, hn::Set(d, infinity)), y, x);  // infinity and NaN
    y = hn::IfThenElse(hn::Lt(x, zero), hn::Set(d, std::numeric_limits<T>::quiet_NaN()), y);
    return hn::IfThenElse(hn::Eq(x, zero), hn::Set(d, -infinity), y);
}

// Fills in rest and turns for the lanes of `huge`, one by one.
template <class D, class V, class M> HWY_NOINLINE void reduce_huge_lanes(D d, V x, M huge, V& rest, V& turns) {
    using T = hn::TFromD<D>;
    HWY_ALIGN T values[hn::MaxLanes(d)], rests[hn::MaxLanes(d)], counts[hn::MaxLanes(d)];
    hn::Store(hn::IfThenElseZero(huge, x), d, values);
    hn::Store(rest, d, rests);
    hn::Store(turns, d, counts);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
        if (values[i] == 0) continue;
        const quarter_turns reduced = reduce_huge(static_cast<double>(values[i]));
        rests[i] = static_cast<T>(reduced.rest);
        counts[i] = static_cast<T>(reduced.turns);
    }
    rest = hn::Load(d, rests);
    turns = hn::Load(d, counts);
}

// |x| = n pi/2 + r for |x| up to `limit`, pi/2 in pieces so short that n times all but the last is exact.
template <class D, class V> HWY_INLINE V reduce_by_half_pi(D d, V x, V n) {
    using T = hn::TFromD<D>;
    if constexpr (sizeof(T) == 8) {
        V r = hn::NegMulAdd(n, hn::Set(d, 0x1.921fb544p+0), x);
        r = hn::NegMulAdd(n, hn::Set(d, 0x1.0b4611a6p-34), r);
        return hn::NegMulAdd(n, hn::Set(d, 0x1.3198a2e037073p-69), r);
    } else {
#if HWY_NATIVE_FMA  // the product is not rounded: full words will do
        V r = hn::NegMulAdd(n, hn::Set(d, 0x1.921fb6p+0F), x);
        r = hn::NegMulAdd(n, hn::Set(d, -0x1.777a5cp-25F), r);
        return hn::NegMulAdd(n, hn::Set(d, -0x1.ee59dap-50F), r);
#else
        V r = hn::NegMulAdd(n, hn::Set(d, 0x1.92p+0F), x);
        r = hn::NegMulAdd(n, hn::Set(d, 0x1.fb4p-12F), r);
        r = hn::NegMulAdd(n, hn::Set(d, 0x1.444p-24F), r);
        return hn::NegMulAdd(n, hn::Set(d, 0x1.68c234p-39F), r);
#endif
    }
}

// sin(x) for Quarter 0, cos(x) = sin(x + pi/2) for Quarter 1.
template <int Quarter, class D, class V> HWY_INLINE V vector_sin(D d, V signed_x) {
    using T = hn::TFromD<D>;
    using format = float_format<T>;
    constexpr bool single = sizeof(T) == 4;
    const hn::RebindToUnsigned<D> du;
    const V x = hn::Abs(signed_x);
    V n = round_by_magic(d, hn::Mul(x, hn::Set(d, T(0x1.45f306dc9c883p-1))));
    V r = reduce_by_half_pi(d, x, n);
    // n must stay below 2^20 for double, 2^18 for float with FMA, 2^12 without (see reduce_by_half_pi).
    const V limit = hn::Set(d, single ? T(HWY_NATIVE_FMA ? 0x1p+18 : 0x1p+12) : T(0x1p+20));
    const auto huge = hn::And(hn::Gt(x, limit), hn::Lt(x, hn::Set(d, std::numeric_limits<T>::infinity())));
    if (HWY_UNLIKELY(!hn::AllFalse(d, huge))) reduce_huge_lanes(d, x, huge, r, n);

    const V z = hn::Mul(r, r);
    V s, c;
    if constexpr (single) {
        s = polynomial(d, z, -0x1.555544p-3F, 0x1.110696p-7F, -0x1.990960p-13F);
        c = polynomial(d, z, 0x1.55554ap-5F, -0x1.6c0bb6p-10F, 0x1.99c424p-16F);
    } else {
        s = polynomial(d, z, -0x1.5555555555546p-3, 0x1.111111110f32ap-7, -0x1.a01a019b62ba8p-13, 0x1.71de34dcae0c0p-19,
                       -0x1.ae5deaae2660ap-26, 0x1.5d6eacf34a540p-33);
        c = polynomial(d, z, 0x1.5555555555549p-5, -0x1.6c16c16c14bbep-10, 0x1.a01a019c1dfdfp-16,
                       -0x1.27e4f79cb6354p-22, 0x1.1ee9a03c18e5bp-29, -0x1.8f86cd8731d9cp-37);
    }
    const V sine = hn::MulAdd(hn::Mul(z, r), s, r);
    const V cosine = hn::MulAdd(hn::Mul(z, z), c, hn::NegMulAdd(z, hn::Set(d, T(0.5)), hn::Set(d, T(1))));

    const auto turns = hn::BitCast(du, hn::Add(n, hn::Set(d, format::round_magic + T{Quarter})));
    constexpr int top = static_cast<int>(8 * sizeof(T)) - 1;
    const auto one = hn::Set(du, 1);
    const auto odd = hn::RebindMask(d, hn::TestBit(turns, one));
    auto sign = hn::ShiftLeft<top - 1>(hn::And(turns, hn::Set(du, 2)));
    if constexpr (Quarter == 0)
        sign = hn::Xor(sign, hn::And(hn::BitCast(du, signed_x), hn::BitCast(du, hn::SignBit(d))));
    return hn::Xor(hn::IfThenElse(odd, cosine, sine), hn::BitCast(d, sign));
}

// Two ways of writing tanh(x) = base - top / bottom whose roundings stay small, sharing one division:
//     x - x^3 A(x^2) / B(x^2) for x < 1,    1 - 2 / (exp(2x) + 1) beyond.
template <class D, class V> HWY_INLINE V tanh_of_positive(D d, V x) {
    using T = hn::TFromD<D>;
    using format = float_format<T>;
    const hn::RebindToUnsigned<D> du;
    const V one = hn::Set(d, T(1));
    // exp(2x) = 2^n exp(2r), x = n ln(2)/2 + r; the error of one rounding in r fades as the quotient does.
    const V biased_magic = hn::Set(d, format::round_magic + T{format::bias});
    const V biased = hn::MulAdd(x, hn::Set(d, T(0x1.71547652b82fep+1)), biased_magic);
    const V power = hn::BitCast(d, hn::ShiftLeft<format::mantissa_bits>(hn::BitCast(du, biased)));
    const V r = hn::NegMulAdd(hn::Sub(biased, biased_magic), hn::Set(d, T(0x1.62e42fefa39efp-2)), x);
    const V z = hn::Mul(x, x);
    V e, a, b;
    if constexpr (sizeof(T) == 4) {
        e = polynomial(d, r, 0x1.000002p+0F, 0x1.fffff6p+0F, 0x1.fffcfcp+0F, 0x1.555a48p+0F, 0x1.576958p-1F,
                       0x1.0fe008p-2F);
        a = polynomial(d, z, 0x1.555554p-2F, 0x1.e12a8ep-7F);
        b = polynomial(d, z, 1.0F, 0x1.c6b58ap-2F, 0x1.018082p-6F);
    } else {
        e = polynomial(d, r, 1.0, 2.0, 0x1.0000000000012p+1, 0x1.555555555548fp+0, 0x1.555555554eb60p-1,
                       0x1.11111111337d1p-2, 0x1.6c16c1892ea72p-4, 0x1.a01a01078798ap-6, 0x1.a0198e55d8bb5p-8,
                       0x1.71df4fe8d0a79p-10, 0x1.28b7330636e69p-12, 0x1.ad61119f893b5p-15);
        a = polynomial(d, z, 0x1.5555555555554p-2, 0x1.5eb53ed286dbfp-6, 0x1.fdc8f676c7e4p-13, 0x1.273ada803f0b9p-26);
        b = polynomial(d, z, 1.0, 0x1.db5b956112ddep-2, 0x1.91970dd76b48ap-6, 0x1.0a6f3a276692bp-12);
    }
    const auto small = hn::Lt(x, one);
    const V base = hn::IfThenElse(small, x, one);
    const V top = hn::IfThenElse(small, hn::Mul(hn::Mul(x, z), a), hn::Set(d, T(2)));
    const V bottom = hn::IfThenElse(small, b, hn::MulAdd(e, power, one));
    return hn::Sub(base, hn::Div(top, bottom));
}

template <class D, class V> HWY_INLINE V vector_tanh(D d, V x) {
    using T = hn::TFromD<D>;
    const V limit = hn::Set(d, sizeof(T) == 4 ? T(10) : T(22));  // tanh rounds to 1
    return hn::CopySign(tanh_of_positive(d, hn::Min(limit, hn::Abs(x))), x);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
