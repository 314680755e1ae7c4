#include "tessera/interop/layout.hpp"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "expect_error.hpp"

namespace tessera {
namespace {

using testing_support::expect_error;
using sizes = std::vector<std::int64_t>;

constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();

TEST(element_count, multiplies_sizes) {
    EXPECT_EQ(element_count(sizes{}), 1);
    EXPECT_EQ(element_count(sizes{2, 3, 4}), 24);
    EXPECT_EQ(element_count(sizes{0, huge}), 0);
    EXPECT_EQ(element_count(sizes{huge}), huge);
}

TEST(element_count, refuses_overflow_and_negative_sizes) {
    expect_error<shape_error>(
        [] {
            element_count(sizes{std::int64_t{1} << 32, std::int64_t{1} << 31}, "zeros");
        },
        "zeros: the number of elements of (4294967296, 2147483648) does not fit 63 bits");
    expect_error<shape_error>(
        [] {
            element_count(sizes{2, -1});
        },
        "element_count: sizes are not negative, got (2, -1)");
    EXPECT_THROW(element_count(sizes{huge, 0, 2}), shape_error);
    EXPECT_EQ(byte_count(sizes{3}, c128), 48);
    expect_error<shape_error>([] { byte_count(sizes{huge}, f64); },
                              "byte_count: the bytes of (9223372036854775807,) of f64 do not fit 63 bits");
}

TEST(row_major_strides, let_the_last_axis_run_fastest) {
    sizes strides(3);
    row_major_strides(sizes{2, 3, 4}, strides);
    EXPECT_EQ(strides, (sizes{12, 4, 1}));
    row_major_strides(sizes{2, 0, 4}, strides);
    EXPECT_EQ(strides, (sizes{4, 4, 1}));
}

TEST(is_contiguous, ignores_strides_of_axes_of_size_1) {
    EXPECT_TRUE(is_contiguous(sizes{}, sizes{}));
    EXPECT_TRUE(is_contiguous(sizes{2, 1, 3}, sizes{3, 99, 1}));
    EXPECT_FALSE(is_contiguous(sizes{2, 3}, sizes{1, 2}));
    EXPECT_FALSE(is_contiguous(sizes{4}, sizes{-1}));
    EXPECT_TRUE(is_contiguous(sizes{0, 5}, sizes{7, 7}));
}

class check_within_test : public testing::Test {
protected:
    any_view view(std::int64_t offset) const {
        return {.data = const_cast<char*>(&byte_),
                .offset = offset,
                .shape = shape_.data(),
                .strides = strides_.data(),
                .rank = static_cast<std::int32_t>(shape_.size()),
                .dtype = u8};
    }
    char byte_ = 0;
    sizes shape_{2, 3}, strides_{3, 1};
};

TEST_F(check_within_test, admits_what_stays_inside) {
    EXPECT_NO_THROW(check_within(view(0), 6));
    EXPECT_NO_THROW(check_within(view(4), 10));
    strides_ = {-3, -1};
    EXPECT_NO_THROW(check_within(view(5), 6));
    strides_ = {0, 0};
    EXPECT_NO_THROW(check_within(view(5), 6));
    shape_ = {0, 3};
    EXPECT_NO_THROW(check_within(view(1000), 0));
    shape_ = {}, strides_ = {};
    EXPECT_NO_THROW(check_within(view(0), 1));
}

TEST_F(check_within_test, refuses_what_reaches_outside) {
    expect_error<shape_error>([&] { check_within(view(1), 6, "borrow"); },
                              "borrow: shape (2, 3) with strides (3, 1) from offset 1 reaches outside of a buffer of 6 "
                              "elements");
    strides_ = {3, -1};
    EXPECT_THROW(check_within(view(1), 100), shape_error);
    EXPECT_NO_THROW(check_within(view(2), 6));
    EXPECT_THROW(check_within(view(-1), 100), shape_error);
    shape_ = {}, strides_ = {};
    EXPECT_THROW(check_within(view(0), 0), shape_error);
}

TEST_F(check_within_test, refuses_strides_that_overflow) {
    strides_ = {huge, 1};
    EXPECT_THROW(check_within(view(0), huge), shape_error);
    EXPECT_THROW(check_within(view(huge), huge), shape_error);
    strides_ = {std::numeric_limits<std::int64_t>::min(), 1};
    EXPECT_THROW(check_within(view(0), huge), shape_error);
    shape_ = {3, 3}, strides_ = {huge / 2 + 1, 0};
    EXPECT_THROW(check_within(view(0), huge), shape_error);
}

TEST_F(check_within_test, refuses_what_is_no_view) {
    any_view v = view(0);
    v.rank = 65;
    expect_error<shape_error>([&] { check_within(v, 6); }, "check_within: rank is 0 to 64, got 65");
    v = view(0);
    v.strides = nullptr;
    expect_error<shape_error>([&] { check_within(v, 6); }, "check_within: a view of rank 2 has no strides");
    v = view(0);
    v.data = nullptr;
    expect_error<shape_error>([&] { check_within(v, 6); }, "check_within: a view of shape (2, 3) has no data");
    shape_ = {2, -3};
    EXPECT_THROW(check_within(view(0), 6), shape_error);
}

}  // namespace
}  // namespace tessera
