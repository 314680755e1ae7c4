// Deterministic inputs, the same in every worker (peers/worker.py holds the twin), so that answers can be compared.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// Uniform in [0, 1) with 24 bits, exact in float. A 32-bit integer hash of (i, seed).
inline float uniform(std::uint32_t i, std::uint32_t seed) {
    std::uint32_t x = i + seed * 0x9E3779B9u;
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    x ^= x >> 16;
    return static_cast<float>(x >> 8) * 0x1p-24f;
}

// n values uniform in [-scale, scale).
template <class T = float> std::vector<T> values(std::size_t n, std::uint32_t seed, float scale = 1.0f) {
    std::vector<T> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        out[i] = static_cast<T>(scale * (2.0f * uniform(static_cast<std::uint32_t>(i), seed) - 1.0f));
    }
    return out;
}

// n values uniform in [0, 1): sums of these are far from zero, so their answers compare well.
inline std::vector<float> fractions(std::size_t n, std::uint32_t seed) {
    std::vector<float> out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = uniform(static_cast<std::uint32_t>(i), seed);
    return out;
}

// n class numbers in [0, classes).
inline std::vector<std::int64_t> labels(std::size_t n, std::uint32_t seed, int classes) {
    std::vector<std::int64_t> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        out[i] = static_cast<std::int64_t>(uniform(static_cast<std::uint32_t>(i), seed) * static_cast<float>(classes));
    }
    return out;
}

// What a worker reports about a result: the mean magnitude, insensitive to summation order.
template <class T> double mean_magnitude(const T* data, std::size_t n) {
    double total = 0;
    for (std::size_t i = 0; i < n; ++i)
        total += data[i] < T{0} ? -static_cast<double>(data[i]) : static_cast<double>(data[i]);
    return total / static_cast<double>(n);
}

}  // namespace bench
