// What the test table does not say: singular matrices, large batches, derivatives at known points.
#include "tessera/linalg/solve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tessera/array/ops.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera {
namespace {

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

array matrix(std::initializer_list<std::initializer_list<double>> rows) { return array(rows); }

TEST(solve, names_the_singular_matrix_and_its_pivot) {
    const array regular = matrix({{2, 1}, {1, 3}}), singular = matrix({{1, 2}, {2, 4}});
    EXPECT_EQ(text_of<singular_matrix>([&] { solve(singular, ones({2})); }),
              "linalg.solve: linalg_views.solve: the (2, 2) matrix is singular: pivot 2 is zero");
    const array batch = stack({regular, singular, regular, zeros({2, 2})}, 0);
    EXPECT_EQ(text_of<singular_matrix>([&] { inv(batch); }),
              "linalg.inv: matrix 1 of 4: linalg_views.inverse: the (2, 2) matrix is singular: pivot 2 is zero");
}

TEST(slogdet, of_singular_empty_and_huge_matrices) {
    const auto [sign, log] = slogdet(stack({matrix({{1, 2}, {2, 4}}), matrix({{0, 1}, {1, 0}})}, 0));
    EXPECT_EQ(sign.to_vector<double>(), (std::vector<double>{0, -1}));
    EXPECT_EQ(log.to_vector<double>(), (std::vector<double>{-INFINITY, 0}));
    EXPECT_EQ(det(zeros({0, 0})).item<double>(), 1);
    EXPECT_EQ(det(matrix({{1, 2}, {2, 4}})).item<double>(), 0);
    const auto huge = slogdet(eye(400) * 1e3);  // the determinant itself is beyond f64
    EXPECT_EQ(huge.sign.item<double>(), 1);
    EXPECT_NEAR(huge.logabsdet.item<double>(), 400 * std::log(1e3), 1e-9);
}

TEST(solve, narrow_floats_are_computed_in_f32_and_integers_refused) {
    const array a = matrix({{2, 0}, {0, 4}});
    EXPECT_EQ(det(astype(a, f16)).dtype(), f32);
    EXPECT_EQ(solve(astype(a, bf16), ones({2}, bf16)).to_vector<double>(), (std::vector<double>{0.5, 0.25}));
    EXPECT_EQ(text_of<dtype_error>([&] { inv(astype(a, i32)); }),
              "linalg.inv: takes floats and complex numbers, got i32; astype(a, f64) makes them");
}

TEST(solve, large_systems_have_small_residuals) {
    const array a = reshape(sin(square(arange(0, 300 * 300, 1, f64))), {300, 300}) + eye(300) * 5.0;
    const array b = reshape(cos(arange(0, 300 * 4, 1, f64)), {300, 4});
    EXPECT_LT(max(abs(matmul(a, solve(a, b)) - b)).item<double>(), 1e-11);
    EXPECT_LT(max(abs(matmul(a, inv(a)) - eye(300))).item<double>(), 1e-11);
}

TEST(solve, refuses_what_has_no_columns) {
    EXPECT_EQ(text_of<shape_error>([] { solve(eye(2), array(1.0)); }),
              "linalg.solve: the right side is a vector or matrices, got rank 0");
    EXPECT_EQ(text_of<value_error>([] { solve(array(), eye(2)); }), "linalg.solve: argument 0 is a null array");
    EXPECT_EQ(text_of<value_error>([] { inv(array()); }), "linalg.inv: argument 0 is a null array");
}

}  // namespace
}  // namespace tessera
