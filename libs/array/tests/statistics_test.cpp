#include "tessera/array/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan = std::numeric_limits<double>::quiet_NaN();

TEST(var, is_the_mean_square_distance_from_the_mean) {
    const array x({{1, 3}, {2, 6}});
    EXPECT_EQ(var(x, 1).to_vector<double>(), (numbers{1, 4}));
    EXPECT_EQ(var(x, 1, false, 1).to_vector<double>(), (numbers{2, 8}));
    EXPECT_EQ(stddev(x, 1, true).to_vector<double>(), (numbers{1, 2}));
    EXPECT_TRUE(std::isnan(var(array({1.0}), all_axes, false, 1).item<double>()));
    EXPECT_EQ(var(astype(x, f16)).dtype(), f16);
    EXPECT_EQ(var(array({std::complex<float>(0, 1), std::complex<float>(0, 3)})).dtype(), f32);
}

TEST(var, survives_a_large_mean) {
    EXPECT_EQ(var(array({1e8 + 1, 1e8 + 3})).item<double>(), 1);
    EXPECT_EQ(var(astype(array({2048, 2050}), f16)).item<double>(), 1);
}

TEST(vector_norm, knows_every_order) {
    const array x{3.0, 0.0, -4.0};
    EXPECT_EQ(vector_norm(x).item<double>(), 5);
    EXPECT_EQ(vector_norm(x, all_axes, false, 1).item<double>(), 7);
    EXPECT_EQ(vector_norm(x, all_axes, false, infinity).item<double>(), 4);
    EXPECT_EQ(vector_norm(x, all_axes, false, -infinity).item<double>(), 0);
    EXPECT_EQ(vector_norm(x, all_axes, false, 0).item<double>(), 2);
    EXPECT_NEAR(vector_norm(x, all_axes, false, 3).item<double>(), std::cbrt(27.0 + 64), 1e-14);
    EXPECT_EQ(vector_norm(x, all_axes, false, -1).item<double>(), 0);
    EXPECT_EQ(vector_norm(full({2}, 300, f16)).item<double>(), 424.25) << "squares beyond f16";
    expect_throws<value_error>([&] { (void)vector_norm(x, all_axes, false, nan); }, "array.vector_norm: p must be");
}

TEST(logsumexp, neither_overflows_nor_makes_nan_of_infinities) {
    EXPECT_NEAR(logsumexp(array({1000.0, 1000.0})).item<double>(), 1000 + std::log(2.0), 1e-12);
    EXPECT_EQ(logsumexp(array({-infinity, -infinity})).item<double>(), -infinity);
    EXPECT_EQ(logsumexp(array({infinity, 1.0})).item<double>(), infinity);
    expect_throws<shape_error>([] { (void)logsumexp(zeros({2, 0}), 1); }, "array.logsumexp: needs at least one");
}

TEST(nansum, leaves_nan_out) { EXPECT_EQ(nansum(array({1.0, nan, 2.0})).item<double>(), 3); }

TEST(diff, subtracts_neighbours) {
    const array x{1, 4, 9, 16};
    EXPECT_EQ(diff(x).to_vector<double>(), (numbers{3, 5, 7}));
    EXPECT_EQ(diff(x, 2).to_vector<double>(), (numbers{2, 2}));
    EXPECT_EQ(diff(x, 9).shape(), dims{0});
    EXPECT_EQ(diff(array({true, false, false})).to_vector<double>(), (numbers{1, 0}));
    expect_throws<value_error>([&] { (void)diff(x, -1); }, "array.diff: n must not be negative, got -1");
}

TEST(quantile, lies_between_sorted_elements) {
    const array x({{4.0, 1.0, 3.0}, {10.0, 30.0, 20.0}});
    EXPECT_EQ(median(x, 1).to_vector<double>(), (numbers{3, 20}));
    EXPECT_EQ(median(x).item<double>(), 7);
    EXPECT_EQ(quantile(x, 0.25, 1, true).to_vector<double>(), (numbers{2, 15}));
    EXPECT_EQ(quantile(x, 0.25, 1, false, quantile_method::lower).to_vector<double>(), (numbers{1, 10}));
    EXPECT_EQ(quantile(x, 0.25, 1, false, quantile_method::higher).to_vector<double>(), (numbers{3, 20}));
    EXPECT_EQ(quantile(x, 0.25, 1, false, quantile_method::midpoint).to_vector<double>(), (numbers{2, 15}));
    EXPECT_EQ(quantile(x, 0.25, 1, false, quantile_method::nearest).to_vector<double>(), (numbers{1, 10}));
    EXPECT_TRUE(std::isnan(median(array({1.0, nan, 2.0})).item<double>()));
    expect_throws<value_error>([&] { (void)quantile(x, 1.5); }, "array.quantile: q must be between 0 and 1, got 1.5");
    expect_throws<shape_error>([] { (void)median(zeros({2, 0}), 1); }, "array.quantile: needs at least one element");
}

}  // namespace
}  // namespace tessera
