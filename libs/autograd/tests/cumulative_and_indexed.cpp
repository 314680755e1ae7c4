// Where the plain formula of a derivative would divide by zero, or see one place written twice.
#include "expect.hpp"
#include "tessera/array/cumulative.hpp"
#include "tessera/array/indexing.hpp"

namespace tessera::autograd {

namespace {

using numbers = std::vector<double>;

// The gradient of a weighted sum of f's elements.
template <class F> numbers weighted_gradient(const F& f, const array& x) {
    const auto loss = [&](const array& v) {
        const array y = f(v);
        return sum(y * reshape(arange(1, y.size().value() + 1, 1, f64), y.shape()));
    };
    return grad(loss)(x).template to_vector<double>();
}

}  // namespace

TEST(cumprod, has_a_gradient_at_zeros) {
    const auto f = [](const array& x) { return cumprod(x); };
    // y = (a, ab, abc): a + 2ab + 3abc
    EXPECT_EQ(weighted_gradient(f, array({0.0, 5.0, 7.0})), (numbers{1 + 10 + 105, 0, 0}));
    EXPECT_EQ(weighted_gradient(f, array({2.0, 0.0, 7.0})), (numbers{1, 4 + 42, 0}));
    EXPECT_EQ(weighted_gradient(f, array({0.0, 0.0, 7.0})), (numbers{1, 0, 0}));
    EXPECT_LT(check_gradients(f, array({2.0, 0.0, 3.0, 0.0, 5.0}), {.order = 2}), 1e-6);
}

TEST(cummax, gives_the_derivative_to_the_latest_of_tied_elements) {
    const auto f = [](const array& x) { return cummax(x); };
    EXPECT_EQ(weighted_gradient(f, array({1.0, 3.0, 2.0, 3.0, 1.0})), (numbers{1, 5, 0, 9, 0}));
}

TEST(put_along_axis, gives_the_derivative_to_the_value_that_stayed) {
    const array indices{1, 1, 0};
    const auto of_values = [&](const array& v) { return put_along_axis(zeros({3}), indices, v, 0); };
    EXPECT_EQ(weighted_gradient(of_values, array({4.0, 5.0, 6.0})), (numbers{0, 2, 1}));
    const auto of_x = [&](const array& x) { return put_along_axis(x, indices, array({4.0, 5.0, 6.0}), 0); };
    EXPECT_EQ(weighted_gradient(of_x, array({7.0, 8.0, 9.0})), (numbers{0, 0, 3}));
}

TEST(put_along_axis, shares_the_derivative_of_an_extreme_among_those_that_tie) {
    const auto f = [](const array& v) {
        return put_along_axis(array({3.0, 3.0}), array({0, 0, 1}), v, 0, scatter_mode::maximum);
    };
    EXPECT_EQ(weighted_gradient(f, array({3.0, 3.0, 2.0})), (numbers{1.0 / 3, 1.0 / 3, 0}));
}

}  // namespace tessera::autograd
