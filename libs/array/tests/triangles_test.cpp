#include "tessera/array/triangles.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

using numbers = std::vector<double>;

TEST(tril, keeps_what_lies_on_and_below_a_diagonal) {
    const array x({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(tril(x).to_vector<double>(), (numbers{1, 0, 0, 4, 5, 0}));
    EXPECT_EQ(triu(x, 1).to_vector<double>(), (numbers{0, 2, 3, 0, 0, 6}));
    EXPECT_EQ(tril(x, INT64_MAX).to_vector<double>(), (numbers{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(triu(x, INT64_MAX).to_vector<double>(), (numbers{0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(triu(x, INT64_MIN).to_vector<double>(), (numbers{1, 2, 3, 4, 5, 6}));
}

TEST(diagonal, is_a_view_of_any_two_axes) {
    const array x = reshape(arange(24), {2, 3, 4});
    EXPECT_EQ(diagonal(x).to_vector<double>(), (numbers{0, 5, 10, 12, 17, 22}));
    EXPECT_EQ(diagonal(x, 0, 0, 1).shape(), (dims{4, 2}));
    EXPECT_EQ(diagonal(x, 0, 0, 1).to_vector<double>(), (numbers{0, 16, 1, 17, 2, 18, 3, 19}));
    const array seen = diagonal(x);
    EXPECT_EQ(seen.view().data, x.view().data);
    EXPECT_EQ(diagonal(x, 9).shape(), (dims{2, 0}));
}

TEST(diag, goes_from_vectors_to_matrices_and_back) {
    const array v{1.0, 2.0};
    EXPECT_EQ(diag(v).to_vector<double>(), (numbers{1, 0, 0, 2}));
    EXPECT_EQ(diag(v, -1).to_vector<double>(), (numbers{0, 0, 0, 1, 0, 0, 0, 2, 0}));
    EXPECT_EQ(diag(diag(v, 1), 1).to_vector<double>(), (numbers{1, 2}));
    EXPECT_EQ(trace(array({{1, 2}, {3, 4}})).item<double>(), 5);
    expect_throws<shape_error>([] { (void)diag(zeros({1, 1, 1})); }, "array.diag: takes a vector or a matrix");
    expect_throws<value_error>([] { (void)diag(array()); }, "array.diag: argument 0 is a null array");
}

}  // namespace
}  // namespace tessera
