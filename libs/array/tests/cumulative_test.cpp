#include "tessera/array/cumulative.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;

TEST(cumsum, adds_up_along_an_axis_or_all) {
    const array x({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(cumsum(x).to_vector<double>(), (numbers{1, 3, 6, 10, 15, 21}));
    EXPECT_EQ(cumsum(x, 0).to_vector<double>(), (numbers{1, 2, 3, 5, 7, 9}));
    EXPECT_EQ(cumsum(flip(x), -1).to_vector<double>(), (numbers{6, 11, 15, 3, 5, 6}));
    EXPECT_EQ(cumsum(astype(x, u8)).dtype(), u64);
    expect_throws<index_error>([&] { (void)cumsum(x, 2); }, "array.cumsum: axis 2 is out of range for rank 2");
    expect_throws<value_error>([&] { (void)cumsum(array()); }, "array.cumsum: argument 0 is a null array");
}

TEST(cumsum, of_narrow_floats_does_not_gather_their_rounding) {
    const array ones_of_f16 = ones({3000}, f16);
    EXPECT_EQ(slice(cumsum(ones_of_f16), {-1}).item<double>(), 3000);
}

TEST(cummax, keeps_a_nan) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const numbers y = cummax(array({1.0, 3.0, 2.0, nan, 9.0})).to_vector<double>();
    EXPECT_EQ((numbers{y[0], y[1], y[2]}), (numbers{1, 3, 3}));
    EXPECT_TRUE(std::isnan(y[3]) && std::isnan(y[4]));
    EXPECT_EQ(cummin(array({3, 1, 2})).to_vector<double>(), (numbers{3, 1, 1}));
    expect_throws<dtype_error>([] { (void)cummax(zeros({2}, c64)); }, "array.cummax: is not defined for c64");
}

TEST(linear_recurrence, starts_from_its_first_term) {
    const double inf = std::numeric_limits<double>::infinity();
    EXPECT_EQ(linear_recurrence(array({inf, 2.0, 3.0}), array({1.0, 10.0, 100.0})).to_vector<double>(),
              (numbers{1, 12, 136}));
    EXPECT_EQ(linear_recurrence(0.5, array({8.0, 0.0, 0.0})).to_vector<double>(), (numbers{8, 4, 2}));
    expect_throws<dtype_error>([] { (void)linear_recurrence(true, array({true, false})); }, "is not defined for bool");
}

}  // namespace
}  // namespace tessera
