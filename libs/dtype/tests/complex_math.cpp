#include "tessera/dtype/complex_math.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using c64_value = std::complex<float>;
using c128_value = std::complex<double>;
using wide = std::complex<long double>;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
const double nan = std::nan("");

template <class R> long double relative_error(std::complex<R> got, wide want) {
    return std::abs(wide(got.real(), got.imag()) - want) / std::abs(want) / std::numeric_limits<R>::epsilon();
}

TEST(complex_multiply, is_the_formula) {
    EXPECT_EQ(complex_multiply(c128_value(1, 2), c128_value(3, 4)), c128_value(-5, 10));
    EXPECT_TRUE(std::isnan(complex_multiply(c128_value(inf, inf), c128_value(1, 1)).real()));
}

TEST(complex_divide, does_not_overflow_where_the_quotient_does_not) {
    EXPECT_EQ(complex_divide(c128_value(-5, 10), c128_value(3, 4)), c128_value(1, 2));
    EXPECT_EQ(complex_divide(c128_value(1e300, 1e300), c128_value(1e300, 1e300)), c128_value(1, 0));
    EXPECT_EQ(complex_divide(c128_value(0, 2), c128_value(0, 1)), c128_value(2, 0));
}

TEST(complex_divide, by_zero_divides_each_part) {
    const auto q = complex_divide(c128_value(1, -1), c128_value(0, -0.0));
    EXPECT_EQ(q, c128_value(inf, -inf));
    EXPECT_TRUE(std::isnan(complex_divide(c128_value(0, 1), c128_value(0, 0)).real()));
}

TEST(complex_abs, is_exact_where_a_reader_can_check) {
    EXPECT_EQ(complex_abs(c64_value(3, -4)), 5.0F);
    EXPECT_EQ(complex_abs(c128_value(-5, 12)), 13.0);
    EXPECT_EQ(complex_abs(c128_value(-0.0, -0.0)), 0.0);
}

TEST(complex_abs, neither_overflows_nor_underflows_on_the_way) {
    EXPECT_DOUBLE_EQ(complex_abs(c128_value(3e307, 4e307)), 5e307);
    EXPECT_DOUBLE_EQ(complex_abs(c128_value(3e-310, 4e-310)), 5e-310);
    EXPECT_EQ(complex_abs(c128_value(smallest, 0)), smallest);
    EXPECT_EQ(complex_abs(c128_value(largest, largest)), inf);
    EXPECT_EQ(complex_abs(c64_value(3e38F, 0)), 3e38F);
    EXPECT_EQ(complex_abs(c64_value(std::numeric_limits<float>::denorm_min(), 0)),
              std::numeric_limits<float>::denorm_min());
}

TEST(complex_abs, is_infinite_beside_nan) {
    EXPECT_EQ(complex_abs(c128_value(nan, -inf)), inf);
    EXPECT_TRUE(std::isnan(complex_abs(c128_value(nan, 1))));
    EXPECT_EQ(complex_abs(c64_value(std::nanf(""), HUGE_VALF)), HUGE_VALF);
}

TEST(complex_sign, lies_on_the_unit_circle) {
    EXPECT_EQ(complex_sign(c128_value(3, -4)), c128_value(0.6, -0.8));
    EXPECT_EQ(complex_sign(c128_value(0, -0.0)), c128_value(0, 0));
    EXPECT_NEAR(complex_sign(c128_value(largest, largest)).real(), std::sqrt(0.5), 1e-15);
    EXPECT_NEAR(complex_sign(c128_value(smallest, -smallest)).imag(), -std::sqrt(0.5), 1e-15);
    EXPECT_EQ(complex_sign(c128_value(-inf, 7)), c128_value(-1, 0));
    EXPECT_EQ(complex_sign(c128_value(7, inf)), c128_value(0, 1));
    EXPECT_TRUE(std::isnan(complex_sign(c128_value(inf, inf)).real()));
    EXPECT_TRUE(std::isnan(complex_sign(c128_value(1, nan)).real()));
}

TEST(complex_sqrt, takes_the_right_half_plane) {
    EXPECT_EQ(complex_sqrt(c128_value(-4, 0)), c128_value(0, 2));
    EXPECT_EQ(complex_sqrt(c128_value(-4, -0.0)), c128_value(0, -2));
    EXPECT_EQ(complex_sqrt(c128_value(3, 4)), c128_value(2, 1));
    EXPECT_EQ(complex_sqrt(c64_value(-3, -4)), c64_value(1, -2));
    EXPECT_TRUE(std::signbit(complex_sqrt(c128_value(0, -0.0)).imag()));
}

TEST(complex_sqrt, follows_annex_g_at_infinities) {
    EXPECT_EQ(complex_sqrt(c128_value(nan, -inf)), c128_value(inf, -inf));
    EXPECT_EQ(complex_sqrt(c128_value(-inf, -1)), c128_value(0, -inf));
    EXPECT_EQ(complex_sqrt(c128_value(inf, -1)), c128_value(inf, -0.0));
    EXPECT_TRUE(std::isnan(complex_sqrt(c128_value(1, nan)).real()));
    EXPECT_TRUE(std::isnan(complex_sqrt(c128_value(-inf, nan)).real()));
}

TEST(complex_math, stays_close_to_wider_arithmetic_over_the_whole_range) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> exponent(-950, 950), mantissa(-1, 1);
    for (int i = 0; i < 20000; ++i) {
        const double scale = std::exp2(exponent(random)), tilt = std::exp2(exponent(random) / 20);
        const c128_value z(mantissa(random) * scale, mantissa(random) * scale * tilt);
        const wide w(z.real(), z.imag());
        ASSERT_LE(relative_error<double>({complex_abs(z), 0}, {std::abs(w), 0}), 1.5L) << z;
        ASSERT_LE(relative_error(complex_sqrt(z), std::sqrt(w)), 3.0L) << z;
        ASSERT_LE(relative_error(complex_sign(z), w / std::abs(w)), 3.0L) << z;
        const c64_value narrow(static_cast<float>(mantissa(random)), static_cast<float>(mantissa(random)));
        const wide n(narrow.real(), narrow.imag());
        ASSERT_LE(relative_error(complex_sqrt(narrow), std::sqrt(n)), 3.0L) << narrow;
        ASSERT_LE(relative_error(complex_divide(c64_value(1, 2), narrow), wide(1, 2) / n), 4.0L) << narrow;
    }
}

}  // namespace
}  // namespace tessera
