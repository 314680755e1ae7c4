#include <gtest/gtest.h>

#include <sstream>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/views.hpp"

namespace tessera {
namespace {

TEST(to_string, puts_a_row_on_a_line) {
    EXPECT_EQ(to_string(array{{1, 2}, {3, 4}}), "[[1, 2],\n [3, 4]]");
    EXPECT_EQ(to_string(array{{1, -20}, {3, 4}}), "[[  1, -20],\n [  3,   4]]");
    EXPECT_EQ(to_string(array{true, false}), "[ true, false]");
}

TEST(to_string, leaves_a_blank_line_between_matrices) {
    EXPECT_EQ(to_string(reshape(arange(8), {2, 2, 2})), "[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]");
}

TEST(to_string, aligns_the_points) {
    EXPECT_EQ(to_string(array{1.0, 2.5, 10.0}), "[ 1. ,  2.5, 10. ]");
    EXPECT_EQ(to_string(array{1.0, 2.0}), "[1., 2.]");
    EXPECT_EQ(to_string(array{0.1f, 0.25f}), "[0.1 , 0.25]");
    EXPECT_EQ(to_string(astype(array{0.1, 0.25}, f16)), "[0.1 , 0.25]");
    EXPECT_EQ(to_string(array{1.0 / 3}), "[0.33333333]");
}

TEST(to_string, is_scientific_for_wide_ranges) {
    EXPECT_EQ(to_string(array{1e-5, 2.0}), "[1.e-05, 2.e+00]");
    EXPECT_EQ(to_string(array{1.5e10, -2.0}), "[ 1.5e+10, -2.0e+00]");
}

TEST(to_string, shows_what_is_no_number) {
    EXPECT_EQ(to_string(array{NAN, 1.5f, -INFINITY}), "[ nan,  1.5, -inf]");
    EXPECT_EQ(to_string(array{INFINITY}), "[inf]");
}

TEST(to_string, of_complex_numbers) {
    using c = std::complex<double>;
    EXPECT_EQ(to_string(array{c(1, 2), c(-3.5, -1)}), "[ 1. +2.i, -3.5-1.i]");
}

TEST(to_string, of_one_number_has_no_brackets) {
    EXPECT_EQ(to_string(array(3)), "3");
    EXPECT_EQ(to_string(array(3.0)), "3.0");
    EXPECT_EQ(to_string(zeros({}, f32)), "0.0");
    EXPECT_EQ(to_string(array(std::complex<double>(1, -2))), "1.0-2.0i");
    EXPECT_EQ(to_string(array(true)), "true");
    EXPECT_EQ(to_string(array(1e300)), "1.0e+300");
}

TEST(to_string, of_nothing) {
    EXPECT_EQ(to_string(array()), "array(null)");
    EXPECT_EQ(to_string(zeros({0})), "[]");
    EXPECT_EQ(to_string(zeros({2, 0})), "[]");
}

TEST(to_string, shortens_long_axes) {
    EXPECT_EQ(to_string(arange(2000)), "[   0,    1,    2, ..., 1997, 1998, 1999]");
    EXPECT_EQ(to_string(reshape(arange(2000), {1000, 2})),
              "[[   0,    1],\n [   2,    3],\n [   4,    5],\n ...,\n [1994, 1995],\n [1996, 1997],\n [1998, 1999]]");
    EXPECT_EQ(to_string(broadcast_to(array(1), dims(5, extent(10)))).find("..."),
              8U);                                                               // "[[[[[1, ..., 1],": the ends alone
    EXPECT_EQ(to_string(broadcast_to(array(1), dims(40, extent(2)))), "[...]");  // 2^40 elements
}

TEST(to_string, breaks_long_rows) {
    const std::string s = to_string(arange(40));
    EXPECT_EQ(s.substr(0, 85),
              "[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,\n 20,");
}

TEST(to_string, sees_strides) {
    EXPECT_EQ(to_string(transpose(array{{1, 2}, {3, 4}})), "[[1, 3],\n [2, 4]]");
    EXPECT_EQ(to_string(flip(array{1, 2})), "[2, 1]");
}

TEST(print, goes_to_streams) {
    std::ostringstream out;
    out << array{1, 2};
    EXPECT_EQ(out.str(), "[1, 2]");
}

}  // namespace
}  // namespace tessera
