#include <array>
#include <cmath>

#include "case_topics.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/random.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {
namespace {

using words = std::array<std::uint32_t, 4>;

// Philox 4x32 as its paper states it (Salmon, Moraes, Dror, Shaw: Parallel random numbers, SC 2011).
words philox_block(words x, std::uint32_t k0, std::uint32_t k1, int rounds) {
    for (int i = 0; i < rounds; ++i, k0 += 0x9E3779B9U, k1 += 0xBB67AE85U) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * x[0], p1 = std::uint64_t{0xCD9E8D57U} * x[2];
        x = {static_cast<std::uint32_t>(p1 >> 32) ^ x[1] ^ k0, static_cast<std::uint32_t>(p1),
             static_cast<std::uint32_t>(p0 >> 32) ^ x[3] ^ k1, static_cast<std::uint32_t>(p0)};
    }
    return x;
}

std::uint32_t word_at(const host_tensor& t, std::int64_t i) { return element_at(t, i).as<std::uint32_t>(); }

// Word i of the stream of a key.
std::uint32_t stream_word(const host_tensor& key, std::int64_t i) {
    const words counter{static_cast<std::uint32_t>(i / 4), 0, word_at(key, 2), word_at(key, 3)};
    return philox_block(counter, word_at(key, 0), word_at(key, 1), 10)[static_cast<std::size_t>(i % 4)];
}

constexpr std::int64_t rows = 3, columns = 90;
constexpr double low = -1, high = 3, mean = 3, deviation = 2;

// 24 random bits of a word for elements of up to 4 bytes, 53 of two words for f64.
scalar_value uniform_element(const host_tensor& key, std::int64_t i, dtype t) {
    if (t == f64) {
        const std::uint64_t upper = stream_word(key, 2 * i) >> 5, lower = stream_word(key, 2 * i + 1) >> 6;
        return scalar_value(static_cast<double>(upper << 26 | lower) * 0x1p-53 * (high - low) + low);
    }
    // The largest value, 3 - 2^-22, must not round up to 3.
    const double value = static_cast<double>(stream_word(key, i) >> 8) * 0x1p-24 * (high - low) + low;
    const scalar_value rounded = scalar_value(static_cast<float>(value)).cast(t);
    const double step = 2 * epsilon(t) / 2;
    return rounded.as<double>() < high ? rounded : scalar_value(high - step).cast(t);
}

// The z with P(Z < -|z|) = p, by bisection; the sign is a bit of its own.
double normal_quantile(long double p) {
    long double least = 0, most = 40;
    for (int i = 0; i < 200; ++i) {
        const long double z = (least + most) / 2;
        (std::erfc(z / std::sqrt(2.0L)) / 2 > p ? least : most) = z;
    }
    return static_cast<double>(least);
}

double normal_element(const host_tensor& key, std::int64_t i, dtype t) {
    const std::uint32_t first = stream_word(key, t == f64 ? 2 * i : i);
    long double p = static_cast<long double>(first & 0x7FFFFFFFU) + 0.5L;
    if (t == f64) p = std::floor(p) * 0x1p31L + static_cast<long double>(stream_word(key, 2 * i + 1) >> 1) + 0.5L;
    const double z = normal_quantile(p * (t == f64 ? 0x1p-63L : 0x1p-32L));
    return first >> 31 == 1 ? -z : z;
}

std::vector<rejection> key_rejections(array (*draw)(const array& key)) {
    return {{.rule = "a key of another shape",
             .call = [draw] { (void)draw(zeros({3}, u32)); },
             .is_expected = throws<dtype_error>,
             .mentions = {"u32 (4,)", "u32 (3,)"}}};
}

op_case uniform_case(dtype t) {
    return {.op = "array.uniform",
            .variant = name(t),
            .call =
                [t](std::span<const array> in) {
                    return uniform(in[0], {rows, columns}, t, low, high);
                },
            .reference =
                [t](std::span<const host_tensor> in) {
                    expectation result{tensor(t, {rows, columns})};
                    for (std::int64_t i = 0; i < rows * columns; ++i)
                        set_element(result.value, i, uniform_element(in[0], i, t));
                    return result;
                },
            .shapes = {{{4}}},
            .dtypes = {{u32}},
            .rejects = key_rejections([](const array& key) { return uniform(key, {2}); }),
            .discrete = {0},
            .oracles = {"distribution"}};
}

// The distance from the mean has a relative error of a few ulp.
op_case normal_case(dtype t) {
    return {.op = "array.normal",
            .variant = name(t),
            .call =
                [t](std::span<const array> in) {
                    return normal(in[0], {rows, columns}, t, mean, deviation);
                },
            .reference =
                [t](std::span<const host_tensor> in) {
                    expectation result{tensor(t, {rows, columns})};
                    for (std::int64_t i = 0; i < rows * columns; ++i) {
                        const double moved = deviation * normal_element(in[0], i, t);
                        set_element(result.value, i, scalar_value(mean + moved).cast(t));
                        result.scale.push_back(mean + std::abs(moved));
                    }
                    return result;
                },
            .shapes = {{{4}}},
            .dtypes = {{u32}},
            .promises = accuracy::accumulation,
            .rejects = key_rejections([](const array& key) { return normal(key, {2}); }),
            .discrete = {0},
            .oracles = {"distribution"}};
}

op_case random_bits_case() {
    return {.op = "array.random_bits",
            .call =
                [](std::span<const array> in) {
                    return random_bits(in[0], {rows, columns});
                },
            .reference =
                [](std::span<const host_tensor> in) {
                    expectation result{tensor(u32, {rows, columns})};
                    for (std::int64_t i = 0; i < rows * columns; ++i)
                        set_element(result.value, i, scalar_value(stream_word(in[0], i)));
                    return result;
                },
            .shapes = {{{4}}},
            .dtypes = {{u32}},
            .rejects = key_rejections([](const array& key) { return random_bits(key, {2}); }),
            .discrete = {0}};
}

// Counters that no element reaches: their top bit is set.
op_case split_key_case() {
    return {.op = "array.split_key",
            .call = [](std::span<const array> in) { return split_key(in[0], 5); },
            .reference =
                [](std::span<const host_tensor> in) {
                    const host_tensor& key = in[0];
                    expectation result{tensor(u32, {5, 4})};
                    for (std::uint32_t i = 0; i < 5; ++i) {
                        const words made = philox_block({i, 0x80000000U, word_at(key, 2), word_at(key, 3)},
                                                        word_at(key, 0), word_at(key, 1), 10);
                        for (std::size_t j = 0; j < 4; ++j)
                            set_element(result.value, static_cast<std::int64_t>(4 * i + j), scalar_value(made[j]));
                    }
                    return result;
                },
            .shapes = {{{4}}},
            .dtypes = {{u32}},
            .rejects = key_rejections([](const array& key) { return split_key(key, 2); }),
            .discrete = {0}};
}

op_case philox_case(std::string_view variant, int rounds) {
    return {.op = "array.philox4x32",
            .variant = variant,
            .call = [rounds](std::span<const array> in) { return philox4x32(in[0], in[1], rounds); },
            .reference =
                [rounds](std::span<const host_tensor> in) {
                    const host_tensor &counters = in[0], &keys = in[1];
                    const std::int64_t blocks = count_of(counters.shape) / 4, listed = count_of(keys.shape) / 2;
                    expectation result{tensor(u32, counters.shape)};
                    for (std::int64_t b = 0; b < blocks; ++b) {
                        const std::int64_t k = b % listed;  // one key for all, or one for each
                        const words x{word_at(counters, 4 * b), word_at(counters, 4 * b + 1),
                                      word_at(counters, 4 * b + 2), word_at(counters, 4 * b + 3)};
                        const words y = philox_block(x, word_at(keys, 2 * k), word_at(keys, 2 * k + 1), rounds);
                        for (std::size_t j = 0; j < 4; ++j)
                            set_element(result.value, 4 * b + static_cast<std::int64_t>(j), scalar_value(y[j]));
                    }
                    return result;
                },
            .shapes = {{{3, 4}, {2}}, {{4}, {2}}, {{5, 4}, {5, 2}}, {{2, 3, 4}, {3, 2}}, {{0, 4}, {2}}},
            .dtypes = {{u32, u32}},
            .rejects = {{.rule = "words that do not make blocks",
                         .shapes = {{3}, {2}},
                         .is_expected = throws<shape_error>,
                         .mentions = {"(3,)", "(2,)"}}},
            .oracles = {"philox4x32"}};
}

}  // namespace

void register_random_cases(case_table& table) {
    for (const dtype t : {f32, f64, f16, bf16}) {
        table.add(uniform_case(t));
        table.add(normal_case(t));
    }
    table.add(random_bits_case());
    table.add(split_key_case());
    table.add(philox_case("", 10));
    table.add(philox_case("seven_rounds", 7));
}

}  // namespace tessera::testing
