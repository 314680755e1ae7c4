// Transforms inside transforms.
#include "expect.hpp"

namespace tessera::autograd {

namespace {
const auto quartic = [](const array& x) { return square(square(x)); };  // x^4
array rosenbrock(const array& v) {
    const array x = slice(v, {0}), y = slice(v, {1});
    return square(1.0 - x) + 100.0 * square(y - x * x);
}
}  // namespace

TEST(nesting, grad_of_grad_of_grad) {
    EXPECT_EQ(grad(quartic)(2.0).item<double>(), 32.0);
    EXPECT_EQ(grad(grad(quartic))(2.0).item<double>(), 48.0);
    EXPECT_EQ(grad(grad(grad(quartic)))(2.0).item<double>(), 48.0);
    EXPECT_EQ(grad(grad(grad(grad(quartic))))(2.0).item<double>(), 24.0);
    EXPECT_EQ(grad(grad(grad(grad(grad(quartic)))))(2.0).item<double>(), 0.0);
}

TEST(nesting, jvp_of_grad) {
    const auto [g, dg] = jvp(grad(quartic), array(2.0), array(1.0));
    EXPECT_EQ(g.item<double>(), 32.0);
    EXPECT_EQ(dg.item<double>(), 48.0);
}

TEST(nesting, grad_of_jvp) {
    const auto slope = [](const array& x) { return jvp(quartic, x, array(1.0)).tangent; };
    EXPECT_EQ(grad(slope)(2.0).item<double>(), 48.0);
}

TEST(nesting, jvp_of_jvp_keeps_its_directions_apart) {
    // d/dx (x d/dy (x + y)) = 1: a confusion of the two directions gives 2.
    const auto f = [](const array& x) {
        return x * jvp([&](const array& y) { return x + y; }, array(1.0), array(1.0)).tangent;
    };
    EXPECT_EQ(jvp(f, array(3.0), array(1.0)).tangent.item<double>(), 1.0);
    EXPECT_EQ(grad(f)(3.0).item<double>(), 1.0);
}

TEST(nesting, an_inner_transform_sees_outer_values_as_constants) {
    // d/dx [x * d/dy (x y^2)|_{y=x}] = d/dx 2 x^3
    const auto f = [](const array& x) { return x * grad([&](const array& y) { return x * y * y; })(x); };
    EXPECT_EQ(grad(f)(3.0).item<double>(), 54.0);
    EXPECT_EQ(jvp(f, array(3.0), array(1.0)).tangent.item<double>(), 54.0);
}

TEST(nesting, hvp_of_rosenbrock_is_the_hessian_times_v) {
    const array x = vec({1, 2});  // H = [[1200 - 800 + 2, -400], [-400, 200]]
    expect_values(hvp(rosenbrock, x, vec({1, 0})), {402, -400});
    expect_values(hvp(rosenbrock, x, vec({0, 1})), {-400, 200});
}

TEST(nesting, hvp_takes_trees) {
    const auto f = [](const std::vector<array>& v) { return sum(v[0] * v[0] * v[1]); };
    const auto h = hvp(f, std::vector{vec({1, 2}), vec({3, 4})}, std::vector{vec({1, 1}), vec({0, 0})});
    expect_values(h[0], {6, 8});
    expect_values(h[1], {2, 4});
}

TEST(nesting, grad_through_a_pullback_made_outside) {  // d/dc of (2 x) c with x = 3
    const auto made = vjp(quartic, array(3.0));
    EXPECT_EQ(grad([&](const array& c) { return made.pullback(c); })(1.0).item<double>(), 108.0);
    EXPECT_EQ(jvp(made.pullback, array(1.0), array(2.0)).tangent.item<double>(), 216.0);
}

TEST(nesting, grad_through_a_pullback_made_inside) {
    const auto f = [](const array& x) {
        const auto made = vjp(quartic, x);
        return made.value + made.pullback(x);  // x^4 + 4 x^4
    };
    EXPECT_EQ(grad(f)(2.0).item<double>(), 160.0);
}

TEST(nesting, a_pullback_may_outlive_the_transform_around_its_making) {
    std::optional<decltype(vjp(quartic, array(1.0)))> kept;
    const auto f = [&](const array& x) {
        kept.emplace(vjp([](const array& y) { return y * y; }, stop_gradient(x)));
        return x * x;
    };
    EXPECT_EQ(grad(f)(3.0).item<double>(), 6.0);
    EXPECT_EQ(vjp(f, array(5.0)).pullback(array(1.0)).item<double>(), 10.0);
}

TEST(nesting, checks_of_second_and_third_order) {
    const auto f = [](const array& x, const array& y) { return tanh(x * y) / (1.0 + exp(-x)); };
    const auto at = std::tuple{vec({0.3, -0.8}), vec({1.1, 0.4})};
    EXPECT_LT(check_gradients(f, at, {.order = 3}), 1e-6);
}

}  // namespace tessera::autograd
