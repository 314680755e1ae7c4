#include "tessera/array/views.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using ints = std::vector<int>;

// 0, 1, 2, ... in that shape.
array counting(const dims& shape) { return reshape(arange(element_count(shape).value()), shape); }

bool shares_memory(const array& a, const array& b) { return a.node()->buffer == b.node()->buffer; }

void expect(const array& x, const dims& shape, const ints& values) {
    EXPECT_EQ(x.shape(), shape);
    EXPECT_EQ(x.to_vector<int>(), values);
}

TEST(slice, picks_elements_and_drops_their_axes) {
    const array x = counting({2, 3});
    expect(slice(x, {1}), {3}, {3, 4, 5});
    expect(slice(x, {-1, -2}), {}, {4});
    expect(slice(x, {whole, 2}), {2}, {2, 5});
    EXPECT_TRUE(shares_memory(slice(x, {1}), x));
}

TEST(slice, walks_with_steps_in_both_directions) {
    const array x = counting({10});
    expect(slice(x, {range(1, 5)}), {4}, {1, 2, 3, 4});
    expect(slice(x, {range(none, none, 3)}), {4}, {0, 3, 6, 9});
    expect(slice(x, {range(none, none, -4)}), {3}, {9, 5, 1});
    expect(slice(x, {range(-3, none)}), {3}, {7, 8, 9});
    expect(slice(x, {range(7, 2, -2)}), {3}, {7, 5, 3});
    expect(slice(x, {range(2, 7, -1)}), {0}, {});
    expect(slice(x, {range(-100, 100)}), {10}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    expect(slice(x, {range(100, -100, -9)}), {2}, {9, 0});
    expect(slice(x, {range(3, none, INT64_MAX)}), {1}, {3});
    expect(slice(x, {range(3, none, INT64_MIN)}), {1}, {3});
}

TEST(slice, adds_axes_and_fills_up_with_an_ellipsis) {
    const array x = counting({2, 3, 2});
    expect(slice(x, {ellipsis, 0}), {2, 3}, {0, 2, 4, 6, 8, 10});
    expect(slice(x, {1, ellipsis, newaxis}), {3, 2, 1}, {6, 7, 8, 9, 10, 11});
    expect(slice(x, {newaxis, 0, 0, 0}), {1}, {0});
    expect(slice(x, {0, ellipsis, 0, 0}), {}, {0});
    expect(slice(x, {}), {2, 3, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    expect(slice(array(5), {newaxis, ellipsis}), {1}, {5});
}

TEST(slice, of_a_slice_adds_up) {
    const array x = counting({4, 6});
    const array y = slice(slice(x, {range(none, none, -1), range(1, none, 2)}), {range(1, 3), range(none, none, -1)});
    expect(y, {2, 3}, {17, 15, 13, 11, 9, 7});
}

TEST(slice, of_no_elements) {
    expect(slice(zeros({0, 3}), {whole, 1}), {0}, {});
    expect(slice(counting({3}), {range(3, none)}), {0}, {});
}

TEST(slice, refuses_what_is_out_of_range) {
    const array x = counting({2, 3});
    expect_throws<index_error>([&] { slice(x, {0, 3}); }, "array.slice: index 3 is out of range for axis 1 of size 3");
    expect_throws<index_error>([&] { slice(x, {-3}); }, "index -3 is out of range for axis 0 of size 2");
    expect_throws<index_error>([&] { slice(x, {0, 0, 0}); }, "3 entries for an array of rank 2");
    expect_throws<index_error>([&] { slice(x, {ellipsis, ellipsis}); }, "one ellipsis, got 2");
    expect_throws<value_error>([&] { slice(x, {range(0, 2, 0)}); }, "the step of a range must not be 0");
    expect_throws<value_error>([] { slice(array(), {0}); }, "null array");
    expect_throws<index_error>([] { slice(zeros({0}), {0}); }, "index 0 is out of range for axis 0 of size 0");
}

TEST(unslice, puts_values_where_the_slice_looked) {
    expect(unslice(array{1, 2}, {2, 3}, {whole, 1}), {2, 3}, {0, 1, 0, 0, 2, 0});
    expect(unslice(array{1, 2}, {4}, {range(none, none, -2)}), {4}, {0, 2, 0, 1});
    expect(unslice(zeros({0}, i32), {3}, {range(0, 0)}), {3}, {0, 0, 0});
    expect_throws<shape_error>(
        [] {
            unslice(array{1, 2, 3}, {2, 3}, {whole, 1});
        },
        "x has (3,) but that slice of (2, 3) has (2,)");
}

TEST(permute_dims, reorders_axes_without_copying) {
    const array x = counting({2, 3, 4});
    const array y = permute_dims(x, {2, 0, -2});
    EXPECT_EQ(y.shape(), (dims{4, 2, 3}));
    EXPECT_TRUE(shares_memory(x, y));
    expect(slice(y, {1}), {2, 3}, {1, 5, 9, 13, 17, 21});
    expect_throws<index_error>([&] { permute_dims(x, {0, 1}); }, "(0, 1) does not name every axis of (2, 3, 4) once");
    expect_throws<index_error>([&] { permute_dims(x, {0, 1, 1}); }, "an axis is given twice in (0, 1, 1)");
    expect_throws<index_error>([&] { permute_dims(x, {0, 1, 3}); }, "axis 3 is out of range for rank 3");
}

TEST(transpose, reverses_all_axes) {
    EXPECT_EQ(transpose(zeros({2, 3, 4})).shape(), (dims{4, 3, 2}));
    EXPECT_EQ(transpose(array(1)).shape(), dims{});
    expect(transpose(counting({2, 2})), {2, 2}, {0, 2, 1, 3});
    EXPECT_EQ(matrix_transpose(zeros({2, 3, 4})).shape(), (dims{2, 4, 3}));
    expect_throws<shape_error>([] { matrix_transpose(zeros({3})); }, "rank 2 or more, got (3,)");
}

TEST(moveaxis, keeps_the_order_of_the_others) {
    const array x = zeros({2, 3, 4, 5});
    EXPECT_EQ(moveaxis(x, 0, -1).shape(), (dims{3, 4, 5, 2}));
    EXPECT_EQ(moveaxis(x, {0, 1}, {-1, -2}).shape(), (dims{4, 5, 3, 2}));
    EXPECT_EQ(swapaxes(x, 0, 2).shape(), (dims{4, 3, 2, 5}));
    expect_throws<index_error>([&] { moveaxis(x, {0, 1}, {2}); }, "not equally many");
    expect_throws<index_error>([&] { moveaxis(x, {0, 0}, {1, 2}); }, "twice");
}

TEST(flip, runs_backwards) {
    const array x = counting({2, 3});
    expect(flip(x), {2, 3}, {5, 4, 3, 2, 1, 0});
    expect(flip(x, 0), {2, 3}, {3, 4, 5, 0, 1, 2});
    expect(flip(x, axes{-1}), {2, 3}, {2, 1, 0, 5, 4, 3});
    expect(flip(flip(x)), {2, 3}, {0, 1, 2, 3, 4, 5});
    expect(flip(zeros({0, 2})), {0, 2}, {});
    expect_throws<index_error>([&] { flip(x, 2); }, "array.flip: axis 2 is out of range for rank 2");
}

TEST(reshape, is_a_view_when_strides_can_say_it) {
    const array x = counting({4, 6});
    for (const array& y :
         {reshape(x, {24}), reshape(x, {2, 2, 3, 2}), reshape(x, {2, -1}), reshape(x, {1, 4, 1, 6, 1})})
        EXPECT_TRUE(shares_memory(x, y)) << to_string(y);
    const array every_other = slice(x, {range(none, none, 2)});  // rows 0 and 2
    EXPECT_TRUE(shares_memory(reshape(every_other, {2, 3, 2}), x));
    expect(reshape(every_other, {2, 3, 2}), {2, 3, 2}, {0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17});
    expect(reshape(flip(x), {24, 1}), {24, 1}, [] {
        ints down;
        for (int i = 23; i >= 0; --i) down.push_back(i);
        return down;
    }());
    EXPECT_TRUE(shares_memory(reshape(flip(x), {24, 1}), x));
}

TEST(reshape, copies_when_strides_cannot) {
    const array x = counting({2, 3});
    const array y = reshape(transpose(x), {6});
    EXPECT_FALSE(shares_memory(x, y));
    expect(y, {6}, {0, 3, 1, 4, 2, 5});
    expect(reshape(slice(counting({2, 4}), {whole, range(0, 3)}), {6}), {6}, {0, 1, 2, 4, 5, 6});
    expect(reshape(broadcast_to(array{1, 2}, {2, 2}), {4}), {4}, {1, 2, 1, 2});
}

TEST(reshape, fills_in_what_is_left) {
    EXPECT_EQ(reshape(zeros({2, 6}), {-1}).shape(), dims{12});
    EXPECT_EQ(reshape(zeros({2, 6}), {3, -1}).shape(), (dims{3, 4}));
    EXPECT_EQ(reshape(zeros({0, 6}), {-1, 6}).shape(), (dims{0, 6}));
    EXPECT_EQ(reshape(array(4), {1, 1}).shape(), (dims{1, 1}));
    EXPECT_EQ(reshape(zeros({1, 1}), {}).shape(), dims{});
    EXPECT_EQ(reshape(zeros({0, 6}), {3, 0, 5}).shape(), (dims{3, 0, 5}));
}

TEST(reshape, refuses_other_numbers_of_elements) {
    const array x = zeros({2, 3});
    expect_throws<shape_error>([&] { reshape(x, {4}); }, "array.reshape: (2, 3) has 6 elements, (4,) has 4");
    expect_throws<shape_error>([&] { reshape(x, {4, -1}); }, "6 elements cannot be shared out evenly by 4");
    expect_throws<shape_error>([&] { reshape(x, {-1, -1}); }, "-1 may be given once");
    expect_throws<shape_error>([&] { reshape(x, {-2, 3}); }, "got -2");
    expect_throws<shape_error>([&] { reshape(zeros({0}), {0, -1}); }, "evenly by 0");
    expect_throws<shape_error>([&] { reshape(x, {INT64_MAX, 2}); }, "64 bits");
}

TEST(broadcast_to, repeats_without_copying) {
    const array x = counting({3, 1});
    const array y = broadcast_to(x, {2, 3, 2});
    EXPECT_TRUE(shares_memory(x, y));
    expect(y, {2, 3, 2}, {0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2});
    expect(broadcast_to(array(7), {2}), {2}, {7, 7});
    expect(broadcast_to(zeros({1}), {0}), {0}, {});
    EXPECT_EQ(broadcast_to(zeros({1}), {std::int64_t{1} << 50}).size(), extent(std::int64_t{1} << 50));
}

TEST(broadcast_to, refuses_shapes_that_do_not_fit) {
    const array x = zeros({3, 2});
    expect_throws<shape_error>([&] { broadcast_to(x, {3, 4}); }, "differ at axis 1");
    expect_throws<shape_error>([&] { broadcast_to(x, {2}); }, "(3, 2) does not broadcast to (2,)");
    expect_throws<shape_error>([&] { broadcast_to(x, {1, 2}); }, "(3, 2) does not broadcast to (1, 2)");
    expect_throws<shape_error>([&] { broadcast_to(x, dims(65, extent(1))); }, "rank 65");
}

TEST(squeeze, drops_axes_of_one_element) {
    const array x = zeros({1, 3, 1, 2});
    EXPECT_EQ(squeeze(x).shape(), (dims{3, 2}));
    EXPECT_EQ(squeeze(x, 0).shape(), (dims{3, 1, 2}));
    EXPECT_EQ(squeeze(x, axes{-2, 0}).shape(), (dims{3, 2}));
    expect_throws<shape_error>([&] { squeeze(x, 1); }, "array.squeeze: axis 1 of (1, 3, 1, 2) is longer than 1");
}

TEST(expand_dims, counts_axes_in_the_result) {
    const array x = zeros({3, 2});
    EXPECT_EQ(expand_dims(x, 0).shape(), (dims{1, 3, 2}));
    EXPECT_EQ(expand_dims(x, -1).shape(), (dims{3, 2, 1}));
    EXPECT_EQ(expand_dims(x, axes{0, 2, -1}).shape(), (dims{1, 3, 1, 2, 1}));
    expect_throws<index_error>([&] { expand_dims(x, 3); }, "axis 3 is out of range for rank 3");
    expect_throws<shape_error>([] { expand_dims(zeros(dims(64, extent(1))), 0); }, "rank 65");
}

TEST(views, go_up_to_rank_64) {
    dims shape(64, extent(1));
    shape[10] = 2;
    shape[40] = 3;
    const array x = counting(shape);
    const array y = flip(transpose(x), 23);
    EXPECT_EQ(y.shape()[23], extent(3));
    EXPECT_EQ(squeeze(y).to_vector<int>(), (ints{2, 5, 1, 4, 0, 3}));
    EXPECT_EQ((y + y).rank(), 64);
    EXPECT_EQ(squeeze(contiguous(y)).to_vector<int>(), (ints{2, 5, 1, 4, 0, 3}));
}

TEST(contiguous, copies_only_what_is_not) {
    const array x = counting({2, 3});
    EXPECT_TRUE(shares_memory(contiguous(x), x));
    const array y = contiguous(transpose(x));
    EXPECT_TRUE(y.is_contiguous());
    EXPECT_FALSE(shares_memory(x, y));
    expect(y, {3, 2}, {0, 3, 1, 4, 2, 5});
}

TEST(view, keeps_the_memory_alive_and_is_never_written_through) {
    array x = counting({4});
    const array y = slice(x, {range(1, 3)});
    x += 10;
    expect(y, {2}, {1, 2});
    x = array();
    expect(y, {2}, {1, 2});
}

}  // namespace
}  // namespace tessera
