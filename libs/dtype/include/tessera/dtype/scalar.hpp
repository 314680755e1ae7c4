// The exact meaning of every scalar code on one element; the loops of simd and the kernels of every device give these
// bits (NaN payloads excepted).
//     evaluate<scalar_code::add>(a, b)     evaluate<scalar_code::select>(condition, a, b)     casts: cast.hpp
// - Integers wrap modulo 2^bits. Division truncates; x / 0 is 0 and MIN / -1 is MIN.
// - Narrow floats compute in float and round once.
// - maximum and minimum give the first NaN among (a, b), and a when a == b (so the sign of zero is a's).
// - Shifts by the width or more, or by a negative count, push every bit out: 0, or -1 right of a negative number.
// - floor_divide and remainder round to minus infinity (remainder has b's sign), fmod to zero; their remainder by an
//   integer 0 is 0. Floats of them as Python: a = floor_divide(a, b) b + remainder(a, b) within rounding.
// - round goes to the even neighbour of a tie. An integer's negative power is its value truncated; that of 0 is 0.
// - fmax and fmin ignore a NaN beside a number, else are maximum and minimum. nextafter steps in its own dtype.
// - sign(0) is +0 and sign(NaN) is NaN; complex z gives z / |z|.
// - Booleans: + is or, * is and. Comparisons of complex numbers: equal and not_equal only.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "tessera/dtype/complex_math.hpp"
#include "tessera/dtype/scalar_code.hpp"
#include "tessera/dtype/scalar_rules.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera {

namespace detail {

template <class T> inline constexpr bool is_wrapping_integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;

// An unsigned type that integer arithmetic cannot promote to a signed one, whose overflow would be undefined.
template <class T> using modular = std::common_type_t<std::make_unsigned_t<T>, unsigned>;

template <class T> [[gnu::always_inline]] constexpr bool is_true(T a) {
    if constexpr (is_complex_type<T>) {
        return a.real() != 0 || a.imag() != 0;
    } else {
        return a != T{0};
    }
}

template <scalar_code C, class R> [[gnu::always_inline]] constexpr bool classify(R a) {
    if constexpr (!std::is_floating_point_v<R>) {
        return C == scalar_code::isfinite;
    } else if constexpr (C == scalar_code::isnan) {
        return a != a;
    } else if constexpr (C == scalar_code::isinf) {
        return std::abs(a) == std::numeric_limits<R>::infinity();
    } else {
        return std::abs(a) < std::numeric_limits<R>::infinity();
    }
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr auto evaluate_complex(T z) {
    using enum scalar_code;
    using R = real_type<T>;
    if constexpr (C == positive) {
        return z;
    } else if constexpr (C == negative) {
        return T(-z.real(), -z.imag());
    } else if constexpr (C == scalar_code::abs) {
        return complex_abs(z);
    } else if constexpr (C == sign) {
        return complex_sign(z);
    } else if constexpr (C == square) {
        return complex_multiply(z, z);
    } else if constexpr (C == reciprocal) {
        return complex_divide(T(R{1}, R{0}), z);
    } else if constexpr (C == scalar_code::sqrt) {
        return complex_sqrt(z);
    } else if constexpr (C == scalar_code::conj) {
        return T(z.real(), -z.imag());
    } else if constexpr (C == scalar_code::real) {
        return z.real();
    } else if constexpr (C == scalar_code::imag) {
        return z.imag();
    } else if constexpr (C == scalar_code::isfinite) {
        return classify<C>(z.real()) && classify<C>(z.imag());
    } else if constexpr (C == logical_not) {
        return !is_true(z);
    } else {
        return classify<C>(z.real()) || classify<C>(z.imag());
    }
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr T to_whole(T a) {
    if constexpr (!std::is_floating_point_v<T>) {
        return a;
    } else if constexpr (C == scalar_code::floor) {
        return std::floor(a);
    } else if constexpr (C == scalar_code::ceil) {
        return std::ceil(a);
    } else if constexpr (C == scalar_code::trunc) {
        return std::trunc(a);
    } else {
        return std::nearbyint(a);
    }
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr auto evaluate_real(T a) {
    using enum scalar_code;
    if constexpr (C == positive || C == scalar_code::conj || C == scalar_code::real) {
        return a;
    } else if constexpr (C == scalar_code::imag) {
        return T{0};
    } else if constexpr (C == negative) {
        if constexpr (is_wrapping_integer<T>) {
            return static_cast<T>(modular<T>{0} - static_cast<modular<T>>(a));
        } else {
            return -a;
        }
    } else if constexpr (C == scalar_code::abs) {
        if constexpr (std::is_floating_point_v<T>) {
            return std::abs(a);
        } else if constexpr (std::is_signed_v<T>) {
            return a < 0 ? evaluate_real<negative>(a) : a;
        } else {
            return a;
        }
    } else if constexpr (C == sign) {
        const T unit = static_cast<T>(static_cast<T>(a > T{0}) - static_cast<T>(a < T{0}));
        return a == a ? unit : a;
    } else if constexpr (C == square) {
        if constexpr (is_wrapping_integer<T>) {
            return static_cast<T>(static_cast<modular<T>>(a) * static_cast<modular<T>>(a));
        } else {
            return a * a;
        }
    } else if constexpr (C == reciprocal) {
        return T{1} / a;
    } else if constexpr (C == scalar_code::sqrt) {
        return std::sqrt(a);
    } else if constexpr (C == scalar_code::rsqrt) {
        return T{1} / std::sqrt(a);
    } else if constexpr (C == scalar_code::signbit) {
        // GCC 12 cannot compile a vector loop over std::signbit without SSE4.1.
        using word = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
        return std::bit_cast<word>(a) < 0;
    } else if constexpr (C == scalar_code::floor || C == scalar_code::ceil || C == scalar_code::trunc ||
                         C == scalar_code::round) {
        return to_whole<C>(a);
    } else if constexpr (C == logical_not) {
        return !is_true(a);
    } else if constexpr (C == bitwise_not) {
        if constexpr (std::is_same_v<T, bool>) {
            return !a;
        } else {
            return static_cast<T>(~a);
        }
    } else {
        return classify<C>(a);
    }
}

template <class T> [[gnu::always_inline]] constexpr T divide_integers(T a, T b) {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
        if (b == -1) return evaluate_real<scalar_code::negative>(a);
    }
    return static_cast<T>(a / b);
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr T shift(T a, T count) {
    constexpr auto width = static_cast<std::make_unsigned_t<T>>(8 * sizeof(T));
    const auto steps = static_cast<std::make_unsigned_t<T>>(count);  // a negative count becomes a huge one
    if constexpr (C == scalar_code::left_shift) {
        return steps < width ? static_cast<T>(static_cast<modular<T>>(a) << steps) : T{0};
    } else if constexpr (std::is_signed_v<T>) {
        return static_cast<T>(a >> (steps < width ? steps : width - 1));
    } else {
        return steps < width ? static_cast<T>(a >> steps) : T{0};
    }
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr T arithmetic(T a, T b) {
    using enum scalar_code;
    if constexpr (std::is_same_v<T, bool>) {
        return C == add ? a || b : a && b;
    } else if constexpr (is_wrapping_integer<T>) {
        const auto x = static_cast<modular<T>>(a), y = static_cast<modular<T>>(b);
        if constexpr (C == divide) {
            return divide_integers(a, b);
        } else {
            return static_cast<T>(C == add ? x + y : C == subtract ? x - y : x * y);
        }
    } else if constexpr (C == add) {
        return a + b;
    } else if constexpr (C == subtract) {
        return a - b;
    } else if constexpr (is_complex_type<T>) {
        return C == multiply ? complex_multiply(a, b) : complex_divide(a, b);
    } else if constexpr (C == multiply) {
        return a * b;
    } else {
        return a / b;
    }
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr bool compare(T a, T b) {
    using enum scalar_code;
    if constexpr (C == equal) {
        return a == b;
    } else if constexpr (C == not_equal) {
        return !(a == b);
    } else if constexpr (C == less) {
        return a < b;
    } else if constexpr (C == less_equal) {
        return a <= b;
    } else if constexpr (C == greater) {
        return a > b;
    } else {
        return a >= b;
    }
}

// floor_divide, remainder and fmod.
template <scalar_code C, class T> constexpr T divide_with_remainder(T a, T b) {
    using enum scalar_code;
    if constexpr (std::is_floating_point_v<T>) {
        T rest = std::fmod(a, b);
        if (C == scalar_code::fmod || b == 0) return C == floor_divide ? a / b : rest;
        const bool opposite = rest != 0 && (b < 0) != (rest < 0);
        if constexpr (C == scalar_code::remainder) {
            return rest == 0 ? std::copysign(T{0}, b) : opposite ? rest + b : rest;
        } else {
            const T quotient = (a - rest) / b - (opposite ? T{1} : T{0});  // whole but for rounding
            if (quotient == 0) return std::copysign(T{0}, a / b);
            const T whole = std::floor(quotient);
            return quotient - whole > T{0.5} ? whole + 1 : whole;
        }
    } else {
        const T quotient = divide_integers(a, b);
        const T rest = b == 0 ? T{0} : arithmetic<subtract>(a, arithmetic<multiply>(quotient, b));
        const bool opposite = rest != 0 && (b < 0) != (rest < 0);
        if constexpr (C == floor_divide) {
            return static_cast<T>(quotient - static_cast<T>(opposite));
        } else {
            return C == scalar_code::remainder && opposite ? static_cast<T>(rest + b) : rest;
        }
    }
}

// Modulo 2^bits.
template <class T> constexpr T integer_power(T base, T exponent) {
    if constexpr (std::is_signed_v<T>) {
        if (exponent < 0) return base == 1 ? T{1} : base == -1 ? (exponent % 2 == 0 ? T{1} : T{-1}) : T{0};
    }
    T result{1};
    for (; exponent != 0; exponent = static_cast<T>(exponent / 2)) {
        if (exponent % 2 != 0) result = arithmetic<scalar_code::multiply>(result, base);
        base = arithmetic<scalar_code::multiply>(base, base);
    }
    return result;
}

// The neighbour of a in the direction of b, of floats stored as sign and magnitude.
template <class T> constexpr T narrow_neighbour(T a, T b) {
    const float from = static_cast<float>(a), to = static_cast<float>(b);
    if (from != from || to != to) return T(from + to);
    if (from == to) return b;
    using bits = decltype(a.bits);
    constexpr auto sign = static_cast<bits>(bits{1} << (8 * sizeof(bits) - 1));
    if (from == 0) return T::from_bits(static_cast<bits>(to < 0 ? sign | 1 : 1));
    const bool grows = (from < to) == (from > 0);
    return T::from_bits(static_cast<bits>(grows ? a.bits + 1 : a.bits - 1));
}

template <scalar_code C, class T> [[gnu::always_inline]] constexpr auto evaluate_two(T a, T b) {
    using enum scalar_code;
    if constexpr (C == floor_divide || C == scalar_code::remainder || C == scalar_code::fmod) {
        return divide_with_remainder<C>(a, b);
    } else if constexpr (C == scalar_code::pow) {
        return integer_power(a, b);
    } else if constexpr (C == scalar_code::fmax) {
        return a >= b || b != b ? a : b;
    } else if constexpr (C == scalar_code::fmin) {
        return a <= b || b != b ? a : b;
    } else if constexpr (C == scalar_code::copysign) {
        return std::copysign(a, b);
    } else if constexpr (C == scalar_code::nextafter) {
        return std::nextafter(a, b);
    } else if constexpr (C == add || C == subtract || C == multiply || C == divide) {
        return arithmetic<C>(a, b);
    } else if constexpr (C == maximum) {
        return a >= b || a != a ? a : b;
    } else if constexpr (C == minimum) {
        return a <= b || a != a ? a : b;
    } else if constexpr (C == logical_and) {
        return is_true(a) && is_true(b);
    } else if constexpr (C == logical_or) {
        return is_true(a) || is_true(b);
    } else if constexpr (C == logical_xor) {
        return is_true(a) != is_true(b);
    } else if constexpr (C == bitwise_and) {
        return static_cast<T>(a & b);
    } else if constexpr (C == bitwise_or) {
        return static_cast<T>(a | b);
    } else if constexpr (C == bitwise_xor) {
        return static_cast<T>(a ^ b);
    } else if constexpr (C == left_shift || C == right_shift) {
        return shift<C>(a, b);
    } else {
        return compare<C>(a, b);
    }
}

// A result computed in float back in the narrow type; booleans stay.
template <class T, class Computed> [[gnu::always_inline]] constexpr auto rounded_to(Computed value) {
    if constexpr (is_narrow_float_type<T> && std::is_same_v<Computed, float>) {
        return T(value);
    } else {
        return value;
    }
}

}  // namespace detail

template <scalar_code C, element T> [[gnu::always_inline]] constexpr auto evaluate(T a) {
    static_assert(traits(C).operands == 1 && C != scalar_code::cast, "a code of one operand; cast_to casts");
    static_assert(takes(C, dtype_of<T>), "the code is not defined on this dtype");
    static_assert(!is_transcendental(C, dtype_of<T>), "transcendental functions live in tessera/simd");
    if constexpr (is_complex_type<T>) {
        return detail::evaluate_complex<C>(a);
    } else {
        return detail::rounded_to<T>(detail::evaluate_real<C>(static_cast<compute_type<T>>(a)));
    }
}

template <scalar_code C, element T> [[gnu::always_inline]] constexpr auto evaluate(T a, T b) {
    static_assert(traits(C).operands == 2, "a code of two operands");
    static_assert(!is_transcendental(C, dtype_of<T>), "transcendental functions live in tessera/simd");
    static_assert(takes(C, dtype_of<T>), "the code is not defined on this dtype");
    if constexpr (C == scalar_code::nextafter && is_narrow_float_type<T>) {
        return detail::narrow_neighbour(a, b);
    } else {
        return detail::rounded_to<T>(
            detail::evaluate_two<C>(static_cast<compute_type<T>>(a), static_cast<compute_type<T>>(b)));
    }
}

template <scalar_code C, element T> [[gnu::always_inline]] constexpr T evaluate(bool condition, T a, T b) {
    static_assert(C == scalar_code::select, "a code of three operands");
    return condition ? a : b;
}

}  // namespace tessera
