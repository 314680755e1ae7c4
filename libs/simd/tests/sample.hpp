// Values that loops are tested on, as raw elements of any dtype, and comparison of results.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/simd/loops.hpp"
#include "tessera/simd/targets.hpp"

namespace tessera::simd::testing {

// Memory for n elements of `size` bytes, `shift` elements into a block whose every other byte is a guard.
class buffer {
public:
    buffer(std::size_t n, std::size_t size, std::size_t shift = 0)
        : bytes_((n + shift) * size + 2 * guard, std::byte{0xa5}), start_(guard + shift * size), length_(n * size) {}

    std::byte* data() { return bytes_.data() + start_; }
    const std::byte* data() const { return bytes_.data() + start_; }
    template <class T> T* as() { return reinterpret_cast<T*>(data()); }
    template <class T> const T* as() const { return reinterpret_cast<const T*>(data()); }

    bool guards_intact() const {
        bool intact = true;
        for (std::size_t i = 0; i < bytes_.size(); ++i) {
            const bool inside = i >= start_ && i < start_ + length_;
            intact = intact && (inside || bytes_[i] == std::byte{0xa5});
        }
        return intact;
    }

private:
    static constexpr std::size_t guard = 64;
    std::vector<std::byte> bytes_;
    std::size_t start_, length_;
};

template <class R> R special_real(std::size_t i) {
    using limits = std::numeric_limits<R>;
    const R infinity = static_cast<R>(limits::has_infinity ? limits::infinity() : limits::max());
    const R values[] = {R(0.0F),
                        static_cast<R>(-R(0.0F)),
                        R(1.0F),
                        R(-1.0F),
                        R(0.5F),
                        R(-3.0F),
                        infinity,
                        static_cast<R>(-infinity),
                        limits::quiet_NaN(),
                        limits::max(),
                        limits::lowest(),
                        limits::min(),
                        limits::denorm_min()};
    return values[i % std::size(values)];
}

// Element i of a sequence of special values, moderate values and random bit patterns.
template <class T> T sample(std::size_t i, std::mt19937_64& random) {
    const std::uint64_t bits = random();
    if constexpr (std::is_same_v<T, bool>) {
        return (bits & 1) != 0;
    } else if constexpr (is_complex_type<T>) {
        using R = real_type<T>;
        return T(sample<R>(i, random), sample<R>(i % 4 == 0 ? i / 13 : i, random));
    } else if constexpr (std::is_integral_v<T>) {
        using limits = std::numeric_limits<T>;
        switch (i % 4) {
        case 0: return static_cast<T>(bits);
        case 1: return static_cast<T>(bits % 19 - 9);
        case 2: return static_cast<T>(bits % 2 ? limits::max() - static_cast<T>(bits % 3) : limits::min());
        default: return static_cast<T>(bits % (8 * sizeof(T) + 2));  // shift counts
        }
    } else {
        switch (i % 3) {
        case 0: return special_real<T>(i / 3);
        case 1: return cast_to<T>((static_cast<double>(bits >> 11) * 0x1p-53 - 0.5) * 20);
        default:
            T value;
            std::memcpy(&value, &bits, sizeof value);
            return value;
        }
    }
}

inline buffer sample_buffer(dtype d, std::size_t n, std::uint64_t seed, std::size_t shift = 0) {
    buffer result(n, item_size(d), shift);
    std::mt19937_64 random(seed);
    with_type(d, [&](auto tag) {
        using T = typename decltype(tag)::type;
        for (std::size_t i = 0; i < n; ++i) {
            const T value = sample<T>(i, random);
            std::memcpy(result.data() + i * sizeof(T), &value, sizeof value);
        }
    });
    return result;
}

template <class T> bool same_value(T a, T b) {
    if constexpr (is_complex_type<T>) {
        return same_value(a.real(), b.real()) && same_value(a.imag(), b.imag());
    } else {
        if (std::memcmp(&a, &b, sizeof a) == 0) return true;
        return a != a && b != b;  // any NaN equals any NaN
    }
}

// The first of n elements that differ, -1 when none does.
inline std::ptrdiff_t first_difference(dtype d, const void* a, const void* b, std::size_t n) {
    return with_type(d, [&](auto tag) -> std::ptrdiff_t {
        using T = typename decltype(tag)::type;
        for (std::size_t i = 0; i < n; ++i) {
            T x, y;
            std::memcpy(&x, static_cast<const std::byte*>(a) + i * sizeof(T), sizeof(T));
            std::memcpy(&y, static_cast<const std::byte*>(b) + i * sizeof(T), sizeof(T));
            if (!same_value(x, y)) return static_cast<std::ptrdiff_t>(i);
        }
        return -1;
    });
}

// Runs `body` with every target that this CPU runs forced in turn.
template <class Body> void for_each_target(const Body& body) {
    for (const std::string_view target : compiled_targets()) {
        force_target(target);
        body(target);
    }
    force_target("");
}

// |got - want| in units of the spacing of T at want.
template <class T> double ulps(T got, long double want) {
    const T rounded = static_cast<T>(want);
    if (std::isnan(rounded) || std::isnan(got)) {
        return std::isnan(rounded) && std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
    }
    constexpr T largest = std::numeric_limits<T>::max();
    const T magnitude = std::min(std::abs(rounded), largest);
    const T spacing = magnitude - std::nextafter(magnitude, T{0});
    const auto finite = [](T v) -> long double {
        return std::isinf(v) ? std::copysign(0x1p+1024L, v) : static_cast<long double>(v);
    };
    if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : std::numeric_limits<double>::infinity();
    if (magnitude < std::numeric_limits<T>::min()) {
        return static_cast<double>(std::abs(finite(got) - want) / std::numeric_limits<T>::denorm_min());
    }
    return static_cast<double>(std::abs(finite(got) - want) / static_cast<long double>(spacing));
}

}  // namespace tessera::simd::testing
