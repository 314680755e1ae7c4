#include "tessera/array/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "expect_throws.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/array/views.hpp"
#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using words = std::vector<std::uint32_t>;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// The greatest distance between the values' empirical distribution function and the exact one.
template <class Cdf> double distance(std::vector<double> values, const Cdf& cdf) {
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double most = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double exact = cdf(values[i]);
        most = std::max(
            {most, std::abs(static_cast<double>(i) / n - exact), std::abs(static_cast<double>(i + 1) / n - exact)});
    }
    return most;
}

// Known answers of the Random123 distribution, file kat_vectors.
TEST(philox4x32, gives_the_published_words) {
    const array zero = zeros({4}, u32), ones = full({4}, 0xFFFFFFFFU, u32);
    EXPECT_EQ(philox4x32(zero, zeros({2}, u32)).to_vector<std::uint32_t>(),
              (words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox4x32(ones, full({2}, 0xFFFFFFFFU, u32)).to_vector<std::uint32_t>(),
              (words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox4x32(zero, zeros({2}, u32), 7).to_vector<std::uint32_t>(),
              (words{0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48}));
}

TEST(philox4x32, broadcasts_leading_axes) {
    const array counters = astype(reshape(arange(24), {3, 2, 4}), u32), key = array{std::uint32_t{7}, std::uint32_t{9}};
    const array y = philox4x32(counters, key);
    ASSERT_EQ(y.shape(), (dims{3, 2, 4}));
    EXPECT_EQ(slice(y, {2, 1}).to_vector<std::uint32_t>(),
              philox4x32(slice(counters, {2, 1}), key).to_vector<std::uint32_t>());
    EXPECT_EQ(flip(philox4x32(flip(counters, 0), key), 0).to_vector<std::uint32_t>(), y.to_vector<std::uint32_t>());
}

TEST(philox4x32, refuses_other_shapes_and_dtypes) {
    expect_throws<shape_error>([] { philox4x32(zeros({3}, u32), zeros({2}, u32)); }, "got (3,) and (2,)");
    expect_throws<dtype_error>([] { philox4x32(zeros({4}, i32), zeros({2}, u32)); }, "takes u32, got i32");
    expect_throws<value_error>([] { philox4x32(zeros({4}, u32), zeros({2}, u32), -1); }, "got -1");
}

TEST(random_bits, are_the_words_of_counted_blocks) {
    const array key = array{1U, 2U, 3U, 4U};
    const auto bits = random_bits(key, {10}).to_vector<std::uint32_t>();
    const array block_2 = philox4x32(array{2U, 0U, 3U, 4U}, array{1U, 2U});
    EXPECT_EQ((words{bits[8], bits[9]}), slice(block_2, {range(0, 2)}).to_vector<std::uint32_t>());
}

TEST(uniform, of_a_prefix_is_the_prefix) {
    const array key = random_key(5);
    for (const dtype t : {f16, bf16, f32, f64}) {
        const auto all = uniform(key, {10000}, t).to_vector<double>();
        const auto few = uniform(key, {7, 11}, t).to_vector<double>();
        EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin())) << name(t);
    }
}

TEST(uniform, has_the_same_bits_on_any_number_of_threads) {
    const array key = random_key(6);
    const int before = threads();
    for (const dtype t : {f16, f32, f64}) {
        set_threads(1);
        const auto uniform_alone = uniform(key, {1234567}, t).to_vector<double>();
        const auto normal_alone = normal(key, {1234567}, t).to_vector<double>();
        set_threads(4);
        EXPECT_EQ(uniform(key, {1234567}, t).to_vector<double>(), uniform_alone);
        EXPECT_EQ(normal(key, {1234567}, t).to_vector<double>(), normal_alone);
    }
    set_threads(before);
}

TEST(uniform, has_ends_that_the_dtype_holds) {
    expect_throws<value_error>([] { (void)uniform(random_key(1), {2}, f16, 0, 1e6); },
                               "array.uniform: 1e+06 is beyond the range of f16");
    expect_throws<value_error>([] { (void)uniform(random_key(1), {2}, f32, -1e300, 0); }, "-1e+300");
    expect_throws<value_error>([] { (void)normal(random_key(1), {2}, f32, 0, 1e39); }, "array.normal: 1e+39");
}

TEST(uniform, stays_below_its_upper_end) {
    for (const dtype t : {f16, bf16, f32, f64}) {
        const auto values = uniform(random_key(1), {400000}, t, -1, 3).to_vector<double>();
        EXPECT_GE(*std::min_element(values.begin(), values.end()), -1) << name(t);
        EXPECT_LT(*std::max_element(values.begin(), values.end()), 3) << name(t);
    }
    // One step wide: rounding alone would give 1 + 2^-23 half of the time.
    const auto values = uniform(random_key(1), {1000}, f32, 1, 1 + 0x1p-23).to_vector<double>();
    EXPECT_EQ(*std::max_element(values.begin(), values.end()), 1);
    EXPECT_EQ(uniform(random_key(1), {3}, f32, 2, 2).to_vector<double>(), (std::vector<double>{2, 2, 2}));
}

TEST(uniform, follows_its_distribution) {
    constexpr std::int64_t n = 200000;
    for (const dtype t : {f32, f64})
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const auto values = uniform(random_key(seed), {n}, t, 2, 6).to_vector<double>();
            EXPECT_LT(distance(values, [](double x) { return (x - 2) / 4; }), 3 / std::sqrt(double{n}));
        }
}

TEST(normal, follows_its_distribution) {
    constexpr std::int64_t n = 200000;
    for (const dtype t : {f32, f64})
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const auto values = normal(random_key(seed), {n}, t, 3, 2).to_vector<double>();
            EXPECT_LT(distance(values, [](double x) { return normal_cdf((x - 3) / 2); }), 3 / std::sqrt(double{n}));
            double sum = 0, squares = 0;
            for (const double v : values) sum += v, squares += (v - 3) * (v - 3);
            EXPECT_NEAR(sum / n, 3, 6 * 2 / std::sqrt(double{n}));
            EXPECT_NEAR(squares / n, 4, 6 * 4 * std::sqrt(2.0 / n));
        }
}

TEST(normal, inverts_the_distribution_function) {
    // f64 takes 31 bits of word 2 i and 31 of word 2 i + 1 as the probability, the top bit as the sign.
    const array key = random_key(9);
    const auto bits = random_bits(key, {20000}).to_vector<std::uint32_t>();
    const auto z64 = normal(key, {10000}, f64).to_vector<double>();
    for (std::size_t i = 0; i < z64.size(); ++i) {
        const double p = (static_cast<double>(bits[2 * i] & 0x7FFFFFFFU) * 0x1p31 +
                          static_cast<double>(bits[2 * i + 1] >> 1) + 0.5) *
                         0x1p-63;
        // The slope of the distribution function turns an error of z into one of p.
        const double slope = std::exp(-z64[i] * z64[i] / 2) / std::sqrt(2 * std::acos(-1.0));
        EXPECT_NEAR(normal_cdf(-std::abs(z64[i])), p, 4e-15 * std::abs(z64[i]) * slope + 4e-16 * p + 1e-16) << i;
        EXPECT_EQ(z64[i] < 0, bits[2 * i] >> 31 == 1);
    }
    const auto z32 = normal(key, {20000}, f32).to_vector<double>();
    for (std::size_t i = 0; i < z32.size(); ++i) {
        const double p = (static_cast<double>(bits[i] & 0x7FFFFFFFU) + 0.5) * 0x1p-32;
        const double slope = std::exp(-z32[i] * z32[i] / 2) / std::sqrt(2 * std::acos(-1.0));
        EXPECT_NEAR(normal_cdf(-std::abs(z32[i])), p, 5e-7 * std::abs(z32[i]) * slope + 1e-9) << i;
    }
}

TEST(random, refuses_bad_arguments) {
    const array key = random_key(0);
    expect_throws<dtype_error>([] { uniform(zeros({4}, i32), {3}); }, "array.uniform: a key is u32 (4,), got i32 (4,)");
    expect_throws<dtype_error>([] { normal(zeros({2}, u32), {3}); }, "got u32 (2,)");
    expect_throws<dtype_error>([&] { uniform(key, {3}, i32); }, "asked for i32");
    expect_throws<value_error>([&] { uniform(key, {3}, f32, 2, 1); }, "got 2 and 1");
    expect_throws<value_error>([&] { uniform(key, {3}, f64, -1e308, 1e308); }, "finite");
    expect_throws<value_error>([&] { normal(key, {3}, f64, 0, -1); }, "deviation >= 0");
    expect_throws<value_error>([&] { normal(key, {3}, f64, NAN); }, "finite mean");
    expect_throws<value_error>([] { uniform(array(), {3}); }, "null array");
}

TEST(random, of_no_elements_and_of_rank_zero) {
    EXPECT_EQ(uniform(random_key(0), {0, 3}).size(), extent(0));
    EXPECT_EQ(normal(random_key(0), {}).rank(), 0);
}

TEST(generator, makes_the_keys_of_its_seed_in_order) {
    generator random(77);
    const array keys = split_key(random_key(77), 3);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(random.next().to_vector<std::uint32_t>(), slice(keys, {i}).to_vector<std::uint32_t>());
}

TEST(generator, refuses_to_be_baked_into_a_captured_program) {
    struct capture final : tracer {
        capture() : tracer(new_level()) {}
        void process(const op&, std::span<const array>, attributes, std::span<array>) override {}
    } capturing;
    generator random(1);
    tracer* const before = install_staging_tracer(&capturing);
    expect_throws<value_error>([&] { random.next(); }, "pass the key as an argument");
    install_staging_tracer(before);
    EXPECT_EQ(random.next().to_vector<std::uint32_t>(), generator(1).next().to_vector<std::uint32_t>());
}

TEST(generator, never_gives_a_key_twice) {
    std::set<words> seen;
    for (const std::uint64_t seed : {0U, 1U}) {
        generator random(seed);
        for (int i = 0; i < 1000; ++i) seen.insert(random.next().to_vector<std::uint32_t>());
    }
    EXPECT_EQ(seen.size(), 2000U);
}

}  // namespace
}  // namespace tessera
