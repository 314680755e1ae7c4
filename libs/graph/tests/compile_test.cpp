#include "tessera/graph/compile.hpp"

#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::graph {
namespace {

array vec(std::initializer_list<double> values) { return array(values); }

TEST(compile, gives_what_the_function_gives) {
    const auto f = [](const array& a, const array& b) { return tanh(a * b + 1.0); };
    const auto g = compile(f);
    const array a = vec({1, 2, 3}), b = vec({0.5, -1, 2});
    expect_same(g(a, b), f(a, b));
    expect_same(g(b, a), f(b, a));
    EXPECT_EQ(g.statistics().captures, 1U);
    EXPECT_EQ(g.statistics().calls, 2U);
    EXPECT_EQ(g.statistics().kernels, 1U) << g.text();
}

TEST(compile, takes_and_returns_trees_and_numbers) {
    struct point {
        array x, y;
        double scale = 1;
        auto fields() { return std::tie(x, y, scale); }
        auto fields() const { return std::tie(x, y, scale); }
    };
    const auto g = compile([](const point& p, const array& t) { return point{p.x * t * p.scale, p.y + t, p.scale}; });
    const point p = g(point{vec({1, 2}), vec({3, 4}), 2.0}, 3);
    EXPECT_EQ(p.x.to_vector<double>(), (std::vector<double>{6, 12}));
    EXPECT_EQ(p.y.to_vector<double>(), (std::vector<double>{6, 7}));
    EXPECT_EQ(p.scale, 2.0);
    const point q = g(point{vec({1, 2}), vec({3, 4}), 5.0}, 3);
    EXPECT_EQ(q.x.to_vector<double>(), (std::vector<double>{15, 30})) << "another attribute is another program";
    EXPECT_EQ(g.statistics().captures, 2U);
    EXPECT_EQ(g(q, 3.0).x.dtype(), f64);
}

TEST(compile, does_common_work_once_and_drops_what_nobody_needs) {
    const auto g = compile([](const array& x) {
        const array unused = sin(x);
        const array a = exp(x), b = exp(x);
        return matmul(a, b) + matmul(a, b);
    });
    const array x{{1.0, 2.0}, {3.0, 4.0}};
    expect_same(g(x), matmul(exp(x), exp(x)) + matmul(exp(x), exp(x)));
    EXPECT_EQ(g.statistics().kernels, 3U) << g.text();
}

TEST(compile, folds_constants) {
    const array w = vec({1, 2, 3});
    const auto g = compile([&](const array& x) { return x + sum(exp(w)); });
    expect_same(g(vec({1, 2})), vec({1, 2}) + sum(exp(w)));
    EXPECT_EQ(g.statistics().kernels, 1U) << g.text();
}

TEST(compile, keeps_views_without_kernels) {
    const auto g = compile([](const array& x) { return matmul(transpose(x), reshape(x, {3, 2})); });
    const array x{{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}};
    expect_same(g(x), matmul(transpose(x), x));
    EXPECT_EQ(g.statistics().kernels, 1U) << g.text();
    const auto h = compile([](const array& y) { return std::pair(transpose(y * 2.0), slice(y, {1})); });
    const auto [t, row] = h(x);
    expect_same(t, transpose(x * 2.0));
    expect_same(row, slice(x, {1}));
}

TEST(compile, computes_products_in_the_order_they_are_used_in) {
    const auto f = [](const array& a, const array& b) { return transpose(matmul(a, b)) * 2.0; };
    const auto g = compile(f);
    const array a = reshape(sin(arange(0, 6, 1, f64)), {2, 3}), b = reshape(cos(arange(0, 12, 1, f64)), {3, 4});
    expect_same(g(a, b), f(a, b), 1e-15);
    EXPECT_NE(g.text().find("linalg.matmul"), std::string::npos);
    EXPECT_LT(g.text().find("array.permute_dims"), g.text().find("linalg.matmul")) << g.text();
    const auto batched = compile([](const array& x, const array& y) { return matrix_transpose(matmul(x, y)); });
    const array xs = stack({a, a + 1.0}), ys = stack({b, b - 1.0});
    expect_same(batched(xs, ys), matrix_transpose(matmul(xs, ys)), 1e-15);
    expect_same(batched(xs, b), matrix_transpose(matmul(xs, b)), 1e-15);
}

// Leading axes of x are rows more: the gradient of a weight is one product, not a sum of many.
TEST(compile, steps_a_weight_of_many_matrices_with_one_product) {
    const auto step = [](const array& w, const array& x, const array& dy) {
        return w - 0.125 * autograd::grad([&](const array& v) { return sum(matmul(x, v) * dy); })(w);
    };
    const array w = reshape(arange(0, 12, 1, f64), {3, 4}), x = reshape(arange(0, 30, 1, f64), {5, 2, 3}),
                dy = reshape(arange(0, 40, 1, f64), {5, 2, 4});
    const auto g = compile(step);
    const array slope = matmul(matrix_transpose(reshape(x, {10, 3})), reshape(dy, {10, 4}));
    expect_same(step(w, x, dy), w - 0.125 * slope);
    expect_same(g(w, x, dy), w - 0.125 * slope);
    EXPECT_NE(g.text().find("linalg.addmm"), std::string::npos) << g.text();
}

// W - rate X^T dY: one product on top of W, no gradient in memory.
TEST(compile, adds_scaled_products_where_they_go) {
    const auto step = [](const array& w, const array& x, const array& dy) {
        return w - 0.125 * matmul(matrix_transpose(x), dy);
    };
    const auto count = [](const auto& f, const std::string& name) {
        const std::string all = f.text();
        std::size_t n = 0;
        for (std::size_t at = all.find(name); at != std::string::npos; at = all.find(name, at + 1)) ++n;
        return n;
    };
    const auto g = compile(step);
    // Small integers: every order of additions is exact.
    array w = reshape(arange(0, 12, 1, f32), {3, 4});
    const array x = reshape(arange(0, 6, 1, f32), {2, 3}), dy = reshape(arange(0, 8, 1, f32), {2, 4});
    expect_same(g(w, x, dy), step(w, x, dy));
    EXPECT_EQ(g.statistics().kernels, 1U) << g.text();
    EXPECT_EQ(count(g, "linalg.addmm"), 1U) << g.text();
    const array expected = step(w, x, dy);
    const void* const memory = w.node()->buffer->data;
    w = g(std::move(w), x, dy);
    EXPECT_EQ(w.node()->buffer->data, memory) << "given up, the weights are written in place";
    expect_same(w, expected);

    const auto sum = compile([](const array& c, const array& a, const array& b, const array& s) {
        return std::pair(matmul(a, b) * s + c, c + matmul(b, a));
    });
    const array a = reshape(arange(0, 4, 1, f64), {2, 2}), b = a + 1.0, c = a * 3.0, s = array(2.0) + zeros({}, f64);
    const auto [one, two] = sum(c, a, b, s);
    expect_same(one, matmul(a, b) * s + c);
    expect_same(two, c + matmul(b, a));
    EXPECT_EQ(count(sum, "linalg.addmm"), 2U) << sum.text();

    // What is read elsewhere, has no BLAS, broadcasts or goes on into other ops stays as it is.
    const auto kept = compile([](const array& m, const array& k) {
        const array p = matmul(m, m);
        return std::tuple(m - p, p, k + matmul(k, k), exp(m + matmul(m, m) * 2.0),
                          take(m, array({0}), 0) + matmul(m, m));
    });
    const array k = reshape(arange(0, 4, 1, i32), {2, 2});
    kept(a, k);
    EXPECT_EQ(count(kept, "linalg.addmm"), 0U) << kept.text();
}

// Hundreds of element-wise ops that read each other do not fit one fused op; those that are made stay in an order that
// can run.
TEST(compile, cuts_large_tangles_into_fused_ops_in_order) {
    const auto tangle = [](const array& a, const array& b) {
        std::vector<array> all{a, b};
        std::uint32_t state = 1;
        const auto any = [&] {
            state = state * 1664525U + 1013904223U;
            return all[all.size() - 1 - (state >> 16) % std::min<std::size_t>(all.size(), 40)];
        };
        for (int i = 0; i < 400; ++i) {
            const array x = any(), y = any();
            all.push_back(i % 3 == 0 ? sin(x) : i % 3 == 1 ? 0.5 * (x + y) : tanh(x * y));
        }
        array total = all.back();
        for (int i = 0; i < 30; ++i) total = total + any() * sum(any());
        return total;
    };
    const array a = vec({0.1, 0.7, -0.4}), b = vec({0.9, -0.2, 0.3});
    const auto g = compile(tangle);
    expect_same(g(a, b), tangle(a, b), 1e-14);
    EXPECT_GT(g.statistics().kernels, 3U);
}

TEST(compile, serves_every_dtype_and_layout) {
    const auto f = [](const array& a, const array& b) { return where(a > b, a * a - b, b + 2); };
    const auto g = compile(f);
    for (const dtype t : {f16, bf16, f32, f64, i8, u16, i64}) {
        const array a = astype(arange(0, 12), t), b = astype(flip(arange(0, 12)), t);
        expect_same(g(a, b), f(a, b));
        expect_same(g(reshape(a, {3, 4}), transpose(reshape(b, {4, 3}))),
                    f(reshape(a, {3, 4}), transpose(reshape(b, {4, 3}))));
        expect_same(g(flip(a), slice(b, {range(0, 1)})), f(flip(a), slice(b, {range(0, 1)})));
        expect_same(g(slice(a, {range(none, none, 3)}), slice(b, {range(2, 6)})),
                    f(slice(a, {range(none, none, 3)}), slice(b, {range(2, 6)})));
        expect_same(g(slice(a, {range(0, 0)}), slice(b, {range(0, 0)})),
                    f(slice(a, {range(0, 0)}), slice(b, {range(0, 0)})));
        expect_same(g(slice(a, {3}), slice(b, {4})), f(slice(a, {3}), slice(b, {4})));
    }
}

TEST(compile, writes_over_an_argument_that_is_given_up) {
    const auto step = compile([](const array& w, const array& g) { return w - 0.5 * g; });
    array w = ones({1000});
    const array g = ones({1000});
    const void* const memory = w.node()->buffer->data;
    w = step(std::move(w), g);
    EXPECT_EQ(w.node()->buffer->data, memory);
    EXPECT_EQ(w.to_vector<double>(), std::vector<double>(1000, 0.5));
    const array kept = w;
    const array next = step(std::move(w), g);
    EXPECT_EQ(kept.to_vector<double>(), std::vector<double>(1000, 0.5)) << "somebody else sees it";
    EXPECT_EQ(next.to_vector<double>(), std::vector<double>(1000, 0.0));
}

TEST(compile, plans_memory_by_lifetime) {
    const auto chain = compile([](const array& x) {
        array y = x;
        for (int i = 0; i < 10; ++i) y = matmul(y, x);
        return y;
    });
    const array x = eye(64);
    expect_same(chain(x), x);
    EXPECT_LE(chain.statistics().peak_bytes, 3U * 64 * 64 * 8) << "two in turns and the result";
}

TEST(compile, inside_compile_is_a_part_of_it) {
    const auto inner = compile([](const array& x) { return sin(x) * 2.0; });
    const auto outer = compile([&](const array& x) { return inner(x) + inner(x * 2.0); });
    const array x = vec({1, 2});
    expect_same(outer(x), sin(x) * 2.0 + sin(x * 2.0) * 2.0);
    EXPECT_EQ(outer.statistics().kernels, 1U);
    EXPECT_EQ(inner.statistics().captures, 0U);
}

TEST(compile, says_what_it_cannot_capture) {
    const auto reads = compile([](const array& x) { return x * x.item<double>(); });
    expect_throws<value_error>([&] { (void)reads(array(vec({2}))); }, "has no data to show before the program runs");
    const auto draws = compile([](const array& x) {
        generator g(1);
        return x + uniform(g.next(), {2});
    });
    expect_throws<value_error>([&] { (void)draws(vec({1, 2})); }, "pass the key as an argument");
    const auto nothing = compile([](const array&) { return array(); });
    expect_throws<value_error>([&] { (void)nothing(vec({1})); }, "compile: the function returned a null array");
    expect_throws<value_error>([&] { (void)nothing(array()); }, "compile: argument 0 is a null array");
    const auto mismatched = compile([](const array& a, const array& b) { return a + b; });
    expect_throws<shape_error>([&] { (void)mismatched(vec({1, 2}), vec({1, 2, 3})); }, "do not broadcast");
    expect_same(mismatched(vec({1, 2}), vec({1, 2})), vec({2, 4}));
    array escaped;
    const auto leaks = compile([&](const array& x) { return escaped = x * 2.0; });
    (void)leaks(vec({1}));
    EXPECT_THROW((void)(escaped + 1.0).to_vector<double>(), value_error);
}

TEST(compile, refuses_to_close_over_what_another_transform_traces) {
    expect_throws<value_error>(
        [] {
            (void)autograd::grad([](const array& x) {
                const auto g = compile([&](const array& y) { return sum(x * y); });
                return g(vec({1, 2}));
            })(vec({3, 4}));
        },
        "which another transform traces; pass it as an argument");
}

TEST(compile, prints_its_programs) {
    const auto g = compile([](const array& x) { return sum(exp(x), 0); }, {.sizes = open_sizes::always});
    (void)g(ones({2, 3}));
    EXPECT_NE(g.text().find("graph.fused"), std::string::npos) << g.text();
    EXPECT_NE(g.text().find("f64 (s0, s1)"), std::string::npos) << g.text();
}

TEST(compile, forgets_the_program_not_used_for_longest) {
    const auto g = compile([](const array& x) { return x + x; }, {.sizes = open_sizes::never, .most_programs = 2});
    for (int n = 1; n <= 4; ++n) (void)g(ones({n}));
    EXPECT_EQ(g.statistics().programs, 2U);
    EXPECT_EQ(g.statistics().captures, 4U);
}

}  // namespace
}  // namespace tessera::graph
