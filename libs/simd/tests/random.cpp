#include "tessera/simd/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sample.hpp"

namespace tessera::simd::testing {
namespace {

constexpr std::uint32_t key[] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};

// Philox 4x32-10 as its authors write it, one block.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> x, std::uint32_t k0, std::uint32_t k1) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = 0xD2511F53ULL * x[0], b = 0xCD9E8D57ULL * x[2];
        x = {static_cast<std::uint32_t>(b >> 32) ^ x[1] ^ k0, static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ x[3] ^ k1, static_cast<std::uint32_t>(a)};
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    return x;
}

random_parameters parameters(double low, double high) { return {{key[0], key[1], key[2], key[3]}, low, high, high}; }

template <class T>
std::vector<T> draw(random_code code, std::uint64_t first, std::size_t n, const random_parameters& p) {
    buffer out(n, sizeof(T));
    find_random(code, dtype_of<T>)(out.data(), first, n, p);
    EXPECT_TRUE(out.guards_intact());
    return {out.as<T>(), out.as<T>() + n};
}

// The values of every target, which are to be the same.
template <class T>
std::vector<T> of_all_targets(random_code code, std::uint64_t first, std::size_t n, const random_parameters& p) {
    std::vector<T> expected = draw<T>(code, first, n, p);
    for (const std::string_view target : compiled_targets()) {
        force_target(target);
        EXPECT_EQ(draw<T>(code, first, n, p), expected) << target;
    }
    force_target("");
    return expected;
}

TEST(random_bits, are_philox_of_the_block_number) {
    const std::uint64_t starts[] = {0, random_tile, (std::uint64_t{1} << 34) - random_tile, (std::uint64_t{1} << 60)};
    for (const std::uint64_t first : starts) {
        const auto words = of_all_targets<std::uint32_t>(random_code::bits, first, 2 * random_tile, parameters(0, 1));
        for (std::size_t b = 0; b < random_tile / 2; ++b) {
            const std::uint64_t block = first / 4 + b;
            const auto expected =
                philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), key[2], key[3]},
                       key[0], key[1]);
            for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(words[4 * b + j], expected[j]) << first << " " << b;
        }
    }
}

TEST(random_bits, do_not_depend_on_where_a_stream_is_cut) {
    const auto all = draw<std::uint32_t>(random_code::bits, 0, 5 * random_tile, parameters(0, 1));
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{1}, std::size_t{63}, random_tile + 1, 3 * random_tile - 1}) {
        const auto part = draw<std::uint32_t>(random_code::bits, random_tile, n, parameters(0, 1));
        EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + random_tile)) << n;
    }
}

TEST(uniform, takes_the_upper_bits_of_its_words) {
    const auto words = draw<std::uint32_t>(random_code::bits, 0, 2000, parameters(0, 1));
    const auto single = of_all_targets<float>(random_code::uniform, 0, 999, parameters(0, 1));
    const auto wide = of_all_targets<double>(random_code::uniform, 0, 999, parameters(0, 1));
    for (std::size_t i = 0; i < 999; ++i) {
        EXPECT_EQ(single[i], static_cast<float>(words[i] >> 8) / 16777216);
        const std::uint64_t bits = (std::uint64_t{words[2 * i] >> 5} << 26) | (words[2 * i + 1] >> 6);
        EXPECT_EQ(wide[i], static_cast<double>(bits) / 9007199254740992);
    }
}

TEST(uniform, is_at_most_what_is_asked) {
    random_parameters p = parameters(1, 1 + 0x1p-23);
    p.most = 1;
    for (const float value : of_all_targets<float>(random_code::uniform, 0, 1000, p)) EXPECT_EQ(value, 1);
}

// z of a probability above it, by bisection of the complementary error function.
double quantile(double p) {
    double low = 0, high = 10;
    for (int i = 0; i < 80; ++i) {
        const double middle = (low + high) / 2;
        (std::erfc(middle / std::sqrt(2.0)) / 2 > p ? low : high) = middle;
    }
    return low;
}

TEST(normal, is_the_quantile_of_its_bits) {
    const auto words = draw<std::uint32_t>(random_code::bits, 0, 20000, parameters(0, 1));
    const auto single = of_all_targets<float>(random_code::normal, 0, 10000, parameters(0, 1));
    const auto wide = of_all_targets<double>(random_code::normal, 0, 10000, parameters(0, 1));
    double worst_single = 0, worst_wide = 0;
    for (std::size_t i = 0; i < 10000; ++i) {
        const double z32 = quantile((static_cast<double>(words[i] & 0x7FFFFFFFU) + 0.5) * 0x1p-32);
        worst_single = std::max(worst_single, std::abs(std::abs(static_cast<double>(single[i])) / z32 - 1));
        EXPECT_EQ(std::signbit(single[i]), words[i] >> 31 == 1);
        const double p = (static_cast<double>(words[2 * i] & 0x7FFFFFFFU) * 0x1p31 +
                          static_cast<double>(words[2 * i + 1] >> 1) + 0.5) *
                         0x1p-63;
        // Near the middle the bisection is no better than the probability's own rounding.
        if (p < 0.49)
            worst_wide = std::max(worst_wide, std::abs(std::abs(wide[i]) / quantile(p) - 1));
        else
            EXPECT_NEAR(std::abs(wide[i]), quantile(p), 1e-15);
        EXPECT_EQ(std::signbit(wide[i]), words[2 * i] >> 31 == 1);
    }
    EXPECT_LT(worst_single, 4e-7);
    EXPECT_LT(worst_wide, 1e-14);
    RecordProperty("worst_single", text(worst_single));
    RecordProperty("worst_wide", text(worst_wide));
}

TEST(random, exists_for_words_and_wide_floats_alone) {
    EXPECT_EQ(find_random(random_code::bits, f32), nullptr);
    EXPECT_EQ(find_random(random_code::uniform, u32), nullptr);
    EXPECT_EQ(find_random(random_code::normal, f16), nullptr);
}

}  // namespace
}  // namespace tessera::simd::testing
