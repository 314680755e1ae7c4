#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using doubles = std::vector<double>;

TEST(pow, keeps_the_dtype_beside_a_literal) {
    const array x({3.0F, -2.0F});
    EXPECT_EQ(pow(x, 2).dtype(), f32);
    EXPECT_EQ(pow(x, 2).to_vector<float>(), (std::vector<float>{9, 4}));
    EXPECT_EQ(pow(array({2, 3}), 2.0).dtype(), f64);
    EXPECT_EQ(pow(array({2, 3}), array({10, 2})).to_vector<std::int64_t>(), (std::vector<std::int64_t>{1024, 9}));
}

TEST(pow, of_integers_to_negative_powers_is_truncated) {
    EXPECT_EQ(pow(array({2, 1, -1, 0}), array({-1, -5, -3, -1})).to_vector<std::int64_t>(),
              (std::vector<std::int64_t>{0, 1, -1, 0}));
}

TEST(floor_divide, and_remainder_give_the_operand_back) {
    const array a({7.5, -7.5, 7.5, -7.5}), b({2.0, 2.0, -2.0, -2.0});
    EXPECT_EQ(floor_divide(a, b).to_vector<double>(), (doubles{3, -4, -4, 3}));
    EXPECT_EQ(add(multiply(floor_divide(a, b), b), remainder(a, b)).to_vector<double>(), a.to_vector<double>());
}

TEST(angle, of_real_numbers_is_zero_or_pi) {
    const double pi = std::numbers::pi;
    EXPECT_EQ(angle(array({1.0, -1.0, 0.0, -0.0})).to_vector<double>(), (doubles{0, pi, 0, pi}));
    EXPECT_TRUE(std::isnan(angle(array({std::numeric_limits<double>::quiet_NaN()})).to_vector<double>()[0]));
}

TEST(functions, name_the_dtype_they_refuse) {
    expect_throws<dtype_error>([] { (void)floor(zeros({2}, c64)); }, "array.floor: is not defined for c64");
    expect_throws<dtype_error>([] { (void)fmod(zeros({2}, c128), 1.0); }, "array.fmod: is not defined for c128");
    expect_throws<dtype_error>([] { (void)pow(zeros({2}, boolean), zeros({2}, boolean)); },
                               "array.pow: is not defined for bool");
}

}  // namespace
}  // namespace tessera
