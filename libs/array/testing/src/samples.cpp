#include "tessera/testing/samples.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "tessera/dtype/types.hpp"

namespace tessera::testing {
namespace {

template <class R> R special_real(std::uint64_t i, special with) {
    using limits = std::numeric_limits<R>;
    const R infinity = limits::has_infinity ? limits::infinity() : limits::quiet_NaN();
    const R non_finite[] = {R(0.0F), static_cast<R>(-R(0.0F)), infinity, static_cast<R>(-infinity),
                            limits::quiet_NaN()};
    const R finite[] = {R(1.0F), R(-1.0F), limits::max(), limits::lowest(), limits::min(), limits::denorm_min()};
    constexpr std::size_t first = std::size(non_finite), all = first + std::size(finite);
    i %= with == special::numbers ? all : first;
    return i < first ? non_finite[i] : finite[i - first];
}

template <class T> T special_value(std::uint64_t i, special with, std::mt19937_64& random) {
    const std::uint64_t bits = random();
    if constexpr (std::is_same_v<T, bool>) {
        return (bits & 1U) != 0;
    } else if constexpr (is_complex_type<T>) {
        using R = real_type<T>;
        return T(special_real<R>(i, with), special_real<R>(bits, with));
    } else if constexpr (std::is_integral_v<T>) {
        using limits = std::numeric_limits<T>;
        return i % 3 == 0 ? limits::min() : i % 3 == 1 ? limits::max() : static_cast<T>(bits);
    } else {
        return special_real<T>(i, with);
    }
}

// Not std::uniform_real_distribution, whose values differ between standard libraries.
double between(double low, double high, std::mt19937_64& random) {
    return low + static_cast<double>(random() >> 11) * 0x1p-53 * (high - low);
}

double number_in(interval from, std::mt19937_64& random) {
    double value = between(from.low, from.high, random);
    while (std::abs(value) < from.gap) value = between(from.low, from.high, random);
    return value;
}

template <class T> T ordinary_value(interval from, std::mt19937_64& random) {
    if constexpr (std::is_same_v<T, bool>) {
        return (random() & 1U) != 0;
    } else if constexpr (is_complex_type<T>) {
        const double real = number_in(from, random);
        return cast_to<T>(std::complex<double>(real, number_in(from, random)));
    } else if constexpr (std::is_integral_v<T>) {
        using limits = std::numeric_limits<T>;
        const double low = std::max(std::ceil(from.low), static_cast<double>(limits::min()));
        const double high = std::max(low, std::floor(std::min(from.high, static_cast<double>(limits::max()))));
        T value = 0;
        do value = static_cast<T>(low + static_cast<double>(random() % static_cast<std::uint64_t>(high - low + 1)));
        while (std::abs(static_cast<double>(value)) < from.gap);
        return value;
    } else {
        return cast_to<T>(number_in(from, random));
    }
}

}  // namespace

host_tensor sample(dtype t, const sizes& shape, interval from, std::uint64_t seed, special with) {
    host_tensor result = tensor(t, shape);
    std::mt19937_64 random(seed);
    with_type(t, [&](auto tag) {
        using T = typename decltype(tag)::type;
        const std::uint64_t phase = random();
        const std::size_t count = result.size();
        for (std::size_t i = 0; i < count; ++i) {
            const bool is_special = with != special::none && i % 3 == 0;
            const T value =
                is_special ? special_value<T>(phase + i / 3, with, random) : ordinary_value<T>(from, random);
            std::memcpy(result.bytes.data() + i * sizeof(T), &value, sizeof(T));
        }
    });
    return result;
}

}  // namespace tessera::testing
