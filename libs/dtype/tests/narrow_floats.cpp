#include "tessera/dtype/narrow_floats.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>

#include <gtest/gtest.h>

namespace tessera {
namespace {

// What the standards say about a format, written down a second time on purpose.
struct format {
    int exponent_bits, mantissa_bits;
    bool has_infinity;
    int bias() const { return (1 << (exponent_bits - 1)) - 1; }
    int patterns() const { return 1 << (1 + exponent_bits + mantissa_bits); }
};

template <class T> constexpr format format_of();
template <> constexpr format format_of<float16>() { return {5, 10, true}; }
template <> constexpr format format_of<bfloat16>() { return {8, 7, true}; }
template <> constexpr format format_of<float8_e4m3>() { return {4, 3, false}; }
template <> constexpr format format_of<float8_e5m2>() { return {5, 2, true}; }

double value_of_pattern(format f, int pattern) {
    const int sign = pattern >> (f.exponent_bits + f.mantissa_bits);
    const int exponent = (pattern >> f.mantissa_bits) % (1 << f.exponent_bits);
    const int mantissa = pattern % (1 << f.mantissa_bits);
    const int top = (1 << f.exponent_bits) - 1;
    double magnitude = 0;
    if (exponent == top && f.has_infinity) {
        magnitude = mantissa == 0 ? HUGE_VAL : std::nan("");
    } else if (exponent == top && mantissa == (1 << f.mantissa_bits) - 1) {
        magnitude = std::nan("");
    } else if (exponent == 0) {
        magnitude = std::ldexp(mantissa, 1 - f.bias() - f.mantissa_bits);
    } else {
        magnitude = std::ldexp((1 << f.mantissa_bits) + mantissa, exponent - f.bias() - f.mantissa_bits);
    }
    return sign != 0 ? -magnitude : magnitude;
}

template <class T> T pattern(int bits) { return T::from_bits(static_cast<decltype(T::bits)>(bits)); }

template <class T> class narrow_floats : public testing::Test {
protected:
    static constexpr format f = format_of<T>();
    static int sign_bit() { return f.patterns() / 2; }
    static int largest() { return std::numeric_limits<T>::max().bits; }
    static int beyond() { return largest() + 1; }  // infinity or NaN
};
using narrow_types = testing::Types<float16, bfloat16, float8_e4m3, float8_e5m2>;
TYPED_TEST_SUITE(narrow_floats, narrow_types);

TYPED_TEST(narrow_floats, are_trivial_values_of_their_bits) {
    static_assert(std::is_trivial_v<TypeParam> && std::is_standard_layout_v<TypeParam>);
    static_assert(sizeof(TypeParam) == sizeof(TypeParam::bits));
    static_assert(sizeof(TypeParam) == item_size(dtype_of<TypeParam>));
    static_assert(!std::is_convertible_v<float, TypeParam> && std::is_convertible_v<TypeParam, float>);
}

TYPED_TEST(narrow_floats, decode_every_pattern_to_its_exact_value) {
    for (int p = 0; p < this->f.patterns(); ++p) {
        const double want = value_of_pattern(this->f, p);
        const float got = pattern<TypeParam>(p);
        if (std::isnan(want)) {
            ASSERT_TRUE(std::isnan(got)) << p;
        } else {
            ASSERT_EQ(got, want) << p;
            ASSERT_EQ(std::signbit(got), std::signbit(want)) << p;
        }
    }
}

TYPED_TEST(narrow_floats, encode_their_own_values_to_the_same_pattern) {
    for (int p = 0; p < this->f.patterns(); ++p) {
        const double value = value_of_pattern(this->f, p);
        if (std::isnan(value)) {
            ASSERT_TRUE(std::isnan(static_cast<float>(TypeParam(value))));
            ASSERT_TRUE(std::isnan(static_cast<float>(TypeParam(value, overflow::saturate))));
            continue;
        }
        ASSERT_EQ(TypeParam(value).bits, p);
        ASSERT_EQ(TypeParam(static_cast<float>(value)).bits, p);
    }
}

// The midpoint of two neighbours goes to the even one; the next double on either side of it to the nearer one. The
// midpoints are exact in float too, except between the smallest values of bfloat16.
TYPED_TEST(narrow_floats, round_to_nearest_and_midpoints_to_even) {
    for (int p = 0; p < this->largest(); ++p) {
        const double low = value_of_pattern(this->f, p), high = value_of_pattern(this->f, p + 1);
        const double middle = low + (high - low) / 2;
        const int even = p % 2 == 0 ? p : p + 1;
        ASSERT_EQ(TypeParam(middle).bits, even) << middle;
        ASSERT_EQ(TypeParam(-middle).bits, even + this->sign_bit()) << middle;
        ASSERT_EQ(TypeParam(std::nextafter(middle, 0.0)).bits, p) << middle;
        ASSERT_EQ(TypeParam(std::nextafter(middle, HUGE_VAL)).bits, p + 1) << middle;
        const auto narrow_middle = static_cast<float>(middle);
        if (narrow_middle != middle) continue;
        ASSERT_EQ(TypeParam(narrow_middle).bits, even) << middle;
        ASSERT_EQ(TypeParam(std::nextafter(narrow_middle, 0.0F)).bits, p) << middle;
        ASSERT_EQ(TypeParam(std::nextafter(narrow_middle, HUGE_VALF)).bits, p + 1) << middle;
    }
}

TYPED_TEST(narrow_floats, overflow_past_the_midpoint_after_the_largest_value) {
    const double largest = value_of_pattern(this->f, this->largest());
    const double step = largest - value_of_pattern(this->f, this->largest() - 1);
    const double middle = largest + step / 2;
    ASSERT_EQ(TypeParam(std::nextafter(middle, 0.0)).bits, this->largest());
    // The largest value of e4m3 is even, that of the others odd.
    ASSERT_EQ(TypeParam(middle).bits, this->f.has_infinity ? this->beyond() : this->largest());
    for (const double huge : {std::nextafter(middle, HUGE_VAL), 2 * middle, 1e300, HUGE_VAL}) {
        ASSERT_EQ(TypeParam(huge).bits, this->beyond()) << huge;
        ASSERT_EQ(TypeParam(-huge).bits, this->beyond() + this->sign_bit()) << huge;
        ASSERT_EQ(TypeParam(static_cast<float>(huge * 1.001)).bits, this->beyond()) << huge;
        ASSERT_EQ(TypeParam(huge, overflow::saturate).bits, this->largest()) << huge;
        ASSERT_EQ(TypeParam(-huge, overflow::saturate).bits, this->largest() + this->sign_bit()) << huge;
        ASSERT_EQ(TypeParam(static_cast<float>(huge), overflow::saturate).bits, this->largest()) << huge;
    }
}

TYPED_TEST(narrow_floats, underflow_to_a_zero_of_the_same_sign) {
    EXPECT_EQ(TypeParam(std::numeric_limits<double>::denorm_min()).bits, 0);
    EXPECT_EQ(TypeParam(-std::numeric_limits<double>::denorm_min()).bits, this->sign_bit());
    EXPECT_EQ(TypeParam(-std::numeric_limits<float>::denorm_min()).bits, this->sign_bit());
    EXPECT_EQ(TypeParam(-0.0F).bits, this->sign_bit());
}

TYPED_TEST(narrow_floats, agree_between_float_and_double_sources) {
    std::mt19937 bits(7);
    for (int i = 0; i < 200000; ++i) {
        const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
        if (std::isnan(value)) continue;
        ASSERT_EQ(TypeParam(value).bits, TypeParam(static_cast<double>(value)).bits) << value;
    }
}

// Just above a midpoint by less than a float can hold: through float it would fall onto the midpoint and then to even.
TYPED_TEST(narrow_floats, round_doubles_once) {
    const double one = 1.0, next = 1.0 + std::ldexp(1.0, -this->f.mantissa_bits);
    const double above_middle = (one + next) / 2 + 0x1p-40;
    EXPECT_EQ(static_cast<float>(TypeParam(above_middle)), next);
    EXPECT_EQ(static_cast<float>(TypeParam(static_cast<float>(above_middle))), one);
}

TYPED_TEST(narrow_floats, convert_small_integers_as_their_values) {
    for (int i = -1000; i <= 1000; ++i) {
        ASSERT_EQ(TypeParam(i).bits, TypeParam(static_cast<double>(i)).bits) << i;
        ASSERT_EQ(TypeParam(static_cast<std::int16_t>(i)).bits, TypeParam(i).bits) << i;
        ASSERT_EQ(TypeParam(static_cast<std::int64_t>(i)).bits, TypeParam(i).bits) << i;
    }
    EXPECT_EQ(static_cast<float>(TypeParam(true)), 1.0F);
}

TYPED_TEST(narrow_floats, know_their_numeric_limits) {
    using limits = std::numeric_limits<TypeParam>;
    EXPECT_EQ(limits::digits, this->f.mantissa_bits + 1);
    EXPECT_EQ(static_cast<float>(limits::lowest()), -static_cast<float>(limits::max()));
    EXPECT_EQ(limits::denorm_min(), std::ldexp(1.0, 1 - this->f.bias() - this->f.mantissa_bits));
    EXPECT_EQ(limits::min(), std::ldexp(0.5, limits::min_exponent));
    EXPECT_EQ(std::ilogb(static_cast<float>(limits::max())) + 1, limits::max_exponent);
    EXPECT_EQ(limits::epsilon(), std::ldexp(1.0, -this->f.mantissa_bits));
    EXPECT_EQ(limits::min_exponent10, static_cast<int>(std::ceil(std::log10(static_cast<float>(limits::min())))));
    EXPECT_EQ(limits::max_exponent10, static_cast<int>(std::floor(std::log10(static_cast<float>(limits::max())))));
    EXPECT_TRUE(std::isnan(static_cast<float>(limits::quiet_NaN())));
    EXPECT_EQ(std::isinf(static_cast<float>(limits::infinity())), limits::has_infinity);
}

TEST(float16, is_exact_where_a_reader_can_check) {
    EXPECT_EQ(float16(1.0).bits, 0x3c00);
    EXPECT_EQ(float16(-2.0).bits, 0xc000);
    EXPECT_EQ(float16(65504.0).bits, 0x7bff);
    EXPECT_EQ(float16(65520.0).bits, 0x7c00);
    EXPECT_EQ(float16(0.1F).bits, 0x2e66);
}

TEST(float8_e4m3, has_no_infinity) {
    EXPECT_EQ(static_cast<float>(float8_e4m3::from_bits(0x7e)), 448.0F);
    EXPECT_EQ(float8_e4m3(464.0).bits, 0x7e);
    EXPECT_EQ(float8_e4m3(465.0).bits, 0x7f);
    EXPECT_EQ(float8_e4m3(-HUGE_VAL).bits, 0xff);
    EXPECT_EQ(float8_e4m3(-HUGE_VAL, overflow::saturate).bits, 0xfe);
}

TEST(bfloat16, rounds_wide_integers_once) {
    // 2^62 + 2^54 lies midway between two bfloat16s; one more makes it nearer to the upper, which double cannot see.
    const std::int64_t middle = (std::int64_t{1} << 62) + (std::int64_t{1} << 54);
    EXPECT_EQ(static_cast<float>(bfloat16(middle)), 0x1p62F);
    EXPECT_EQ(static_cast<float>(bfloat16(middle + 1)), 0x1.02p62F);
    EXPECT_EQ(static_cast<float>(bfloat16(-middle - 1)), -0x1.02p62F);
    EXPECT_EQ(static_cast<float>(bfloat16(middle - 1)), 0x1p62F);
    EXPECT_EQ(static_cast<float>(bfloat16(std::numeric_limits<std::int64_t>::min())), -0x1p63F);
    EXPECT_EQ(static_cast<float>(bfloat16(std::numeric_limits<std::uint64_t>::max())), 0x1p64F);
}

TEST(narrow_float_arithmetic, is_float_arithmetic_and_rounds_on_return) {
    const float16 third(1.0F / 3);
    static_assert(std::is_same_v<decltype(third * third), float>);
    EXPECT_EQ(float16(third + third + third).bits, 0x3c00);
    EXPECT_EQ(static_cast<float>(bfloat16(float16(1.5))), 1.5F);
}

}  // namespace
}  // namespace tessera
