// One element of one type as another: the meaning of scalar_code::cast, on every device.
#pragma once

#include <algorithm>
#include <complex>
#include <limits>
#include <type_traits>

#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera {

namespace detail {

// Toward zero; NaN gives 0, and what lies beyond the integer's range its nearest end.
template <class Integer, class Float> [[gnu::always_inline]] constexpr Integer truncate_to(Float value) {
    using limits = std::numeric_limits<Integer>;
    // 2^digits is exact in every Float, unlike the largest integer itself.
    constexpr Float end = power_of_two<Float>(limits::digits);
    constexpr Float below = limits::is_signed ? -end : Float{0};
    if (!(value == value)) return 0;
    if (value >= end) return limits::max();
    if (value <= below) return limits::min();
    return static_cast<Integer>(value);
}

}  // namespace detail

// value as a To.
//   to bool           != 0, so NaN is true
//   integer, integer  modulo 2^bits
//   float to integer  toward zero; NaN gives 0, values out of range the nearest end of the range
//   to a float        one rounding, half to even; beyond the largest finite value by the policy
//   complex to real   the real part; real to complex: imaginary part +0
// The policy is asked for narrow floats from another type and for double to float.
template <class To, class From>
[[gnu::always_inline]] constexpr To cast_to(From value, [[maybe_unused]] overflow policy = overflow::ieee) {
    if constexpr (std::is_same_v<To, From>) {
        return value;
    } else if constexpr (is_complex_type<To>) {
        using R = real_type<To>;
        if constexpr (is_complex_type<From>) {
            return {cast_to<R>(value.real(), policy), cast_to<R>(value.imag(), policy)};
        } else {
            return {cast_to<R>(value, policy), R{0}};
        }
    } else if constexpr (std::is_same_v<To, bool>) {
        if constexpr (is_complex_type<From>) {
            return value.real() != 0 || value.imag() != 0;
        } else {
            return static_cast<compute_type<From>>(value) != compute_type<From>(0);
        }
    } else if constexpr (is_complex_type<From>) {
        return cast_to<To>(value.real(), policy);
    } else if constexpr (is_narrow_float_type<From>) {
        return cast_to<To>(static_cast<float>(value), policy);
    } else if constexpr (is_narrow_float_type<To>) {
        return To(value, policy);
    } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
        return detail::truncate_to<To>(value);
    } else if constexpr (std::is_same_v<To, float> && std::is_same_v<From, double>) {
        if (policy == overflow::saturate && value == value) {
            constexpr double largest = std::numeric_limits<float>::max();
            return static_cast<float>(std::clamp(value, -largest, largest));
        }
        return static_cast<float>(value);
    } else {
        return static_cast<To>(value);
    }
}

}  // namespace tessera
