// Compiled functions under transforms, and transforms under compile.
#include <gtest/gtest.h>

#include <atomic>

#include "expect.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/array/rules.hpp"
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

// y = 2 x, and it is known how often.
std::atomic<int> doublings{0};
void register_counted(registry& r);
constinit const op counted_op{
    .name = "test.counted",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::same,
    .jvp = [](const jvp_args& args, std::span<array> out) { out[0] = args.tangents[0] * 2.0; },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = args.cotangents[0] * 2.0; },
    .saves = saves::nothing,
    .registers = register_counted,
};
void register_counted(registry& r) {
    r.add(counted_op);
    r.add_kernel(cpu.kind, counted_op.name, {.run = [](const kernel_args& args) {
                     ++doublings;
                     const auto* from = args.in[0].first<double>();
                     for (std::int64_t i = 0; i < args.out[0].size(); ++i) args.out[0].first<double>()[i] = 2 * from[i];
                 }});
}

TEST(grad_of_compile, computes_the_way_there_once) {
    const auto f = [](const array& a, const array& b) {
        const array y = sin(call(counted_op, {}, a * b));
        return std::pair(sum(square(y) * exp(b)), y);
    };
    const auto c = compile(f);
    const auto loss_of = [](const auto& g) { return [&g](const array& a) { return g(a, x).first; }; };
    const array expected = grad(loss_of(f))(x);
    doublings = 0;
    expect_same(grad(loss_of(c))(x), expected, 1e-14);
    EXPECT_EQ(doublings, 1);

    // Both results are pulled back, then only one of them; the record may be walked again.
    const auto at_x = [&](const auto& g) { return [&g](const array& a) { return g(a, x); }; };
    const auto [plain_value, plain] = vjp(at_x(f), x);
    doublings = 0;
    const auto [value, pullback] = vjp(at_x(c), x);
    expect_same(value.second, plain_value.second);
    for (const auto& ct : {std::pair(array(2.0), x), std::pair(array(), x), std::pair(array(-1.0), array())})
        expect_same(pullback(ct), plain(ct), 1e-14);
    EXPECT_EQ(doublings, 1);

    // Derivatives of both kinds of the pullback itself.
    const array direction = cos(x);
    expect_same(hvp(loss_of(c), x, direction), hvp(loss_of(f), x, direction), 1e-13);
    const auto twice = [&](const auto& g) {
        return grad([&](const array& a) { return sum(grad(loss_of(g))(a) * direction); })(x);
    };
    expect_same(twice(c), twice(f), 1e-13);
}

TEST(compile_of_grad, refuses_what_grad_refuses) {
    const auto g = compile(grad([](const array& a) { return a * 2.0; }));
    expect_throws<shape_error>([&] { (void)g(x); }, "the function must return a scalar");
    expect_throws<dtype_error>([&] { (void)compile(grad(loss))(arange(3), x); }, "only floats");
}

}  // namespace
}  // namespace tessera::graph
