#include "tessera/array/advanced_indexing.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;

array cube() { return reshape(arange(24), {2, 3, 4}); }

TEST(getitem, puts_the_shape_of_indices_where_their_axis_was) {
    const array y = getitem(cube(), {whole, array({2, 0}), 1});
    EXPECT_EQ(y.shape(), (dims{2, 2}));
    EXPECT_EQ(y.to_vector<double>(), (numbers{9, 1, 21, 13}));
    EXPECT_EQ(getitem(cube(), {whole, array({{2}, {-3}})}).shape(), (dims{2, 2, 1, 4}));
}

TEST(getitem, puts_indices_first_that_a_slice_separates) {
    const array y = getitem(cube(), {array({1, 0}), whole, array({3, 0})});
    EXPECT_EQ(y.shape(), (dims{2, 3}));
    EXPECT_EQ(y.to_vector<double>(), (numbers{15, 19, 23, 0, 4, 8}));
    EXPECT_EQ(getitem(cube(), {0, whole, array({3, 0})}).shape(), (dims{2, 3}));
}

TEST(getitem, broadcasts_indices_and_takes_masks) {
    const array x({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(getitem(x, {array({{0}, {1}}), array({0, 2})}).to_vector<double>(), (numbers{1, 3, 4, 6}));
    EXPECT_EQ(getitem(x, {x > 2}).to_vector<double>(), (numbers{3, 4, 5, 6}));
    EXPECT_EQ(getitem(x, {ellipsis, array({true, false, true})}).to_vector<double>(), (numbers{1, 3, 4, 6}));
    EXPECT_EQ(getitem(x, {array({false, false})}).shape(), (dims{0, 3}));
    EXPECT_EQ(getitem(x, {1, range(none, none, -1)}).to_vector<double>(), (numbers{6, 5, 4}));
}

TEST(getitem, refuses_what_does_not_fit) {
    const array x = zeros({2, 3});
    expect_throws<index_error>(
        [&] {
            (void)getitem(x, {array({true, false, true})});
        },
        "array.getitem: a mask of (3,) does not fit the axes from 0 on of (2, 3)");
    expect_throws<index_error>(
        [&] {
            (void)getitem(x, {0, 0, array({1})});
        },
        "array.getitem: entries for 3 axes of an array of rank 2");
    expect_throws<index_error>([&] { (void)getitem(x, {array({0}), array({3})}); }, "index 3 is out of range");
    expect_throws<dtype_error>(
        [&] {
            (void)getitem(x, {array({0.5}), 0});
        },
        "array.getitem: an array of an index holds integers or booleans, got f64");
    expect_throws<value_error>([&] { (void)getitem(array(), {0}); }, "array.getitem: argument 0 is a null array");
}

TEST(setitem, gives_a_changed_copy) {
    const array x({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(setitem(x, {0, range(1, none)}, array({7, 8})).to_vector<double>(), (numbers{1, 7, 8, 4, 5, 6}));
    EXPECT_EQ(setitem(x, {x > 4}, 0).to_vector<double>(), (numbers{1, 2, 3, 4, 0, 0}));
    EXPECT_EQ(setitem(x, {whole, array({0, 0})}, array({8, 9})).to_vector<double>(), (numbers{9, 2, 3, 9, 5, 6}));
    EXPECT_EQ(x.to_vector<double>(), (numbers{1, 2, 3, 4, 5, 6}));
    expect_throws<dtype_error>([&] { (void)setitem(x, {0}, 0.5); }, "array.setitem: a value of f64 would change");
    expect_throws<shape_error>([&] { (void)setitem(x, {0}, array({1, 2})); }, "array.setitem");
}

}  // namespace
}  // namespace tessera
