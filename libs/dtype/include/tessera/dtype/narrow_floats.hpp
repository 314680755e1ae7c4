// The floating types narrower than 32 bits: float16, bfloat16, float8_e4m3 and float8_e5m2 (OCP OFP8).
// Storage types: they convert to float implicitly and exactly, so arithmetic on them is float arithmetic, and are made
// from numbers explicitly, with one rounding, half to even, whatever the source (also double and 64-bit integers).
//     float16 h(0.1);  float y = h * 2;  float16 z(y);
// float8_e4m3 is the "fn" kind: no infinity, 0x7f and 0xff are NaN, the largest finite value is 448.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "tessera/interop/dtype.hpp"

namespace tessera {

// What becomes of a value beyond the largest finite one after rounding, infinities included. NaN stays NaN.
enum class overflow : std::uint8_t {
    ieee,     // infinity; NaN where the format has no infinity
    saturate  // the largest finite value of that sign
};

namespace detail {

template <dtype D> struct narrow_format;  // exponent bits, stored mantissa bits; the bias is 2^(exponent_bits - 1) - 1
template <> struct narrow_format<f16> { static constexpr int exponent_bits = 5, mantissa_bits = 10; };
template <> struct narrow_format<bf16> { static constexpr int exponent_bits = 8, mantissa_bits = 7; };
template <> struct narrow_format<f8e5m2> { static constexpr int exponent_bits = 5, mantissa_bits = 2; };
template <> struct narrow_format<f8e4m3> { static constexpr int exponent_bits = 4, mantissa_bits = 3; };

template <class Float> struct wide_format;
template <> struct wide_format<float> {
    using bits = std::uint32_t;
    static constexpr int mantissa_bits = 23, bias = 127;
};
template <> struct wide_format<double> {
    using bits = std::uint64_t;
    static constexpr int mantissa_bits = 52, bias = 1023;
};

template <class Float> constexpr Float power_of_two(int exponent) {  // of a normal number
    using wide = wide_format<Float>;
    return std::bit_cast<Float>(static_cast<typename wide::bits>(exponent + wide::bias) << wide::mantissa_bits);
}

// condition ? a : b in bit arithmetic: GCC turns the conditional operator into a branch when a float operation may move
// into it, and then does not vectorise the loop.
template <std::unsigned_integral Word> [[gnu::always_inline]] constexpr Word pick(bool condition, Word a, Word b) {
    const Word mask = Word{0} - static_cast<Word>(condition);
    return static_cast<Word>((a & mask) | (b & ~mask));
}

template <dtype D> struct narrow_codec : narrow_format<D> {
    using format = narrow_format<D>;
    using format::exponent_bits, format::mantissa_bits;
    using bits = std::conditional_t<exponent_bits + mantissa_bits == 7, std::uint8_t, std::uint16_t>;

    static constexpr bool has_infinity = D != f8e4m3;
    static constexpr int bias = (1 << (exponent_bits - 1)) - 1;
    static constexpr std::uint32_t magnitude_mask = (1U << (exponent_bits + mantissa_bits)) - 1;
    static constexpr std::uint32_t exponent_mask = ((1U << exponent_bits) - 1) << mantissa_bits;
    static constexpr std::uint32_t largest = (has_infinity ? exponent_mask : magnitude_mask) - 1;
    static constexpr std::uint32_t beyond = largest + 1;  // infinity, or the NaN that stands in for it
    static constexpr std::uint32_t quiet_nan =
        has_infinity ? exponent_mask | (1U << (mantissa_bits - 1)) : magnitude_mask;
    static constexpr std::uint32_t smallest_normal = 1U << mantissa_bits;
    static constexpr int smallest_exponent = 1 - bias - mantissa_bits;  // of the smallest subnormal

    template <class Float> [[gnu::always_inline]] static constexpr bits encode(Float value, overflow policy) {
        using wide = wide_format<Float>;
        using word = typename wide::bits;
        constexpr int shift = wide::mantissa_bits - mantissa_bits;
        constexpr int width = static_cast<int>(8 * sizeof(word));
        constexpr word infinity = std::bit_cast<word>(std::numeric_limits<Float>::infinity());
        constexpr word rebias = static_cast<word>(wide::bias - bias) << wide::mantissa_bits;
        constexpr word half_below = (word{1} << (shift - 1)) - 1;

        const word pattern = std::bit_cast<word>(value);
        const word magnitude = pattern & ~(word{1} << (width - 1));
        const word odd = (magnitude >> shift) & 1;
        word result = (magnitude - rebias + half_below + odd) >> shift;
        if constexpr (rebias != 0) {
            // One unit in the last place of magic is the smallest subnormal: the addition does the rounding.
            constexpr Float magic = power_of_two<Float>(smallest_exponent + wide::mantissa_bits);
            constexpr word first_normal = std::bit_cast<word>(power_of_two<Float>(1 - bias));
            const word subnormal =
                std::bit_cast<word>(std::bit_cast<Float>(magnitude) + magic) - std::bit_cast<word>(magic);
            result = pick(magnitude < first_normal, subnormal, result);
        }
        const word over = policy == overflow::saturate ? largest : beyond;
        result = pick(result > largest, over, result);
        const word nan = has_infinity ? quiet_nan | ((magnitude >> shift) & (smallest_normal - 1)) : quiet_nan;
        result = pick(magnitude > infinity, nan, result);
        constexpr int sign_shift = width - static_cast<int>(8 * sizeof(bits));
        return static_cast<bits>(result | ((pattern ^ magnitude) >> sign_shift));
    }

    [[gnu::always_inline]] static constexpr float decode(bits stored) {
        constexpr int shift = 23 - mantissa_bits;
        const std::uint32_t magnitude = stored & magnitude_mask;
        const std::uint32_t sign = static_cast<std::uint32_t>(stored ^ magnitude)
                                   << (32 - static_cast<int>(8 * sizeof(bits)));
        std::uint32_t result = magnitude << shift;
        if constexpr (bias != 127) {
            const float subnormal =
                static_cast<float>(static_cast<std::int32_t>(magnitude)) * power_of_two<float>(smallest_exponent);
            const std::uint32_t normal = result + (static_cast<std::uint32_t>(127 - bias) << 23);
            const std::uint32_t special = has_infinity ? result | 0x7f800000U : 0x7fc00000U;
            result = pick(magnitude < smallest_normal, std::bit_cast<std::uint32_t>(subnormal), normal);
            result = pick(magnitude > largest, special, result);
        }
        return std::bit_cast<float>(result | sign);
    }
};

// A float or double that rounds to every narrow format as the integer itself would: above 2^53 the bits that double
// cannot hold are folded into one sticky bit.
template <std::integral Integer> constexpr auto rounding_equivalent(Integer value) {
    if constexpr (sizeof(Integer) <= 2) {
        return static_cast<float>(value);
    } else if constexpr (sizeof(Integer) == 4) {
        return static_cast<double>(value);
    } else {
        const bool below_zero = value < 0;
        const auto bits = static_cast<std::uint64_t>(value);
        const std::uint64_t magnitude = below_zero ? 0 - bits : bits;
        const std::uint64_t sticky = (magnitude & 0x7ffU) != 0 ? 0x800U : 0U;
        const std::uint64_t kept = (magnitude >> 53) != 0 ? (magnitude & ~std::uint64_t{0x7ff}) | sticky : magnitude;
        const auto exact = static_cast<double>(kept);
        return below_zero ? -exact : exact;
    }
}

}  // namespace detail

template <dtype D> struct narrow_float {
    using codec = detail::narrow_codec<D>;
    typename codec::bits bits;

    constexpr narrow_float() = default;
    constexpr explicit narrow_float(float value, overflow policy = overflow::ieee)
        : bits(codec::encode(value, policy)) {}
    constexpr explicit narrow_float(double value, overflow policy = overflow::ieee)
        : bits(codec::encode(value, policy)) {}
    template <std::integral Integer>
    constexpr explicit narrow_float(Integer value, overflow policy = overflow::ieee)
        : bits(codec::encode(detail::rounding_equivalent(value), policy)) {}

    static constexpr narrow_float from_bits(typename codec::bits pattern) {
        narrow_float result{};
        result.bits = pattern;
        return result;
    }

    constexpr operator float() const { return codec::decode(bits); }
};

using float16 = narrow_float<f16>;
using bfloat16 = narrow_float<bf16>;
using float8_e4m3 = narrow_float<f8e4m3>;
using float8_e5m2 = narrow_float<f8e5m2>;

template <dtype D> struct dtype_of_type<narrow_float<D>> { static constexpr dtype value = D; };

template <class T> inline constexpr bool is_narrow_float_type = false;
template <dtype D> inline constexpr bool is_narrow_float_type<narrow_float<D>> = true;

}  // namespace tessera

template <tessera::dtype D> class std::numeric_limits<tessera::narrow_float<D>> {
    using value_type = tessera::narrow_float<D>;
    using codec = tessera::detail::narrow_codec<D>;
    static constexpr value_type pattern(std::uint32_t bits) {
        return value_type::from_bits(static_cast<typename codec::bits>(bits));
    }
    static constexpr int floor_log10_of_power(int exponent) {  // floor(exponent * log10(2))
        const int scaled = exponent * 30103;
        return scaled >= 0 ? scaled / 100000 : -((-scaled + 99999) / 100000);
    }

public:
    static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false;
    static constexpr bool has_infinity = codec::has_infinity, has_quiet_NaN = true;
    static constexpr bool has_signaling_NaN = false, has_denorm_loss = false, traps = false, tinyness_before = false;
    static constexpr bool is_iec559 = codec::has_infinity, is_bounded = true, is_modulo = false;
    static constexpr std::float_denorm_style has_denorm = std::denorm_present;
    static constexpr std::float_round_style round_style = std::round_to_nearest;
    static constexpr int radix = 2;
    static constexpr int digits = codec::mantissa_bits + 1;
    static constexpr int digits10 = floor_log10_of_power(digits - 1);
    static constexpr int max_digits10 = floor_log10_of_power(digits) + 2;
    static constexpr int min_exponent = 2 - codec::bias;
    static constexpr int min_exponent10 = floor_log10_of_power(min_exponent - 1) + 1;
    // The top exponent of a format without infinity holds finite values too.
    static constexpr int max_exponent = codec::bias + (codec::has_infinity ? 1 : 2);
    static constexpr int max_exponent10 = floor_log10_of_power(max_exponent);

    static constexpr value_type min() noexcept { return pattern(codec::smallest_normal); }
    static constexpr value_type max() noexcept { return pattern(codec::largest); }
    static constexpr value_type lowest() noexcept { return pattern(codec::largest + codec::magnitude_mask + 1); }
    static constexpr value_type denorm_min() noexcept { return pattern(1); }
    static constexpr value_type epsilon() noexcept {
        return value_type(tessera::detail::power_of_two<float>(-codec::mantissa_bits));
    }
    static constexpr value_type round_error() noexcept { return value_type(0.5F); }
    static constexpr value_type infinity() noexcept { return pattern(has_infinity ? codec::beyond : 0); }
    static constexpr value_type quiet_NaN() noexcept { return pattern(codec::quiet_nan); }
    static constexpr value_type signaling_NaN() noexcept { return quiet_NaN(); }
};
