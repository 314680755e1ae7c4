#include "tessera/dtype/scalar.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using enum scalar_code;
using std::int32_t;
using std::int8_t;
using std::uint16_t;
using std::uint8_t;

constexpr double inf = std::numeric_limits<double>::infinity();
const double nan = std::nan("");

template <scalar_code C, class T> void expect_result_dtype() {
    if constexpr (takes(C, dtype_of<T>) && !is_transcendental(C, dtype_of<T>) && C != scalar_code::cast) {
        if constexpr (traits(C).operands == 1) {
            EXPECT_EQ(dtype_of<decltype(evaluate<C>(T{}))>, result_dtype(C, dtype_of<T>)) << name(C);
        } else if constexpr (traits(C).operands == 2) {
            EXPECT_EQ(dtype_of<decltype(evaluate<C>(T{}, T{}))>, result_dtype(C, dtype_of<T>)) << name(C);
        } else {
            EXPECT_EQ(dtype_of<decltype(evaluate<C>(true, T{}, T{}))>, result_dtype(C, dtype_of<T>)) << name(C);
        }
    }
}

template <class T, std::size_t... Codes> void expect_result_dtypes(std::index_sequence<Codes...>) {
    (expect_result_dtype<static_cast<scalar_code>(Codes), T>(), ...);
}

TEST(evaluate, gives_the_promised_dtype_for_every_code_on_every_dtype_it_takes) {
    for (int d = 0; d < dtype_count; ++d) {
        with_type(static_cast<dtype>(d), [](auto tag) {
            expect_result_dtypes<typename decltype(tag)::type>(std::make_index_sequence<scalar_code_count>{});
        });
    }
}

TEST(takes, refuses_what_has_no_meaning) {
    EXPECT_FALSE(takes(less, c64));
    EXPECT_FALSE(takes(maximum, c128));
    EXPECT_FALSE(takes(subtract, boolean));
    EXPECT_FALSE(takes(negative, boolean));
    EXPECT_FALSE(takes(bitwise_and, f32));
    EXPECT_FALSE(takes(left_shift, boolean));
    EXPECT_FALSE(takes(exp, i32));
    EXPECT_TRUE(takes(exp, f16));
    EXPECT_TRUE(takes(equal, c64));
    EXPECT_TRUE(takes(bitwise_not, boolean));
}

TEST(integers, wrap) {
    EXPECT_EQ(evaluate<add>(int8_t{127}, int8_t{1}), -128);
    EXPECT_EQ(evaluate<subtract>(uint8_t{0}, uint8_t{1}), 255);
    EXPECT_EQ(evaluate<multiply>(uint16_t{65535}, uint16_t{65535}), 1);
    EXPECT_EQ(evaluate<multiply>(std::numeric_limits<int32_t>::max(), int32_t{2}), -2);
    EXPECT_EQ(evaluate<negative>(int8_t{-128}), -128);
    EXPECT_EQ(evaluate<scalar_code::abs>(int8_t{-128}), -128);
    EXPECT_EQ(evaluate<scalar_code::abs>(int32_t{-7}), 7);
    EXPECT_EQ(evaluate<negative>(uint8_t{1}), 255);
    EXPECT_EQ(evaluate<square>(int8_t{16}), 0);
    EXPECT_EQ(evaluate<square>(std::numeric_limits<std::int64_t>::min()), 0);
}

TEST(integers, divide_toward_zero_and_by_zero_to_zero) {
    EXPECT_EQ(evaluate<divide>(-7, 2), -3);
    EXPECT_EQ(evaluate<divide>(7, 0), 0);
    EXPECT_EQ(evaluate<divide>(uint8_t{7}, uint8_t{0}), 0);
    EXPECT_EQ(evaluate<divide>(std::numeric_limits<int32_t>::min(), -1), std::numeric_limits<int32_t>::min());
    EXPECT_EQ(evaluate<divide>(int8_t{-128}, int8_t{-1}), -128);
    EXPECT_EQ(evaluate<divide>(std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}),
              std::numeric_limits<std::int64_t>::min());
}

TEST(shifts, push_every_bit_out_at_the_width) {
    EXPECT_EQ(evaluate<left_shift>(int8_t{1}, int8_t{7}), -128);
    EXPECT_EQ(evaluate<left_shift>(int8_t{1}, int8_t{8}), 0);
    EXPECT_EQ(evaluate<left_shift>(int32_t{1}, int32_t{-1}), 0);
    EXPECT_EQ(evaluate<right_shift>(int32_t{-8}, int32_t{1}), -4);
    EXPECT_EQ(evaluate<right_shift>(int32_t{-8}, int32_t{32}), -1);
    EXPECT_EQ(evaluate<right_shift>(int32_t{8}, int32_t{-1}), 0);
    EXPECT_EQ(evaluate<right_shift>(int8_t{-8}, int8_t{-1}), -1);
    EXPECT_EQ(evaluate<right_shift>(uint8_t{0x80}, uint8_t{7}), 1);
    EXPECT_EQ(evaluate<right_shift>(uint8_t{0x80}, uint8_t{8}), 0);
    EXPECT_EQ(evaluate<left_shift>(std::uint64_t{3}, std::uint64_t{63}), std::uint64_t{1} << 63);
}

TEST(maximum, gives_the_first_nan_and_the_first_of_equals) {
    EXPECT_TRUE(std::isnan(evaluate<maximum>(nan, 1.0)));
    EXPECT_TRUE(std::isnan(evaluate<maximum>(1.0, nan)));
    EXPECT_TRUE(std::isnan(evaluate<minimum>(-inf, nan)));
    EXPECT_TRUE(std::signbit(evaluate<maximum>(-0.0, 0.0)));
    EXPECT_FALSE(std::signbit(evaluate<maximum>(0.0, -0.0)));
    EXPECT_TRUE(std::signbit(evaluate<minimum>(-0.0, 0.0)));
    EXPECT_EQ(evaluate<maximum>(int8_t{-3}, int8_t{2}), 2);
    EXPECT_EQ(evaluate<minimum>(false, true), false);
    EXPECT_EQ(evaluate<maximum>(float16(1.5), float16(-2.0)).bits, float16(1.5).bits);
}

TEST(sign, keeps_nan_and_makes_zeros_positive) {
    EXPECT_EQ(evaluate<sign>(-3.5), -1.0);
    EXPECT_EQ(evaluate<sign>(inf), 1.0);
    EXPECT_FALSE(std::signbit(evaluate<sign>(-0.0)));
    EXPECT_TRUE(std::isnan(evaluate<sign>(nan)));
    EXPECT_EQ(evaluate<sign>(int8_t{-128}), -1);
    EXPECT_EQ(evaluate<sign>(uint8_t{9}), 1);
}

TEST(floats, follow_ieee_at_the_edges) {
    EXPECT_FALSE(std::signbit(evaluate<scalar_code::abs>(-0.0)));
    EXPECT_TRUE(std::signbit(evaluate<negative>(0.0)));
    EXPECT_EQ(evaluate<reciprocal>(-0.0), -inf);
    EXPECT_TRUE(std::isnan(evaluate<scalar_code::sqrt>(-1.0)));
    EXPECT_TRUE(std::signbit(evaluate<scalar_code::sqrt>(-0.0)));
    EXPECT_EQ(evaluate<divide>(1.0F, 3.0F), 1.0F / 3.0F);
    EXPECT_TRUE(evaluate<scalar_code::isnan>(nan));
    EXPECT_FALSE(evaluate<scalar_code::isnan>(inf));
    EXPECT_TRUE(evaluate<scalar_code::isinf>(-inf));
    EXPECT_FALSE(evaluate<scalar_code::isfinite>(inf));
    EXPECT_TRUE(evaluate<not_equal>(nan, nan));
    EXPECT_FALSE(evaluate<less_equal>(nan, nan));
}

TEST(integers, are_finite) {
    EXPECT_FALSE(evaluate<scalar_code::isnan>(3));
    EXPECT_FALSE(evaluate<scalar_code::isinf>(uint8_t{3}));
    EXPECT_TRUE(evaluate<scalar_code::isfinite>(true));
}

TEST(logic, reads_everything_but_zero_as_true) {
    EXPECT_TRUE(evaluate<logical_and>(nan, 2.0));
    EXPECT_FALSE(evaluate<logical_or>(0.0, -0.0));
    EXPECT_TRUE(evaluate<logical_xor>(int8_t{3}, int8_t{0}));
    EXPECT_TRUE(evaluate<logical_not>(std::complex<float>(0, 0)));
    EXPECT_FALSE(evaluate<logical_not>(std::complex<float>(0, 1)));
    EXPECT_TRUE(evaluate<add>(true, true));
    EXPECT_FALSE(evaluate<multiply>(true, false));
    EXPECT_FALSE(evaluate<bitwise_not>(true));
    EXPECT_TRUE(evaluate<bitwise_xor>(true, false));
    EXPECT_EQ(evaluate<bitwise_not>(uint8_t{1}), 254);
}

TEST(narrow_floats, compute_in_float_and_round_once) {
    EXPECT_EQ(evaluate<add>(float16(2048.0), float16(1.0)).bits, float16(2048.0).bits);
    EXPECT_EQ(evaluate<add>(float16(2050.0), float16(1.0)).bits, float16(2052.0).bits);
    EXPECT_EQ(evaluate<multiply>(float16(300.0), float16(300.0)).bits, 0x7c00);
    EXPECT_EQ(evaluate<square>(float8_e4m3(32.0)).bits, 0x7f);
    EXPECT_TRUE(evaluate<less>(bfloat16(1.0), bfloat16(2.0)));
    EXPECT_EQ(evaluate<negative>(bfloat16(0.0)).bits, 0x8000);
}

TEST(select, takes_the_second_operand_where_true) {
    EXPECT_EQ(evaluate<select>(true, 1, 2), 1);
    EXPECT_EQ(evaluate<select>(false, std::complex<double>(1, 0), std::complex<double>(0, 2)),
              std::complex<double>(0, 2));
}

static_assert(evaluate<add>(std::uint32_t{0xffffffff}, std::uint32_t{2}) == 1);
static_assert(evaluate<maximum>(float16(3.0), float16(4.0)).bits == float16(4.0).bits);

TEST(evaluate, divides_with_remainder_as_Python_does) {
    using enum scalar_code;
    EXPECT_EQ(evaluate<floor_divide>(-7, 2), -4);
    EXPECT_EQ(evaluate<scalar_code::remainder>(-7, 2), 1);
    EXPECT_EQ(evaluate<scalar_code::remainder>(7, -2), -1);
    EXPECT_EQ(evaluate<scalar_code::fmod>(-7, 2), -1);
    EXPECT_EQ(evaluate<floor_divide>(7, 0), 0);
    EXPECT_EQ(evaluate<scalar_code::remainder>(7, 0), 0);
    EXPECT_EQ(evaluate<floor_divide>(int8_t{-128}, int8_t{-1}), -128);
    EXPECT_EQ(evaluate<scalar_code::remainder>(int8_t{-128}, int8_t{-1}), 0);
    EXPECT_EQ(evaluate<floor_divide>(uint8_t{250}, uint8_t{7}), 35);
    EXPECT_EQ(evaluate<floor_divide>(-7.5, 2.0), -4);
    EXPECT_EQ(evaluate<scalar_code::remainder>(-7.5, 2.0), 0.5);
    EXPECT_EQ(evaluate<scalar_code::fmod>(-7.5, 2.0), -1.5);
    EXPECT_EQ(evaluate<floor_divide>(1.0, 0.1), 9);  // 0.1 is a little more than a tenth
    EXPECT_TRUE(std::signbit(evaluate<scalar_code::remainder>(4.0, -2.0)));
    EXPECT_TRUE(std::signbit(evaluate<floor_divide>(-0.0, 2.0)));
    EXPECT_EQ(evaluate<floor_divide>(1.0, 0.0), std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(evaluate<scalar_code::remainder>(1.0, 0.0)));
}

TEST(evaluate, raises_integers_to_powers) {
    using enum scalar_code;
    EXPECT_EQ(evaluate<scalar_code::pow>(3, 4), 81);
    EXPECT_EQ(evaluate<scalar_code::pow>(int8_t{2}, int8_t{7}), -128);
    EXPECT_EQ(evaluate<scalar_code::pow>(uint8_t{3}, uint8_t{6}), 729 % 256);
    EXPECT_EQ(evaluate<scalar_code::pow>(0, 0), 1);
    EXPECT_EQ(evaluate<scalar_code::pow>(-1, -3), -1);
    EXPECT_EQ(evaluate<scalar_code::pow>(2, -1), 0);
}

TEST(evaluate, rounds_steps_and_compares_past_NaN) {
    using enum scalar_code;
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(evaluate<scalar_code::round>(2.5), 2);
    EXPECT_EQ(evaluate<scalar_code::round>(-3.5F), -4);
    EXPECT_EQ(evaluate<scalar_code::floor>(-7), -7);
    EXPECT_EQ(evaluate<scalar_code::fmax>(not_a_number, 1.0), 1);
    EXPECT_EQ(evaluate<scalar_code::fmin>(1.0, not_a_number), 1);
    EXPECT_TRUE(std::isnan(evaluate<scalar_code::fmax>(not_a_number, not_a_number)));
    EXPECT_TRUE(evaluate<scalar_code::signbit>(-0.0));
    const float16 one(1.0F), zero(0.0F);
    EXPECT_EQ(static_cast<float>(evaluate<scalar_code::nextafter>(one, float16(2.0F))), 1 + 0x1p-10F);
    EXPECT_EQ(static_cast<float>(evaluate<scalar_code::nextafter>(one, zero)), 1 - 0x1p-11F);
    EXPECT_EQ(static_cast<float>(evaluate<scalar_code::nextafter>(zero, float16(-1.0F))), -0x1p-24F);
    EXPECT_EQ(static_cast<float>(evaluate<scalar_code::nextafter>(float16(-0x1p-24F), one)), 0);
}

}  // namespace
}  // namespace tessera
