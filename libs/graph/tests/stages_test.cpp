// Memory of programs with branches, loops and sizes that depend on data.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/graph/control.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::graph {
namespace {

constexpr std::size_t kib = 1024;

array numbers(const dims& shape) { return reshape(sin(arange(0, element_count(shape).value(), 1, f64)), shape); }

// Most bytes that one call has handed out at once, beside what is there before; arrays of 64 KiB and less do not count.
template <class F> std::size_t peak_of(const F& f) {
    (void)f();
    const std::size_t before = cpu_memory::current().in_use_bytes;
    cpu_memory::reset_peak();
    (void)f();
    return cpu_memory::current().peak_bytes - before;
}

array halve_if_large(const array& x) {
    return cond(
        sum(x) > 1e6, [](const array& a) { return a * 0.5; }, [](const array& a) { return a + 0.0; }, x);
}

TEST(stages, plan_what_lies_between_branches) {
    const array x = numbers({128, 128}) * 0.1;  // 128 KiB
    const auto chain = [](const array& from, const array& by) {
        array y = from;
        for (int i = 0; i < 6; ++i) y = matmul(y, by);
        return y;
    };
    const auto f = [&](const array& a) { return chain(halve_if_large(chain(a, a)), a); };
    const auto g = compile(f);
    expect_same(g(x), f(x), 1e-15);
    expect_same(g(2.0 * x), f(2.0 * x), 1e-15);
    const compile_statistics s = g.statistics();
    EXPECT_EQ(s.captures, 1U);
    EXPECT_GE(s.plans, 2U);
    EXPECT_EQ(s.kernels, 15U) << "twelve products, a sum, a comparison and a branch" << g.text();
    EXPECT_GE(s.peak_bytes, 256 * kib);
    EXPECT_LE(s.peak_bytes, 4U * 128 * kib + kib) << "what comes and goes, two in turns and the result";
    EXPECT_LE(peak_of([&] { return g(x); }), 6U * 128 * kib);
    // Another size is another plan of the same program, whose values have other sizes.
    const auto open = compile(f, {.sizes = open_sizes::always});
    for (const std::int64_t n : {3, 1, 5, 3}) expect_same(open(numbers({n, n})), f(numbers({n, n})), 1e-15);
    EXPECT_EQ(open.statistics().captures, open.statistics().programs);
}

TEST(stages, plan_for_every_size_that_data_tell) {
    const auto f = [](const array& x) {
        const array scaled = exp(x) * 2.0 + x;
        const extent n = to_extent(sum(astype(x > 0.0, i64)));
        const array steps = cumsum(full({n}, scalar_value(1.0)), 0);
        const array table = exp(expand_dims(steps, 1) * -0.5) + expand_dims(steps, 0);  // (n, n)
        return std::pair(sum(table * table, 0), scaled * scalar_of(n * 2 + 1));
    };
    const auto g = compile(f);
    for (const array& x : {array{1.0, 2.0, 3.0, -4.0}, array{1.0, 2.0, -3.0, -4.0}, array{1.0, 2.0, 3.0, 4.0},
                           array{1.0, 2.0, 3.0, -1.0}}) {
        const auto expected = f(x), got = g(x);
        expect_same(got.first, expected.first, 1e-15);
        expect_same(got.second, expected.second, 1e-15);
    }
    EXPECT_EQ(g.statistics().captures, 1U);
    EXPECT_EQ(g.statistics().eager_runs, 0U);
    EXPECT_GE(g.statistics().plans, 4U) << "one before, and one for each of three sizes";
    EXPECT_GT(g.statistics().peak_bytes, 0U);
}

TEST(stages, lend_memory_only_of_what_nobody_sees) {
    // a is a result and is viewed, b is a constant, c is an argument given twice: none may be written over.
    const array b = numbers({8, 8});
    const auto f = [&](const array& c, const array& d) {
        const array a = c * 2.0;
        const array turned = transpose(a);
        const array after = halve_if_large(a) + turned;
        const array twice = halve_if_large(b) * 3.0 + c;
        return std::vector<array>{a, exp(after), turned + 1.0, twice + d, exp(c)};
    };
    const array c = numbers({8, 8}), kept = c + 0.0, b_kept = b + 0.0;
    const auto g = compile(f);
    for (int round = 0; round < 3; ++round) {
        const auto got = g(c, c), expected = f(c, c);
        for (std::size_t i = 0; i < got.size(); ++i) expect_same(got[i], expected[i], 1e-15);
        expect_same(c, kept);
        expect_same(b, b_kept);
    }
    array given = numbers({8, 8});
    const auto got = g(std::move(given), c), expected = f(kept, c);
    for (std::size_t i = 0; i < got.size(); ++i) expect_same(got[i], expected[i], 1e-15);
}

TEST(loops, write_over_states_that_nobody_sees) {
    const array x = numbers({128, 128}), w = numbers({128, 128}) * 0.01;  // 128 KiB
    const auto f = [](const array& a, const array& by) {
        return while_loop([](const array&, const array& i) { return i < 20; },
                          [&](const array& y, const array& i) { return std::pair(y * 0.5 + by, i + 1); },
                          std::pair(a, full({}, 0, i32)))
            .first;
    };
    const auto g = compile(f);
    expect_same(g(x, w), f(x, w), 1e-15);
    EXPECT_LE(peak_of([&] { return g(x, w); }), 130 * kib) << "one state, which every round writes over";
    expect_same(x, numbers({128, 128}));

    const auto many = [](const array& a, const array& by) {
        return scan(
                   [&](const array& y, const array& e) {
                       const array next = y * 0.5 + by * e;
                       return std::pair(next, next * next);
                   },
                   a, arange(0, 20, 1, f64))
            .ys;
    };
    const auto h = compile(many);
    expect_same(h(x, w), many(x, w), 1e-14);
    EXPECT_LE(peak_of([&] { return h(x, w); }), (3 + 20) * 128 * kib + 4 * kib)
        << "two carries in turns, one y, and all ys once";
}

TEST(loops, keep_states_that_somebody_sees) {
    // States swap, one is used twice, one is a view of another, one stays as it is, and the start is used afterwards.
    const auto f = [](const array& a, const array& b) {
        const auto end =
            while_loop([](const array&, const array&, const array&, const array&, const array& i) { return i < 5; },
                       [&](const array& p, const array& q, const array& r, const array& s, const array& i) {
                           const array next = q * 0.5 + a;
                           return std::tuple(next, p, next, transpose(p) + r * s, i + 1);
                       },
                       std::tuple(a, b, a, b, full({}, 0, i32)));
        return std::vector<array>{std::get<0>(end), std::get<1>(end), std::get<2>(end), std::get<3>(end), a + b};
    };
    const array a = numbers({4, 4}), b = numbers({4, 4}) + 1.0;
    const auto got = compile(f)(a, b), expected = f(a, b);
    for (std::size_t i = 0; i < got.size(); ++i) expect_same(got[i], expected[i], 1e-14);
    const auto ys = [](const array& x, const array& es) {  // y is the carry, new and old
        const auto r = scan(
            [](const array& c, const array& e) {
                const array next = transpose(c) * 0.5 + e;
                return std::pair(next, std::tuple(next, c, transpose(next), full({}, 2.0)));
            },
            x, es);
        return std::vector<array>{r.carry, std::get<0>(r.ys), std::get<1>(r.ys), std::get<2>(r.ys), std::get<3>(r.ys)};
    };
    const auto got_ys = compile(ys)(a, numbers({6})), expected_ys = ys(a, numbers({6}));
    for (std::size_t i = 0; i < got_ys.size(); ++i) expect_same(got_ys[i], expected_ys[i], 1e-14);
    const auto unchanged = [](const array& x) {
        return while_loop([](const array&, const array&, const array& i) { return i < 3; },
                          [](const array& p, const array& q, const array& i) { return std::tuple(p, q + p, i + 1); },
                          std::tuple(x * 2.0, x, full({}, 0, i32)));
    };
    expect_same(std::get<1>(compile(unchanged)(a)), std::get<1>(unchanged(a)));
    expect_same(std::get<0>(compile(unchanged)(a)), 2.0 * a);
}

}  // namespace
}  // namespace tessera::graph
