// Functions with derivatives of their own inside compiled functions, differentiated inside and outside.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/graph/control.hpp"

namespace tessera::graph {
namespace {

using namespace autograd;

array numbers(const dims& shape) { return reshape(sin(arange(1, element_count(shape).value() + 1, 1, f64)), shape); }

// exp(x) x, whose slope claims to be 10 x: rules that are used show.
array plain(const array& x) { return exp(x) * x; }
const auto bent_vjp = custom_vjp(plain, [](const array& x, const array&, const array& ct) { return ct * x * 10.0; });
const auto bent_jvp = custom_jvp(plain, [](const array& x, const array&, const array& dx) { return dx * x * 10.0; });

using unary = std::function<array(const array&)>;

// Derivatives of f compiled, taken outside, are those of f.
void expect_rules_kept(const unary& f, const array& x, double tolerance = 1e-14) {
    for (const open_sizes sizes : {open_sizes::when_they_change, open_sizes::always}) {
        const auto c = compile(f, {.sizes = sizes});
        const auto total = [&](const unary& g) { return [g](const array& v) { return sum(square(g(v))); }; };
        const unary compiled_f = [&](const array& v) { return c(v); };
        for (const array& at : {x, concat({x, 2.0 * x}, 0)}) {
            expect_same(c(at), f(at), tolerance);
            const array along = cos(at);
            expect_same(jvp(compiled_f, at, along).tangent, jvp(f, at, along).tangent, tolerance);
            expect_same(grad(total(compiled_f))(at), grad(total(f))(at), tolerance);
            expect_same(compile(grad(total(compiled_f)))(at), grad(total(f))(at), tolerance);
            expect_same(hvp(total(compiled_f), at, along), hvp(total(f), at, along), tolerance);
            const auto twice = [&](const unary& g) {
                return grad([&](const array& v) { return sum(square(grad(total(g))(v))); })(at);
            };
            expect_same(twice(compiled_f), twice(f), tolerance);
            const array many = stack({at, -at, 3.0 * at}, 0);
            expect_same(vmap(compiled_f)(many), vmap(f)(many), tolerance);
            expect_same(vmap(grad(total(compiled_f)))(many), vmap(grad(total(f)))(many), tolerance);
            expect_same(grad([&](const array& v) { return sum(square(vmap(compiled_f)(v))); })(many),
                        vmap(grad(total(f)))(many), tolerance);
            const auto of_compiled = compile(total(compiled_f));
            expect_same(grad(of_compiled)(at), grad(total(f))(at), tolerance);
        }
    }
}

const array x = numbers({3});

TEST(custom_rules, are_used_when_a_compiled_function_is_differentiated_outside) {
    expect_same(grad(compile([](const array& v) { return sum(bent_vjp(v)); }))(x), 10.0 * x, 1e-15);
    for (const unary& f : {unary(bent_vjp), unary(bent_jvp)}) {
        expect_rules_kept(f, x);
        expect_rules_kept([&](const array& v) { return tanh(f(v * 2.0)) + f(sin(v)); }, x);
    }
}

TEST(custom_rules, do_not_keep_what_a_function_does_from_fusing) {
    const auto c = compile([](const array& v) { return bent_vjp(v * 2.0) + 1.0; });
    expect_same(c(x), plain(x * 2.0) + 1.0, 1e-15);
    EXPECT_EQ(c.statistics().kernels, 1U) << c.text();
    EXPECT_EQ(c.text().find("custom"), std::string::npos) << c.text();
}

TEST(custom_rules, nest) {
    // One within the other: the outer rule hides the inner one, in forward and reverse.
    const auto outer = custom_vjp([](const array& v) { return bent_vjp(v) + bent_jvp(v * v); },
                                  [](const array& v, const array& y, const array& ct) { return ct * (v + y); });
    expect_rules_kept(outer, x);
    // A rule that has a function with rules within.
    const auto by_rule = custom_vjp([](const array& v) { return v * v; },
                                    [](const array& v, const array&, const array& ct) { return ct * bent_vjp(v); });
    expect_rules_kept(by_rule, x);
}

TEST(custom_rules, of_several_arguments_and_results) {
    const auto f = custom_vjp(
        [](const array& a, const array& b) { return std::pair(a * b, a + b); },
        [](const std::tuple<array, array>& in, const std::pair<array, array>& y, const std::pair<array, array>& ct) {
            return std::tuple(ct.first * std::get<1>(in) * 7.0 + ct.second, ct.first * y.second);
        });
    const auto loss = [&](const array& a, const array& b) {
        const auto [product, total] = f(a, b);
        return sum(product * total);
    };
    const auto at = std::tuple(numbers({4}), numbers({4}) + 2.0);
    const auto expected = grad(loss)(at), got = grad(compile(loss))(at);
    expect_same(std::get<0>(got), std::get<0>(expected), 1e-14);
    expect_same(std::get<1>(got), std::get<1>(expected), 1e-14);
}

TEST(custom_rules, are_kept_in_branches_and_loops) {
    expect_rules_kept(
        [](const array& v) {
            return cond(
                sum(v) > 0.0, [](const array& a) { return bent_vjp(a); }, [](const array& a) { return bent_jvp(-a); },
                v);
        },
        x);
    expect_rules_kept(
        [](const array& v) {
            return scan([](const array& c, const array& e) { return std::pair(bent_vjp(c) * 0.1 + e, c); }, v * 0.5,
                        array{0.5, 0.25, 0.125})
                .carry;
        },
        x, 1e-13);
}

TEST(custom_rules, may_use_constants_and_sizes) {
    const array w = numbers({1}) + 2.0;
    const auto f =
        custom_vjp([&](const array& v) { return v * w * scalar_of(v.extent(0)) + ones({v.extent(0)}); },
                   [&](const array& v, const array&, const array& ct) { return ct * w * scalar_of(v.extent(0) * 2); });
    expect_rules_kept(f, x);
    // Around it: a size that no argument of the function shows.
    const auto with_outer_size = [](const array& v) {
        const extent n = v.extent(0);
        const auto scaled = custom_vjp([n](const array& a) { return a * scalar_of(n); },
                                       [](const array&, const array&, const array& ct) { return ct * 5.0; });
        return scaled(sum(v)) * v;
    };
    const auto c = compile(with_outer_size, {.sizes = open_sizes::always});
    for (const std::int64_t n : {3, 5}) {
        const auto total = [](const auto& g) { return [&g](const array& v) { return sum(square(g(v))); }; };
        expect_same(c(numbers({n})), with_outer_size(numbers({n})), 1e-15);
        expect_same(grad(total(c))(numbers({n})), grad(total(with_outer_size))(numbers({n})), 1e-14);
    }
    EXPECT_EQ(c.statistics().captures, 1U);
}

TEST(custom_rules, keep_literals_weak) {
    const auto one = custom_vjp([](const array&) { return array(2.0); },
                                [](const array& v, const array&, const array&) { return zeros_like(v); });
    const array narrow = astype(x, f32);
    const auto f = [&](const array& v) { return v * one(v); };
    expect_same(compile(f)(narrow), f(narrow));
    EXPECT_EQ(compile(f)(narrow).dtype(), f32);
}

TEST(custom_rules, refuse_what_is_traced_and_no_argument) {
    // The function reads v, which it is not given: its rule says nothing about v.
    const auto f = [](const array& v) {
        return sum(custom_vjp([&](const array& a) { return a * v; },
                              [](const array& a, const array&, const array& ct) { return ct * a; })(v * 2.0));
    };
    expect_same(compile(f)(x), sum(2.0 * x * x), 1e-15);
    expect_throws<value_error>([&] { (void)grad(f)(x); }, "autograd.custom_vjp");
    expect_throws<value_error>([&] { (void)grad(compile(f))(x); },
                               "autograd.custom_vjp: the function uses f64 (3,), which a transform traces, besides its "
                               "arguments; pass it as an argument");
    expect_throws<value_error>([&] { (void)jvp(compile(f), x, x); }, "besides its arguments");
    expect_throws<value_error>([&] { (void)vmap(compile(f))(stack({x, x}, 0)); }, "besides its arguments");
    const auto by_rule = [](const array& v) {
        return sum(custom_vjp([](const array& a) { return a * a; },
                              [v](const array&, const array&, const array& ct) { return ct * v; })(v * 2.0));
    };
    expect_throws<value_error>([&] { (void)grad(compile(by_rule))(x); }, "pass it as an argument");
}

}  // namespace
}  // namespace tessera::graph
