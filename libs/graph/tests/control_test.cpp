#include "tessera/graph/control.hpp"

#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"

namespace tessera::graph {
namespace {

using autograd::grad;
using autograd::jvp;

array vec(std::initializer_list<double> values) { return array(values); }
array as_given(const array& x) { return x; }

TEST(cond, takes_one_branch) {
    const array b = vec({10, 20});
    const auto f = [&](const array& x) {
        return cond(
            sum(x) > 0.0, [&](const array& a) { return a * b; }, [](const array& a) { return -a; }, x);
    };
    const auto g = compile(f);
    for (const array& x : {vec({1, 2}), vec({-1, -2})}) {
        expect_same(g(x), f(x));
        const auto total = [&](const array& a) { return sum(square(f(a))); };
        expect_same(compile(grad(total))(x), grad(total)(x));
        expect_same(grad(compile(total))(x), grad(total)(x));
        const auto along = [&](const array& a) { return jvp(f, a, vec({1, 3})).tangent; };
        expect_same(compile(along)(x), along(x));
        const auto second = [&](const array& a) { return autograd::hvp(total, a, vec({1, 3})); };
        expect_same(compile(second)(x), second(x));
    }
    EXPECT_EQ(g.statistics().captures, 1U);
}

TEST(cond, differentiates_what_the_branches_use_besides) {
    const auto f = [](const array& x, const array& w) {
        return sum(cond(
            sum(x) > 0.0, [&](const array& a) { return a * w * w; }, [&](const array& a) { return a - w; }, x));
    };
    const auto both = [&](const array& x, const array& w) { return grad(f)(std::tuple{x, w}); };
    for (const array& x : {vec({1, 2}), vec({-1, -2})}) {
        const auto expected = both(x, vec({3, 5})), got = compile(both)(x, vec({3, 5}));
        expect_same(std::get<0>(got), std::get<0>(expected));
        expect_same(std::get<1>(got), std::get<1>(expected));
    }
}

TEST(cond, refuses_branches_that_differ) {
    const auto f = [](const array& x) {
        return cond(
            sum(x) > 0.0, as_given, [](const array& a) { return sum(a); }, x);
    };
    expect_throws<shape_error>(
        [&] {
            (void)compile(f)(vec({1, 2}));
        },
        "graph.cond: result of on_false 0 is f64 () but should be f64 (2,)");
    const auto h = [](const array& x) {
        return cond(
            sum(x) > 0.0, as_given, [](const array& a) { return a > 0.0; }, x);
    };
    expect_throws<dtype_error>([&] { (void)compile(h)(vec({1, 2})); }, "result of on_false 0 is bool");
    expect_throws<dtype_error>([] { (void)cond(vec({1}), as_given, as_given, vec({1})); }, "one boolean of rank 0");
}

// Newton's method for the square root, as many rounds as it needs.
array root(const array& a) {
    return while_loop([&](const array& y) { return abs(y * y - a) > 1e-12 * a; },
                      [&](const array& y) { return 0.5 * (y + a / y); }, a);
}

TEST(while_loop, runs_until_its_condition_fails) {
    const auto g = compile(root);
    for (const double a : {2.0, 9.0, 1e6}) {
        EXPECT_NEAR(g(full({}, a)).item<double>(), std::sqrt(a), 1e-9 * a);
        EXPECT_EQ(g(full({}, a)).item<double>(), root(full({}, a)).item<double>());
    }
    EXPECT_EQ(g.statistics().captures, 1U);
}

TEST(while_loop, has_forward_mode) {
    const auto slope = [](const array& a) { return jvp(root, a, full({}, 1.0)).tangent; };
    EXPECT_NEAR(compile(slope)(full({}, 4.0)).item<double>(), 0.25, 1e-9);
    EXPECT_NEAR(slope(full({}, 4.0)).item<double>(), 0.25, 1e-9);
    expect_throws<not_differentiable>([] { (void)compile(grad(root))(full({}, 4.0)); }, "no reverse mode; take scan");
}

TEST(while_loop, keeps_its_states_specs) {
    const auto grows = [](const array& x) {
        return while_loop([](const array& s) { return sum(s) < 9.0; },
                          [](const array& s) {
                              return concat({s, s}, 0);
                          },
                          x);
    };
    expect_throws<shape_error>([&] { (void)grows(vec({1})); }, "what body gives for state 0 is f64 (2,)");
    expect_throws<shape_error>([&] { (void)compile(grows)(vec({1})); }, "what body gives for state 0 is f64 (2,)");
    expect_throws<dtype_error>(
        [] { (void)compile([](const array& x) { return while_loop(as_given, as_given, x); })(vec({1})); },
        "one boolean of rank 0");
}

// A recurrent network: carry h, inputs x_t, outputs h_t.
auto recurrence(const array& w) {
    return [w](const array& h, const array& x) {
        const array next = tanh(h * w + x);
        return std::pair(next, next * next);
    };
}
array recurrent_loss(const array& h, const array& xs, const array& w) {
    const auto r = scan(recurrence(w), h, xs);
    return sum(r.carry) + sum(r.ys * 0.25);
}

TEST(scan, runs_over_the_leading_axis) {
    const array xs = reshape(sin(arange(0, 15, 1, f64)), {5, 3}), h = vec({0.1, 0.2, 0.3}), w = vec({0.5, -0.5, 1});
    const auto run = [](const array& h0, const array& all, const array& w0) {
        const auto r = scan(recurrence(w0), h0, all);
        return std::pair(r.carry, r.ys);
    };
    const auto expected = run(h, xs, w), got = compile(run)(h, xs, w);
    expect_same(got.first, expected.first);
    expect_same(got.second, expected.second);
    EXPECT_EQ(expected.second.shape(), (dims{5, 3}));
    const auto none = compile(run)(h, slice(xs, {range(0, 0)}), w);
    expect_same(none.first, h);
    EXPECT_EQ(none.second.shape(), (dims{0, 3}));
    EXPECT_EQ(run(h, slice(xs, {range(0, 0)}), w).second.shape(), (dims{0, 3}));
}

TEST(scan, has_both_derivative_modes_of_any_order) {
    const array xs = reshape(sin(arange(0, 15, 1, f64)), {5, 3}), h = vec({0.1, 0.2, 0.3}), w = vec({0.5, -0.5, 1});
    const auto at = std::tuple{h, xs, w};
    const auto gradients = [](const array& a, const array& b, const array& c) {
        return grad(recurrent_loss)(std::tuple{a, b, c});
    };
    const auto expected = gradients(h, xs, w), got = compile(gradients)(h, xs, w);
    expect_same(std::get<0>(got), std::get<0>(expected), 1e-14);
    expect_same(std::get<1>(got), std::get<1>(expected), 1e-14);
    expect_same(std::get<2>(got), std::get<2>(expected), 1e-14);
    EXPECT_LT(autograd::check_gradients(recurrent_loss, at, {.order = 2}), 1e-6);
    EXPECT_LT(autograd::check_gradients(compile(recurrent_loss), at, {.order = 2}), 1e-6);
    const auto along = [&](const array& a) {
        return jvp([&](const array& b) { return recurrent_loss(h, b, w); }, a, ones_like(a)).tangent;
    };
    expect_same(compile(along)(xs), along(xs), 1e-14);
}

TEST(scan, refuses_what_does_not_fit) {
    expect_throws<shape_error>([] { (void)scan(recurrence(vec({1})), vec({1}), array(2.0)); }, "leading axis");
    const auto grows = [](const array& h, const array& x) { return std::pair(concat({h, h}, 0), x); };
    expect_throws<shape_error>([&] { (void)scan(grows, vec({1}), vec({1, 2})); }, "what body gives for carry 0");
}

}  // namespace
}  // namespace tessera::graph
