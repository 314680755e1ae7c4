#include "tessera/dtype/convert.hpp"

#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tessera/dtype/cast.hpp"

namespace tessera {
namespace {

template <class To, class From>
std::vector<To> converted(const std::vector<From>& in, overflow policy = overflow::ieee) {
    std::vector<To> out(in.size());
    convert(dtype_of<From>, in.data(), 1, dtype_of<To>, out.data(), 1, in.size(), policy);
    return out;
}

TEST(convert, truncates_floats_and_saturates_out_of_range) {
    const std::vector<double> in{2.9, -2.9, 1e30, -1e30, HUGE_VAL, std::nan(""), -0.5, 127.9, 128.0, -128.9};
    EXPECT_EQ(converted<std::int8_t>(in), (std::vector<std::int8_t>{2, -2, 127, -128, 127, 0, 0, 127, 127, -128}));
    EXPECT_EQ(converted<std::uint8_t>(in), (std::vector<std::uint8_t>{2, 0, 255, 0, 255, 0, 0, 127, 128, 0}));
    EXPECT_EQ(converted<std::int64_t>(std::vector<float>{0x1p63F, -0x1p63F, 3.5F}),
              (std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::max(),
                                         std::numeric_limits<std::int64_t>::min(), 3}));
}

TEST(convert, wraps_integers) {
    const std::vector<std::int32_t> in{-1, 255, 256, 65535, -129};
    EXPECT_EQ(converted<std::uint8_t>(in), (std::vector<std::uint8_t>{255, 255, 0, 255, 127}));
    EXPECT_EQ(converted<std::int8_t>(in), (std::vector<std::int8_t>{-1, -1, 0, -1, 127}));
    EXPECT_EQ(converted<std::uint64_t>(in)[0], std::numeric_limits<std::uint64_t>::max());
}

TEST(convert, reads_nonzero_as_true) {
    std::uint8_t out[5];
    const double in[5] = {0.0, -0.0, 0.5, std::nan(""), -HUGE_VAL};
    convert(f64, in, 1, boolean, out, 1, 5);
    EXPECT_EQ(std::vector<std::uint8_t>(out, out + 5), (std::vector<std::uint8_t>{0, 0, 1, 1, 1}));
    const std::complex<float> imaginary(0, 2);
    convert(c64, &imaginary, 1, boolean, out, 1, 1);
    EXPECT_EQ(out[0], 1);
    const float16 tiny = float16::from_bits(1);
    convert(f16, &tiny, 1, boolean, out, 1, 1);
    EXPECT_EQ(out[0], 1);
}

TEST(convert, reads_any_nonzero_byte_of_a_boolean_as_one) {
    const std::uint8_t in[3] = {0, 1, 7};
    float out[3];
    convert(boolean, in, 1, f32, out, 1, 3);
    EXPECT_EQ(std::vector<float>(out, out + 3), (std::vector<float>{0, 1, 1}));
}

TEST(convert, drops_and_adds_imaginary_parts) {
    EXPECT_EQ(converted<double>(std::vector<std::complex<double>>{{2, 3}}), (std::vector<double>{2}));
    EXPECT_EQ(converted<std::complex<float>>(std::vector<int>{-4}), (std::vector<std::complex<float>>{{-4, 0}}));
    EXPECT_EQ(converted<std::int8_t>(std::vector<std::complex<float>>{{2.5F, 9}}), (std::vector<std::int8_t>{2}));
}

TEST(convert, rounds_doubles_to_halves_once) {
    EXPECT_EQ(converted<float16>(std::vector<double>{1 + 0x1p-11 + 0x1p-40})[0].bits, 0x3c01);
    EXPECT_EQ(converted<float16>(std::vector<double>{1 + 0x1p-11})[0].bits, 0x3c00);
}

TEST(convert, saturates_by_policy) {
    EXPECT_EQ(converted<float16>(std::vector<double>{1e9, -HUGE_VAL}, overflow::saturate)[1].bits, 0xfbff);
    EXPECT_EQ(converted<float8_e5m2>(std::vector<float>{1e9F})[0].bits, 0x7c);
    EXPECT_EQ(converted<float>(std::vector<double>{1e300}, overflow::saturate)[0], std::numeric_limits<float>::max());
    EXPECT_EQ(converted<float>(std::vector<double>{1e300})[0], HUGE_VALF);
    EXPECT_TRUE(std::isnan(converted<float>(std::vector<double>{std::nan("")}, overflow::saturate)[0]));
    EXPECT_EQ(converted<float8_e4m3>(std::vector<std::int64_t>{1000}, overflow::saturate)[0].bits, 0x7e);
}

TEST(convert, steps_by_strides_of_either_sign) {
    std::vector<std::int16_t> in(2000);
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::int16_t>(i);
    std::vector<float> out(3 * 600, -1.0F);
    convert(i16, in.data() + 1999, -3, f32, out.data() + 1, 3, 600);
    for (std::size_t i = 0; i < 600; ++i) {
        ASSERT_EQ(out[3 * i], -1.0F);
        ASSERT_EQ(out[3 * i + 1], static_cast<float>(1999 - 3 * i));
        ASSERT_EQ(out[3 * i + 2], -1.0F);
    }
    convert(i16, in.data() + 5, 0, f32, out.data(), 1, 4);
    EXPECT_EQ(out[3], 5.0F);
    EXPECT_EQ(out[4], 1996.0F);
}

TEST(convert, leaves_everything_alone_when_there_is_nothing_to_do) {
    float out = 3;
    convert(f64, nullptr, 1, f32, &out, 1, 0);
    convert(f64, nullptr, 2, f32, &out, 2, 0);
    EXPECT_EQ(out, 3);
}

TEST(convert, takes_unaligned_memory) {
    std::byte buffer[17];
    const double value = 2.5;
    std::memcpy(buffer + 1, &value, sizeof value);
    float out = 0;
    convert(f64, buffer + 1, 1, f32, &out, 1, 1);
    EXPECT_EQ(out, 2.5F);
}

TEST(convert, refuses_a_code_that_is_no_dtype) {
    float out = 3;
    try {
        convert(static_cast<dtype>(99), &out, 1, f32, &out, 1, 1);
        FAIL();
    } catch (const dtype_error& e) { EXPECT_STREQ(e.what(), "with_type: a dtype has a code below 17, got 99"); }
}

// Every pair against the one-element rule.
TEST(convert, agrees_with_cast_to_for_every_pair) {
    const std::vector<double> values{0, 1, -1, 2.5, -3.75, 100, 200, 448, 1000, 70000, 5e9, 1e39, HUGE_VAL};
    for (int from = 0; from < dtype_count; ++from) {
        for (int to = 0; to < dtype_count; ++to) {
            with_type(static_cast<dtype>(from), [&](auto from_tag) {
                with_type(static_cast<dtype>(to), [&](auto to_tag) {
                    using From = typename decltype(from_tag)::type;
                    using To = typename decltype(to_tag)::type;
                    for (const double value : values) {
                        const From in = cast_to<From>(value);
                        const To want = cast_to<To>(in, overflow::saturate);
                        To got{};
                        convert(dtype_of<From>, &in, 1, dtype_of<To>, &got, 1, 1, overflow::saturate);
                        ASSERT_EQ(std::memcmp(&got, &want, sizeof want), 0) << from << " to " << to << " " << value;
                    }
                });
            });
        }
    }
}

}  // namespace
}  // namespace tessera
