// Numbers small enough to check by hand; the test table covers dtypes, layouts and derivatives.
#include "tessera/array/indexing.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;
using integers = std::vector<std::int64_t>;

TEST(take_along_axis, picks_in_every_line) {
    const array x({{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}});
    EXPECT_EQ(take_along_axis(x, array({{2}, {-3}}), 1).to_vector<double>(), (numbers{3, 4}));
    EXPECT_EQ(take_along_axis(x, array({{1, 0, 1}}), 0).to_vector<double>(), (numbers{4, 2, 6}));
}

TEST(put_along_axis, takes_the_last_of_several) {
    const array x{1.0, 2.0, 3.0};
    EXPECT_EQ(put_along_axis(x, array({0, 2, 0}), array({7.0, 8.0, 9.0}), 0).to_vector<double>(), (numbers{9, 2, 8}));
    EXPECT_EQ(put_along_axis(x, array({0, 2, 0}), 5, 0, scatter_mode::add).to_vector<double>(), (numbers{11, 2, 8}));
    EXPECT_EQ(put_along_axis(x, array({0, 1}), 2, 0, scatter_mode::maximum).to_vector<double>(), (numbers{2, 2, 3}));
    EXPECT_EQ(x.to_vector<double>(), (numbers{1, 2, 3}));
}

TEST(put_along_axis, writes_nothing_when_an_index_is_out_of_range) {
    const array out({7.0, 8.0});
    const std::uint64_t huge[] = {0, ~std::uint64_t{0}};
    expect_throws<index_error>([&] { (void)put_along_axis(out, array({0, 2}), 1.0, 0); }, "index 2 is out of range");
    expect_throws<index_error>(
        [&] {
            (void)take_along_axis(out, array({huge[0], huge[1]}), 0);
        },
        "index 18446744073709551615 is out of range for axis 0 of size 2");
    EXPECT_EQ(out.to_vector<double>(), (numbers{7, 8}));
}

TEST(index_add, adds_rows_that_may_repeat) {
    const array x = zeros({3, 2});
    const array rows({{1.0, 2.0}, {10.0, 20.0}, {100.0, 200.0}});
    EXPECT_EQ(index_add(x, array({2, 0, 2}), rows, 0).to_vector<double>(), (numbers{10, 20, 0, 0, 101, 202}));
    expect_throws<value_error>([&] { (void)index_add(x, array(), rows, 0); }, "array.index_add: argument 1");
}

TEST(index_add, rounds_a_sum_of_narrow_floats_once) {
    const array many = full({300}, 1, f16);
    const array sum = index_add(full({1}, 2048, f16), zeros({300}, i64), many, 0);
    EXPECT_EQ(sum.to_vector<double>(), numbers{2348});
}

TEST(nonzero, lists_positions_in_row_major_order) {
    const array x({{0, 3, 0}, {1, 0, -2}});
    const std::vector<array> at = nonzero(transpose(x));
    ASSERT_EQ(at.size(), 2U);
    EXPECT_EQ(at[0].to_vector<std::int64_t>(), (integers{0, 1, 2}));
    EXPECT_EQ(at[1].to_vector<std::int64_t>(), (integers{1, 0, 1}));
    EXPECT_EQ(flatnonzero(x).to_vector<std::int64_t>(), (integers{1, 3, 5}));
    EXPECT_EQ(count_nonzero(x, 0).to_vector<std::int64_t>(), (integers{1, 1, 1}));
    EXPECT_EQ(nonzero(zeros({4, 0}))[1].shape(), dims{0});
    expect_throws<shape_error>([] { (void)nonzero(array(1.0)); }, "array.nonzero: an array of rank 0");
    expect_throws<value_error>([] { (void)count_nonzero(array()); }, "array.count_nonzero: argument 0");
}

TEST(arange, counts_sizes) {
    const extent n = zeros({3}).extent(0);
    EXPECT_EQ(arange(n).to_vector<std::int64_t>(), (integers{0, 1, 2}));
}

}  // namespace
}  // namespace tessera
