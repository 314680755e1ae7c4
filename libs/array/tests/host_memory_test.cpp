#include "tessera/array/host_memory.hpp"

#include <gtest/gtest.h>

#include <array>

#include "expect_throws.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using ints = std::vector<int>;

TEST(array_of_values, has_rank_one_or_two) {
    EXPECT_EQ((array{1, 2, 3}.shape()), dims{3});
    const array m{{1.5, 2.0}, {3.0, 4.0}, {5.0, 6.0}};
    EXPECT_EQ(m.shape(), (dims{3, 2}));
    EXPECT_EQ(m.dtype(), f64);
    EXPECT_EQ(m.to_vector<double>(), (std::vector<double>{1.5, 2, 3, 4, 5, 6}));
    EXPECT_EQ((array{true, false}.to_vector<bool>()), (std::vector<bool>{true, false}));
}

TEST(array_of_values, refuses_ragged_rows) {
    expect_throws<shape_error>([] { (void)array{{1, 2}, {3}}; }, "row 1 has 1 values but the first has 2");
}

TEST(from_span, copies_any_contiguous_range) {
    std::vector<float> v{1, 2, 3, 4, 5, 6};
    const array x = from_span(v, {2, 3});
    v[0] = 100;
    EXPECT_EQ(x.dtype(), f32);
    EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(from_span(std::array{1, 2}).shape(), dims{2});
    EXPECT_EQ(from_span(std::span<const float>(v)).shape(), dims{6});
    EXPECT_EQ(from_span(std::vector<int>{}, {0, 3}).shape(), (dims{0, 3}));
}

TEST(from_span, refuses_a_shape_that_the_values_do_not_fill) {
    expect_throws<shape_error>(
        [] {
            (void)from_span(ints{1, 2, 3}, {2, 2});
        },
        "from_span: 3 values do not fill shape (2, 2)");
}

TEST(to_vector, is_row_major_whatever_the_strides) {
    const array x = from_span(ints{1, 2, 3, 4, 5, 6}, {2, 3});
    EXPECT_EQ(transpose(x).to_vector<int>(), (ints{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(flip(x, 1).to_vector<float>(), (std::vector<float>{3, 2, 1, 6, 5, 4}));
    EXPECT_EQ(array(2.5).to_vector<double>(), std::vector<double>{2.5});
    EXPECT_EQ(array(2.5).to_vector<int>(), ints{2});
}

TEST(from_view, copies_strided_data) {
    ints v{1, 2, 3, 4, 5, 6};
    const std::int64_t shape[] = {2, 2}, steps[] = {-3, 2};
    any_view view{v.data(), 3, shape, steps, 2, i32, cpu, 0};
    EXPECT_EQ(from_view(view).to_vector<int>(), (ints{4, 6, 1, 3}));
}

TEST(from_view, refuses_what_is_no_view) {
    const std::int64_t shape[] = {2}, negative[] = {-2}, steps[] = {1};
    const std::int64_t huge[] = {std::int64_t{1} << 40, std::int64_t{1} << 40}, two[] = {1, 1};
    expect_throws<value_error>(
        [&] {
            from_view({nullptr, 0, shape, steps, 1, i32, cpu, 0});
        },
        "shape (2,) has no data");
    expect_throws<value_error>([&] { from_view({nullptr, 0, nullptr, steps, 1, i32, cpu, 0}); }, "has no shape");
    expect_throws<value_error>([&] { from_view({nullptr, 0, shape, nullptr, 1, i32, cpu, 0}); }, "has no strides");
    expect_throws<shape_error>([&] { from_view({nullptr, 0, negative, steps, 1, i32, cpu, 0}); }, "(-2,)");
    expect_throws<shape_error>([&] { from_view({nullptr, 0, huge, two, 2, i32, cpu, 0}); }, "63 bits");
    expect_throws<shape_error>([&] { from_view({nullptr, 0, shape, steps, 65, i32, cpu, 0}); }, "got 65");
    int one = 1;
    expect_throws<device_error>(
        [&] {
            from_view({&one, 0, nullptr, nullptr, 0, i32, device{99, 0}, 0});
        },
        "device(99):0");
    expect_throws<device_error>(
        [&] {
            from_view({&one, 0, nullptr, nullptr, 0, i32, cpu, 0}, device{99, 0});
        },
        "device(99):0");
}

TEST(borrow, sees_the_callers_memory) {
    ints v{1, 2, 3, 4};
    const array x = borrow(v.data(), {2, 2});
    v[3] = 9;
    EXPECT_EQ(x.to_vector<int>(), (ints{1, 2, 3, 9}));
}

TEST(borrow, releases_once_when_the_last_view_is_gone) {
    ints v{1, 2, 3, 4};
    int released = 0;
    {
        array column;
        {
            const array x = borrow(v.data(), {2, 2}, [&] { ++released; });
            const array copy = x;
            column = slice(x, {whole, 1});
        }
        EXPECT_EQ(released, 0);
        EXPECT_EQ(column.to_vector<int>(), (ints{2, 4}));
    }
    EXPECT_EQ(released, 1);
}

TEST(borrow, refuses_an_unknown_device) {
    int one = 1;
    expect_throws<device_error>(
        [&] {
            borrow({&one, 0, nullptr, nullptr, 0, i32, device{99, 0}, 0}, 1);
        },
        "device(99):0");
}

TEST(borrow, of_nothing_releases_too) {
    int released = 0;
    {
        const array x = borrow(static_cast<int*>(nullptr), {0}, [&] { ++released; });
    }
    EXPECT_EQ(released, 1);
}

TEST(borrow, takes_strides_within_the_buffer) {
    const ints v{1, 2, 3, 4, 5, 6};
    EXPECT_EQ(borrow(v.data(), {3, 2}, {1, 3}, 6).to_vector<int>(), (ints{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(borrow(v.data(), {4, 2}, {0, 1}, 6).to_vector<int>(), (ints{1, 2, 1, 2, 1, 2, 1, 2}));
}

TEST(borrow, refuses_strides_out_of_the_buffer_and_keeps_its_hands_off) {
    ints v{1, 2, 3, 4, 5, 6};
    int released = 0;
    const auto release = [&] { ++released; };
    expect_throws<shape_error>(
        [&] {
            (void)borrow(v.data(), {3, 2}, {2, 2}, 6, release);
        },
        "borrow: shape (3, 2) with strides (2, 2) from offset 0 reaches outside of a buffer of 6 elements");
    expect_throws<shape_error>([&] { (void)borrow(v.data(), {2}, {-1}, 6, release); }, "strides (-1,)");
    expect_throws<shape_error>([&] { (void)borrow(v.data(), {2, 2}, {1}, 6, release); }, "1 strides for shape (2, 2)");
    expect_throws<value_error>([&] { (void)borrow(static_cast<int*>(nullptr), {2}, release); }, "has no data");
    expect_throws<shape_error>([&] { (void)borrow(v.data(), {INT64_MAX, 4}, release); }, "63 bits");
    EXPECT_EQ(released, 0);
}

TEST(borrow, is_written_by_out_alone_and_never_when_const) {
    ints v{1, 2, 3};
    array x = borrow(v.data(), {3});
    x += 1;
    EXPECT_EQ(v, (ints{1, 2, 3}));
    const array view = borrow(v.data(), {3});
    add(x, 10, view);
    EXPECT_EQ(v, (ints{12, 13, 14}));
    const ints fixed{1, 2, 3};
    const array read_only = borrow(fixed.data(), {3});
    expect_throws<value_error>([&] { add(x, 10, read_only); }, "read-only");
}

}  // namespace
}  // namespace tessera
