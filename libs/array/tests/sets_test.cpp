#include "tessera/array/sets.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;
const double nan = std::numeric_limits<double>::quiet_NaN();

TEST(unique_all, says_where_values_are_first_which_one_each_is_and_how_many) {
    const array x({{3, 1, 3}, {7, 1, 3}});
    const unique_result u = unique_all(x);
    EXPECT_EQ(u.values.to_vector<double>(), (numbers{1, 3, 7}));
    EXPECT_EQ(u.indices.to_vector<std::int64_t>(), (integers{1, 0, 3}));
    EXPECT_EQ(u.inverse_indices.shape(), x.shape());
    EXPECT_EQ(u.inverse_indices.to_vector<std::int64_t>(), (integers{1, 0, 1, 2, 0, 1}));
    EXPECT_EQ(u.counts.to_vector<std::int64_t>(), (integers{2, 3, 1}));
}

TEST(unique_all, counts_nan_as_one_value) {
    const unique_result u = unique_all(array({nan, 2.0, nan}));
    EXPECT_EQ(u.counts.to_vector<std::int64_t>(), (integers{1, 2}));
    EXPECT_TRUE(std::isnan(u.values.to_vector<double>()[1]));
    EXPECT_EQ(unique_values(array({nan, nan})).shape(), dims{1});
}

TEST(unique_all, of_nothing_is_nothing) {
    const unique_result u = unique_all(zeros({0, 3}));
    for (const array& part : {u.values, u.indices, u.counts}) EXPECT_EQ(part.shape(), dims{0});
    EXPECT_EQ(u.inverse_indices.shape(), (dims{0, 3}));
    EXPECT_EQ(unique_values(array({5})).to_vector<double>(), numbers{5});
    expect_throws<dtype_error>([] { (void)unique_all(zeros({2}, c64)); }, "array.unique_all: is not defined for c64");
    expect_throws<value_error>([] { (void)unique_values(array()); }, "array.unique_values: argument 0");
}

TEST(sets, are_what_their_names_say) {
    const array a{4, 1, 4, 2}, b{2, 9, 4};
    EXPECT_EQ(isin(a, b).to_vector<double>(), (numbers{1, 0, 1, 1}));
    EXPECT_EQ(isin(a, zeros({0}, i32)).to_vector<double>(), (numbers{0, 0, 0, 0}));
    EXPECT_EQ(intersect1d(a, b).to_vector<double>(), (numbers{2, 4}));
    EXPECT_EQ(union1d(a, b).to_vector<double>(), (numbers{1, 2, 4, 9}));
    EXPECT_EQ(setdiff1d(a, b).to_vector<double>(), numbers{1});
    expect_throws<value_error>([&] { (void)isin(a, array()); }, "array.isin: argument 1 is a null array");
}

TEST(bincount, counts_every_number) {
    EXPECT_EQ(bincount(array({1, 3, 1}), 5).to_vector<std::int64_t>(), (integers{0, 2, 0, 1, 0}));
    EXPECT_EQ(bincount(zeros({0}, i32)).shape(), dims{0});
    expect_throws<index_error>([] { (void)bincount(array({1, -1})); }, "out of range");
    expect_throws<dtype_error>([] { (void)bincount(array({1.5})); }, "array.bincount: takes integers, got f64");
    expect_throws<shape_error>([] { (void)bincount(array({{1}})); }, "array.bincount: takes a list, got shape (1, 1)");
}

TEST(histogram, closes_its_last_bin) {
    const array edges{0.0, 1.0, 2.0};
    EXPECT_EQ(histogram(array({0.0, 1.0, 2.0, 2.0, 3.0, -1.0, nan}), edges).to_vector<std::int64_t>(),
              (integers{1, 3}));
    EXPECT_EQ(digitize(array({-1.0, 1.0, 5.0}), edges).to_vector<std::int64_t>(), (integers{0, 2, 3}));
    EXPECT_EQ(digitize(array({-1.0, 1.0, 5.0}), edges, true).to_vector<std::int64_t>(), (integers{0, 1, 3}));
    expect_throws<shape_error>(
        [] {
            (void)histogram(array({1.0}), zeros({2, 2}));
        },
        "array.histogram: edges must have rank 1, got (2, 2)");
}

}  // namespace
}  // namespace tessera
