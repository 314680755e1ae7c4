#include "tessera/array/sorting.hpp"

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

TEST(sort, orders_every_line) {
    const array x({{3, 1, 2}, {4, 6, 5}});
    EXPECT_EQ(sort(x).to_vector<double>(), (numbers{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(sort(x, 0, true).to_vector<double>(), (numbers{4, 6, 5, 3, 1, 2}));
    EXPECT_EQ(argsort(x, -1, true).to_vector<std::int64_t>(), (integers{0, 2, 1, 1, 2, 0}));
}

TEST(sort, puts_nan_last_in_both_directions) {
    const array x{2.0, nan, -1.0, nan, 3.0};
    for (const bool descending : {false, true}) {
        const numbers y = sort(x, 0, descending).to_vector<double>();
        EXPECT_EQ((numbers{y[0], y[1], y[2]}), descending ? (numbers{3, 2, -1}) : (numbers{-1, 2, 3}));
        EXPECT_TRUE(std::isnan(y[3]) && std::isnan(y[4]));
    }
    EXPECT_EQ(argsort(x, 0, true).to_vector<std::int64_t>(), (integers{4, 0, 2, 1, 3}));
}

// Of few elements and of many, which are sorted in other ways.
TEST(sort, keeps_ties_in_their_order) {
    for (const std::int64_t n : {6, 999}) {
        std::vector<float> thirds;
        numbers zeros_of_both_signs;
        for (std::int64_t i = 0; i < n; ++i) {
            thirds.push_back(static_cast<float>(i % 3));
            zeros_of_both_signs.push_back(i % 2 == 0 ? 0.0 : -0.0);
        }
        const array x = from_span(thirds, {n});
        const integers up = argsort(x).to_vector<std::int64_t>(), down = argsort(x, 0, true).to_vector<std::int64_t>();
        for (std::size_t i = 0; i < up.size(); ++i) {
            const auto k = static_cast<std::int64_t>(i), third = n / 3;
            EXPECT_EQ(up[i], 3 * (k % third) + k / third);
            EXPECT_EQ(down[i], 3 * (k % third) + 2 - k / third);
        }
        const numbers y = sort(from_span(zeros_of_both_signs, {n})).to_vector<double>();
        for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(std::signbit(y[i]), i % 2 == 1);
    }
}

TEST(topk, gives_values_and_where_they_are) {
    const array x{2.0, 9.0, 4.0, 9.0};
    const topk_result top = topk(x, 3);
    EXPECT_EQ(top.values.to_vector<double>(), (numbers{9, 9, 4}));
    EXPECT_EQ(top.indices.to_vector<std::int64_t>(), (integers{1, 3, 2}));
    EXPECT_EQ(topk(x, 1, 0, false).values.to_vector<double>(), numbers{2});
    EXPECT_EQ(topk(x, 0).values.shape(), dims{0});
    expect_throws<shape_error>([&] { (void)topk(x, 5); }, "array.topk: k is 5 but axis 0 of (4,) has 4");
    expect_throws<dtype_error>([] { (void)topk(zeros({2}, c64), 1); }, "array.topk: is not defined for c64");
}

TEST(searchsorted, finds_the_place_that_keeps_the_order) {
    const array table{1.0, 2.0, 2.0, 5.0};
    const array values{0.0, 2.0, 6.0, nan};
    EXPECT_EQ(searchsorted(table, values).to_vector<std::int64_t>(), (integers{0, 1, 4, 4}));
    EXPECT_EQ(searchsorted(table, values, search_side::right).to_vector<std::int64_t>(), (integers{0, 3, 4, 4}));
    EXPECT_EQ(searchsorted(array({1, 3}), 2.5).item<std::int64_t>(), 1);
}

}  // namespace
}  // namespace tessera
