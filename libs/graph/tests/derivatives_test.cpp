// Compiled functions under transforms, and transforms under compile.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::graph {
namespace {

using autograd::grad;
using autograd::hvp;
using autograd::jvp;
using autograd::value_and_grad;
using autograd::vjp;

array loss(const array& w, const array& x) { return mean(square(tanh(matmul(x, w)) - 0.5)); }
array numbers(const dims& shape) { return reshape(sin(arange(0, element_count(shape).value(), 1, f64)), shape); }
const array w = numbers({4, 3}), x = numbers({5, 4}), v = numbers({4, 3}) * 0.5;

TEST(compile_of_grad, is_grad) {
    const auto g = compile([](const array& a, const array& b) { return value_and_grad(loss)(a, b); });
    const auto expected = value_and_grad(loss)(w, x);
    const auto got = g(w, x);
    expect_same(got.value, expected.value, 1e-14);
    expect_same(got.gradient, expected.gradient, 1e-14);
}

TEST(grad_of_compile, is_grad) {
    const auto c = compile(loss);
    expect_same(grad(c)(w, x), grad(loss)(w, x), 1e-14);
    expect_same(jvp([&](const array& a) { return c(a, x); }, w, v).tangent,
                jvp([&](const array& a) { return loss(a, x); }, w, v).tangent, 1e-14);
}

TEST(second_derivatives, go_through_compile_in_any_order) {
    const auto c = compile(loss);
    const auto at_x = [](const array& a) { return loss(a, x); };
    const auto compiled_at_x = [&](const array& a) { return c(a, x); };
    const array expected = hvp(at_x, w, v);
    expect_same(hvp(compiled_at_x, w, v), expected, 1e-13);
    expect_same(compile([&](const array& a) { return hvp(at_x, a, v); })(w), expected, 1e-13);
    expect_same(compile([&](const array& a) { return hvp(compiled_at_x, a, v); })(w), expected, 1e-13);
    expect_same(grad([&](const array& a) { return sum(grad(compiled_at_x)(a) * v); })(w), expected, 1e-13);
    expect_same(grad([&](const array& a) { return sum(compile(grad(at_x))(a) * v); })(w), expected, 1e-13);
}

TEST(pullback_of_compile, may_be_called_later_and_again) {
    const auto c = compile([](const array& a) { return std::pair(sin(a), a * a); });
    const auto [value, pullback] = vjp(c, x);
    const array ones_like_x = ones_like(x);
    expect_same(pullback({ones_like_x, zeros_like(x)}), cos(x), 1e-15);
    expect_same(pullback({array(), ones_like_x}), 2.0 * x, 1e-15);
}

TEST(compiled_derivatives, serve_every_size) {
    const auto c = compile(loss, {.sizes = open_sizes::always});
    for (const int n : {5, 9, 3}) expect_same(grad(c)(w, numbers({n, 4})), grad(loss)(w, numbers({n, 4})), 1e-14);
    EXPECT_EQ(c.statistics().captures, 1U);
    const auto g = compile(grad(loss), {.sizes = open_sizes::always});
    for (const int n : {5, 9, 3}) expect_same(g(w, numbers({n, 4})), grad(loss)(w, numbers({n, 4})), 1e-14);
    EXPECT_EQ(g.statistics().captures, 1U) << g.text();
}

TEST(compile_of_grad, refuses_what_grad_refuses) {
    const auto g = compile(grad([](const array& a) { return a * 2.0; }));
    expect_throws<shape_error>([&] { (void)g(x); }, "the function must return a scalar");
    expect_throws<dtype_error>([&] { (void)compile(grad(loss))(arange(3), x); }, "only floats");
}

}  // namespace
}  // namespace tessera::graph
