#include "tessera/linalg_views/solve.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::linalg_views {
namespace {

using matrix_view = array_view<double, dextents<2>>;

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(views_solve, reads_and_writes_any_strides_in_place) {
    std::vector<double> memory{0, 2, 1, 0, 0, 0, 4, 0, 0};  // columns of a, reversed rows
    const matrix_view a(memory.data() + 2, dextents<2>(3, 3), {-1, 3});
    std::vector<double> right{1, 9, 2, 9, 8, 9};
    const matrix_view b(right.data(), dextents<2>(3, 1), {2, 1});
    std::vector<double> expected(3);
    const auto at = [&](int i) { return a(i, 0) * expected[0] + a(i, 1) * expected[1] + a(i, 2) * expected[2]; };
    memory = {0, 2, 1, 1, 0, 0, 0, 0, 4};
    const std::vector<double> before = right;
    solve(as_any(a), as_any(b), as_any(b));
    for (std::size_t i = 0; i < 3; ++i) expected[i] = right[2 * i];
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(at(i), before[static_cast<std::size_t>(2 * i)], 1e-14);
    EXPECT_EQ(right[1], 9);

    std::vector<double> m{0, 2, 4, 0};
    const matrix_view square(m.data(), dextents<2>(2, 2));
    EXPECT_EQ(determinant(as_any(square)), -8.0);
    const auto [sign, log_magnitude] = slogdet(as_any(square));
    EXPECT_EQ(sign, -1.0);
    EXPECT_NEAR(log_magnitude, std::log(8.0), 1e-15);
    inverse(as_any(square), as_any(square));
    EXPECT_EQ(m, (std::vector<double>{0, 0.25, 0.5, 0}));
}

TEST(views_solve, refuses_bad_operands_before_out_is_touched) {
    std::vector<double> a{1, 2, 2, 4}, b{1, 2}, out{7, 7};
    const matrix_view matrix(a.data(), dextents<2>(2, 2)), right(b.data(), dextents<2>(2, 1)),
        to(out.data(), dextents<2>(2, 1)), row(b.data(), dextents<2>(1, 2));
    EXPECT_EQ(text_of<singular_matrix>([&] { solve(as_any(matrix), as_any(right), as_any(to)); }),
              "linalg_views.solve: the (2, 2) matrix is singular: pivot 2 is zero");
    EXPECT_EQ(text_of<shape_error>([&] { solve(as_any(right), as_any(right), as_any(to)); }),
              "linalg_views.solve: takes a square matrix, got (2, 1)");
    EXPECT_EQ(text_of<shape_error>([&] { solve(as_any(matrix), as_any(row), as_any(to)); }),
              "linalg_views.solve: shapes do not fit: (2, 2) and (1, 2)");
    EXPECT_EQ(text_of<shape_error>([&] { inverse(as_any(matrix), as_any(to)); }),
              "linalg_views.inverse: out is (2, 1) for (2, 2)");
    any_view wrong = as_any(matrix);
    wrong.dtype = i64;
    EXPECT_EQ(text_of<dtype_error>([&] { determinant(wrong); }),
              "linalg_views.determinant: takes f32, f64, c64, c128, got i64");
    any_view read_only = as_any(to);
    read_only.flags = view_read_only;
    EXPECT_EQ(text_of<value_error>([&] { solve(as_any(matrix), as_any(right), read_only); }),
              "linalg_views.solve: out is read-only");
    EXPECT_EQ(out, (std::vector<double>{7, 7}));
    EXPECT_EQ(slogdet(as_any(matrix)).log_magnitude, -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace tessera::linalg_views
