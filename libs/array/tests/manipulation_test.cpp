#include "tessera/array/manipulation.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/views.hpp"
#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using ints = std::vector<int>;

array counting(const dims& shape) { return reshape(arange(element_count(shape).value()), shape); }

void expect(const array& x, const dims& shape, const ints& values) {
    EXPECT_EQ(x.shape(), shape);
    EXPECT_EQ(x.to_vector<int>(), values);
}

TEST(concat, joins_along_an_axis_that_exists) {
    const array a{{1, 2}, {3, 4}}, b{{5, 6}};
    expect(concat({a, b}), {3, 2}, {1, 2, 3, 4, 5, 6});
    expect(concat({a, transpose(a)}, -1), {2, 4}, {1, 2, 1, 3, 3, 4, 2, 4});
    expect(concat({a}), {2, 2}, {1, 2, 3, 4});
    expect(concat({a, zeros({0, 2}, i32), b}), {3, 2}, {1, 2, 3, 4, 5, 6});
}

TEST(concat, takes_hundreds_of_arrays) {
    std::vector<array> parts;
    ints expected;
    for (int i = 0; i < 300; ++i) {
        parts.push_back(full({i % 3}, i, i32));
        expected.insert(expected.end(), static_cast<std::size_t>(i % 3), i);
    }
    EXPECT_EQ(concat(parts).to_vector<int>(), expected);
}

TEST(concat, gives_the_same_on_many_threads) {
    std::vector<array> parts;
    for (int i = 0; i < 64; ++i) parts.push_back(transpose(counting({40, 300}) + i));
    const int before = threads();
    set_threads(1);
    const std::vector<int> alone = concat(parts, 1).to_vector<int>();
    set_threads(4);
    EXPECT_EQ(concat(parts, 1).to_vector<int>(), alone);
    set_threads(before);
}

TEST(concat, promotes_dtypes) {
    EXPECT_EQ(concat({zeros({1}, i8), zeros({1}, u8)}).dtype(), i16);
    EXPECT_EQ(concat({zeros({1}, f32), zeros({1}, c64)}).dtype(), c64);
    EXPECT_EQ(concat({zeros({1}, boolean), ones({1}, f16)}).to_vector<double>(), (std::vector<double>{0, 1}));
}

TEST(concat, refuses_what_does_not_fit) {
    const array a = zeros({2, 3});
    expect_throws<shape_error>(
        [&] {
            concat({a, zeros({2, 2})});
        },
        "array.concat: array 1 has shape (2, 2), which does not fit (2, 3) of array 0 beside axis 0");
    expect_throws<shape_error>([&] { concat({a, zeros({3})}); }, "array 1 has shape (3,)");
    expect_throws<shape_error>([] { concat({}); }, "needs at least one array");
    expect_throws<shape_error>([] { concat({array(1), array(2)}); }, "rank 0");
    expect_throws<value_error>([&] { concat({a, array()}); }, "argument 1 is a null array");
    expect_throws<index_error>([&] { concat({a, a}, 2); }, "axis 2 is out of range for rank 2");
}

TEST(stack, adds_an_axis) {
    const array a{1, 2}, b{3, 4};
    expect(stack({a, b}), {2, 2}, {1, 2, 3, 4});
    expect(stack({a, b}, -1), {2, 2}, {1, 3, 2, 4});
    expect(stack({array(1), array(2)}), {2}, {1, 2});
    EXPECT_EQ(stack({zeros({}, f32), array(2.0)}).dtype(), f32);
    expect_throws<shape_error>(
        [&] {
            stack({a, zeros({3})});
        },
        "array.stack: array 1 has shape (3,), array 0 has (2,)");
}

TEST(split, gives_views_between_positions) {
    const array x = counting({6});
    const std::vector<array> parts = split(x, {1, 1, 4});
    ASSERT_EQ(parts.size(), 4U);
    expect(parts[0], {1}, {0});
    expect(parts[1], {0}, {});
    expect(parts[2], {3}, {1, 2, 3});
    expect(parts[3], {2}, {4, 5});
    EXPECT_EQ(split(zeros({2, 5}), {2}, -1)[1].shape(), (dims{2, 3}));
}

TEST(take, picks_rows_columns_and_elements) {
    const array x = counting({3, 2});
    expect(take(x, array{2, 0, -1}, 0), {3, 2}, {4, 5, 0, 1, 4, 5});
    expect(take(x, array{1, 1, 0}, 1), {3, 3}, {1, 1, 0, 3, 3, 2, 5, 5, 4});
    expect(take(x, array{{5, 0}}), {1, 2}, {5, 0});
    expect(take(x, 1, 0), {2}, {2, 3});
    expect(take(transpose(x), array{1, 0}, 0), {2, 3}, {1, 3, 5, 0, 2, 4});
    expect(take(flip(x), array{0}, 1), {3, 1}, {5, 3, 1});
    expect(take(x, zeros({0}, i64), 0), {0, 2}, {});
}

TEST(take, replaces_the_axis_by_the_shape_of_the_indices) {
    const array x = counting({2, 3, 2});
    const array at = transpose(array{{0, 2}, {1, 1}});
    expect(take(x, at, 1), {2, 2, 2, 2}, {0, 1, 2, 3, 4, 5, 2, 3, 6, 7, 8, 9, 10, 11, 8, 9});
}

TEST(take, takes_every_integer_dtype_and_every_element) {
    for (const dtype index : {i8, i16, i32, i64, u8, u16, u32, u64})
        expect(take(counting({4}), astype(array{3, 1}, index), 0), {2}, {3, 1});
    for (int d = 0; d < dtype_count; ++d) {
        const array x = astype(array{0, 1, 1, 0}, static_cast<dtype>(d));
        expect(take(x, array{1, 0}, 0), {2}, {1, 0});
    }
}

TEST(take, refuses_indices_out_of_range_before_writing) {
    const array x = counting({3});
    expect_throws<index_error>(
        [&] {
            take(x, array{0, 3}, 0);
        },
        "array.take: index 3 is out of range for axis 0 of size 3");
    expect_throws<index_error>([&] { take(x, array{-4}, 0); }, "index -4");
    expect_throws<index_error>([&] { take(zeros({0}), array{0}, 0); }, "of size 0");
    expect_throws<index_error>([&] { take(x, full({1}, UINT64_MAX, u64), 0); }, "out of range");
    expect_throws<dtype_error>([&] { take(x, array{0.0}, 0); }, "indices must be integers, got f64");
    expect_throws<index_error>([&] { take(x, array{0}, 1); }, "axis 1 is out of range for rank 1");
}

TEST(take, of_large_rows_is_the_same_on_many_threads) {
    const array x = counting({1000, 300});
    ints rows;
    for (int i = 0; i < 2000; ++i) rows.push_back(i * 7 % 1000);
    const array at = from_span(rows);
    const int before = threads();
    set_threads(1);
    const std::vector<int> alone = take(x, at, 0).to_vector<int>();
    set_threads(4);
    EXPECT_EQ(take(x, at, 0).to_vector<int>(), alone);
    set_threads(before);
    for (const std::size_t row : {0U, 143U, 1999U}) EXPECT_EQ(alone[row * 300 + 5], rows[row] * 300 + 5);
}

TEST(scatter_add, is_the_transpose_of_take) {
    expect(scatter_add(array{1, 2, 3}, array{2, 0, 2}, 0, 4), {4}, {2, 0, 4, 0});
    expect(scatter_add(array{{1, 2}, {3, 4}}, array{1, -2}, 1, 3), {2, 3}, {0, 3, 0, 0, 7, 0});
    expect(scatter_add(array{{1, 2}, {3, 4}}, array{1, 1}, 0, 2), {2, 2}, {0, 0, 4, 6});
    expect(scatter_add(array{{1, 2}, {3, 4}}, array{{0, 1}, {1, 1}}, 0, 2), {2}, {1, 9});
    expect(scatter_add(zeros({0}), zeros({0}, i32), 0, 2), {2}, {0, 0});
}

TEST(scatter_add, rounds_sums_of_narrow_floats_once) {
    // 2048 + 1 is 2048 in f16, however often.
    const array values = concat({full({1}, 2048.0, f16), full({4}, 1.0, f16)});
    EXPECT_EQ(scatter_add(values, zeros({5}, i64), 0, 1).item<float>(), 2052);
    EXPECT_EQ(scatter_add(values, zeros({5}, i64), 0, 1).dtype(), f16);
}

TEST(scatter_add, gives_the_same_bits_on_many_threads) {
    const array values = reshape(linspace(0, 1, 500 * 700), {500, 700});
    const array index = astype(arange(500) / 7.0, i64);
    const int before = threads();
    set_threads(1);
    const std::vector<double> alone = scatter_add(values, index, 0, 80).to_vector<double>();
    set_threads(4);
    EXPECT_EQ(scatter_add(values, index, 0, 80).to_vector<double>(), alone);
    set_threads(before);
}

TEST(scatter_add, refuses_what_does_not_fit) {
    expect_throws<shape_error>(
        [] {
            scatter_add(array{1, 2}, array{0, 1, 2}, 0, 4);
        },
        "values of (2,) do not have the shape (3,) of the indices at axis 0");
    expect_throws<index_error>([] { scatter_add(array{1}, array{4}, 0, 4); },
                               "index 4 is out of range for axis 0 of size 4");
    expect_throws<dtype_error>([] { scatter_add(array{true}, array{0}, 0, 4); }, "not defined for bool");
}

TEST(one_hot, marks_the_class) {
    expect(one_hot(array{2, 0}, 3), {2, 3}, {0, 0, 1, 1, 0, 0});
    EXPECT_EQ(one_hot(array{2, 0}, 3).dtype(), f32);
    expect(one_hot(transpose(array{{0, 1}, {1, 0}}), 2, i8), {2, 2, 2}, {1, 0, 0, 1, 0, 1, 1, 0});
    expect(one_hot(1, 2, boolean), {2}, {0, 1});
    expect(one_hot(zeros({0}, i32), 2), {0, 2}, {});
}

TEST(one_hot, refuses_indices_out_of_range) {
    expect_throws<index_error>([] { one_hot(array{0, 3}, 3); }, "array.one_hot: index 3 is out of range for 3 classes");
    expect_throws<index_error>([] { one_hot(array{-1}, 3); }, "index -1");
    expect_throws<dtype_error>([] { one_hot(array{1.0}, 3); }, "got f64");
}

}  // namespace
}  // namespace tessera
