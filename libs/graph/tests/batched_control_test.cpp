// vmap of branches and loops against a loop over the examples, eager and compiled, with derivatives.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/graph/control.hpp"

namespace tessera::graph {
namespace {

using namespace autograd;

array numbers(const dims& shape) {
    return 2.0 * reshape(sin(arange(1, element_count(shape).value() + 1, 1, f64)), shape);
}

// f(x_i, w) one after the other.
template <class F> array one_by_one(const F& f, const array& xs, const array& w) {
    std::vector<array> results;
    for (std::int64_t i = 0; i < xs.extent(0).value(); ++i) results.push_back(f(slice(xs, {i}), w));
    return stack(results, 0);
}

// Over the first argument and not over the second: the values, and their derivatives in forward mode, in every order
// of the transforms.
template <class F> void expect_batched(const F& f, const array& xs, const array& w, double tolerance = 0) {
    const auto many = vmap(f, {0, none});
    expect_same(many(xs, w), one_by_one(f, xs, w), tolerance);
    expect_same(compile(many)(xs, w), one_by_one(f, xs, w), tolerance);
    expect_same(vmap(compile(f), {0, none})(xs, w), one_by_one(f, xs, w), tolerance);
    const auto open = compile(many, {.sizes = open_sizes::always});
    expect_same(open(xs, w), one_by_one(f, xs, w), tolerance);
    const array two = slice(xs, {range(1, 3)});
    expect_same(open(two, w), one_by_one(f, two, w), tolerance);
    EXPECT_EQ(open.statistics().captures, 1U);
    if (xs.rank() > 1) expect_same(vmap(f, {1, none})(moveaxis(xs, 0, 1), w), one_by_one(f, xs, w), tolerance);
    const array none_at_all = slice(xs, {range(0, 0)});
    EXPECT_EQ(many(none_at_all, w).shape()[0], extent(0));
    // Twice.
    const array stacked = stack({xs, -xs}, 0);
    const auto twice = vmap(many, {0, none});
    const array expected = stack({one_by_one(f, xs, w), one_by_one(f, -xs, w)}, 0);
    expect_same(twice(stacked, w), expected, tolerance);
    expect_same(compile(twice)(stacked, w), expected, tolerance);

    const auto tangent = [&](const array& x, const array& at) {
        return jvp([&](const array& a, const array& b) { return f(a, b); }, std::tuple{x, at},
                   std::tuple{ones_like(x), 0.5 * ones_like(at)})
            .tangent;
    };
    const array slopes = one_by_one(tangent, xs, w);
    expect_same(vmap(tangent, {0, none})(xs, w), slopes, 1e-14);
    expect_same(compile(vmap(tangent, {0, none}))(xs, w), slopes, 1e-14);
    const auto outside = [&](const array& x, const array& at) {
        return jvp([&](const array& a, const array& b) { return many(a, b); }, std::tuple{x, at},
                   std::tuple{ones_like(x), 0.5 * ones_like(at)})
            .tangent;
    };
    expect_same(outside(xs, w), slopes, 1e-14);
    expect_same(compile(outside)(xs, w), slopes, 1e-14);
}

template <class F> void expect_batched_gradients(const F& f, const array& xs, const array& w) {
    const auto total = [&](const array& x, const array& at) { return sum(square(f(x, at))); };
    const auto of_x = [&](const array& x, const array& at) { return grad(total)(x, at); };
    const auto of_w = [&](const array& x, const array& at) {
        return grad([&](const array& v) { return total(x, v); })(at);
    };
    for (const bool by_x : {true, false}) {
        const auto one = [&](const array& x, const array& at) { return by_x ? of_x(x, at) : of_w(x, at); };
        const array expected = one_by_one(one, xs, w);
        expect_same(vmap(one, {0, none})(xs, w), expected, 1e-13);
        expect_same(compile(vmap(one, {0, none}))(xs, w), expected, 1e-13);
        expect_same(vmap(compile(one), {0, none})(xs, w), expected, 1e-13);
        const auto outside = [&](const array& x, const array& at) {
            const auto all = [&](const array& a, const array& b) { return sum(square(vmap(f, {0, none})(a, b))); };
            return by_x ? grad(all)(x, at) : grad([&](const array& v) { return all(x, v); })(at);
        };
        const array there = by_x ? expected : sum(expected, 0);
        expect_same(outside(xs, w), there, 1e-13);
        expect_same(compile(outside)(xs, w), there, 1e-13);
    }
}

const array xs = numbers({5, 3}) * array{{1.0}, {4.0}, {0.1}, {2.0}, {9.0}}, w = array{0.5, -0.25, 1.0};

TEST(vmap_of_cond, chooses_for_each_example) {
    const auto f = [](const array& x, const array& at) {
        return cond(
            sum(x) > 0.0, [&](const array& a) { return sin(a) * at; }, [&](const array& a) { return a * a - at; }, x);
    };
    const auto taken = (sum(xs, 1) > 0.0).to_vector<bool>();
    ASSERT_NE(std::count(taken.begin(), taken.end(), true), 0);
    ASSERT_NE(std::count(taken.begin(), taken.end(), true), 5);
    expect_batched(f, xs, w, 1e-15);
    expect_batched_gradients(f, xs, w);
}

TEST(vmap_of_cond, takes_one_branch_where_all_share_the_predicate) {
    for (const double side : {1.0, -1.0}) {
        const auto f = [&](const array& x, const array& at) {  // what on_false gives is the same for all
            return cond(
                side * sum(at) > 0.0, [&](const array& a) { return sin(a) * at; }, [&](const array&) { return at; }, x);
        };
        expect_batched(f, xs, w, 1e-15);
        expect_batched_gradients(f, xs, w);
        const auto g = [&](const array& x, const array& at) {
            return cond(
                side * sum(at) > 0.0, [&](const array&) { return at; }, [&](const array& a) { return a - at; }, x);
        };
        expect_batched(g, xs, w, 1e-15);
    }
    // It stays one branch: the other one's loop would not end.
    const auto f = [](const array& x, const array& at) {
        return cond(
            sum(at) > 0.0, [](const array& a) { return a + 1.0; },
            [](const array& a) {
                return while_loop([](const array& s) { return sum(s * s) >= 0.0; },
                                  [](const array& s) { return s + 1.0; }, a);
            },
            x);
    };
    expect_same(compile(vmap(f, {0, none}))(xs, w), xs + 1.0);
}

TEST(vmap_of_cond, keeps_results_that_all_share) {
    const auto f = [](const array& x, const array& at) {
        return cond(
            sum(at) > 0.0, [](const array& a, const array& b) { return std::pair(a + b, b); },
            [](const array& a, const array& b) { return std::pair(a - b, 2.0 * b); }, std::pair(x, at));
    };
    const auto [sums, shared] = compile(vmap(f, {0, none}, {0, none}))(xs, w);
    expect_same(sums, xs + w);
    expect_same(shared, w);
}

// Halves x until it is small, counting: another number of rounds for each example.
std::pair<array, array> halved(const array& x, const array& at) {
    return while_loop([&](const array& y, const array&) { return max(abs(y)) > 0.3 * max(at); },
                      [&](const array& y, const array& n) { return std::pair(y * 0.5 * max(at) + 0.001 * x, n + 1); },
                      std::pair(x, full({}, 0, i32)));
}

TEST(vmap_of_while_loop, runs_as_many_rounds_as_each_example_takes) {
    const auto f = [](const array& x, const array& at) { return halved(x, at).first; };
    const auto rounds = [](const array& x, const array& at) { return halved(x, at).second; };
    const auto counts = one_by_one(rounds, xs, w).to_vector<int>();
    ASSERT_NE(*std::min_element(counts.begin(), counts.end()), *std::max_element(counts.begin(), counts.end()));
    expect_batched(f, xs, w, 1e-15);
    expect_same(vmap(rounds, {0, none})(xs, w), one_by_one(rounds, xs, w));
    expect_same(compile(vmap(rounds, {0, none}))(xs, w), one_by_one(rounds, xs, w));
}

TEST(vmap_of_while_loop, does_not_touch_examples_that_are_done) {
    // One round more would divide by zero and then be not a number.
    const auto f = [](const array& x, const array& at) {
        return while_loop([&](const array& y) { return sum(y) > sum(at); },
                          [&](const array& y) { return y - 1.0 + 0.0 / (sum(y) - sum(at)); }, x);
    };
    const array starts = array{3.0, 0.0, 2.0, -1.0, 5.0}, stop = zeros({});
    expect_batched(f, starts, stop);
    expect_same(vmap(f, {0, none})(starts, stop), array{0.0, 0.0, 0.0, -1.0, 0.0});
}

TEST(vmap_of_while_loop, has_one_number_of_rounds_where_all_share_the_condition) {
    // b is the same for all until a reaches it, c stays so, and n counts.
    const auto f = [](const array& x, const array& at) {
        const auto end = while_loop([](const array&, const array&, const array&, const array& n) { return n < 4; },
                                    [](const array& a, const array& b, const array& c, const array& n) {
                                        return std::tuple(a * 0.5 + c, b + a * c, c * 1.5, n + 1);
                                    },
                                    std::tuple(x, at, at * 0.1, full({}, 0, i32)));
        return std::get<1>(end);
    };
    expect_batched(f, xs, w, 1e-15);
    const auto shared = [](const array& x, const array& at) {
        return while_loop([](const array&, const array& c) { return sum(c) < 4.0; },
                          [](const array& a, const array& c) { return std::pair(a + c, c * 1.5); }, std::pair(x, at));
    };
    const auto [a, c] = compile(vmap(shared, {0, none}, {0, none}))(xs, w);  // no axis: c has none
    expect_same(c, shared(slice(xs, {0}), w).second);
    expect_same(a, one_by_one([&](const array& x, const array& at) { return shared(x, at).first; }, xs, w), 1e-15);
}

TEST(vmap_of_while_loop, may_begin_with_what_all_share) {
    // The condition differs from the second round on.
    const auto f = [](const array& x, const array& at) {
        return while_loop([](const array& y) { return sum(y) < 3.0; }, [&](const array& y) { return y + abs(x) + 0.1; },
                          at);
    };
    expect_batched(f, xs, w, 1e-15);
}

TEST(vmap_of_scan, runs_the_body_for_all_examples) {
    const array series = numbers({4, 5, 3});
    const auto f = [](const array& x, const array& at) {  // x: (5, 3), the carry begins the same for all
        const auto r = scan(
            [&](const array& h, const array& e) {
                const array next = tanh(h * at + e);
                return std::pair(next, next * e);
            },
            at, x);
        return concat({r.ys, expand_dims(r.carry, 0)}, 0);
    };
    expect_batched(f, series, w, 1e-14);
    expect_batched_gradients(f, series, w);
    const auto shared_xs = [](const array& h, const array& at) {  // all run over the same
        const auto r = scan([](const array& c, const array& e) { return std::pair(c * 0.5 + e, e * 2.0); }, h, at);
        return r.carry + sum(r.ys);
    };
    expect_batched(shared_xs, xs, w, 1e-14);
    expect_batched_gradients(shared_xs, xs, w);
}

TEST(vmap_of_scan, keeps_what_all_share_without_the_batch) {
    const auto f = [](const array& h, const array& at) {
        const auto r =
            scan([](const std::pair<array, array>& c,
                    const array& e) { return std::pair(std::pair(c.first * 0.5 + e, c.second + e), e * 2.0); },
                 std::pair(h, full({}, 0.5)), at);
        return std::tuple(r.carry.first, r.carry.second, r.ys);
    };
    const auto [a, b, ys] = compile(vmap(f, {0, none}, {0, none, none}))(xs, w);
    const auto one = f(slice(xs, {2}), w);
    expect_same(slice(a, {2}), std::get<0>(one), 1e-15);
    expect_same(b, std::get<1>(one));
    expect_same(ys, std::get<2>(one));
}

TEST(vmap_of_control, nests) {
    // A loop in a scan, in a branch.
    const auto f = [](const array& x, const array& at) {
        return cond(
            sum(x) > 0.0,
            [&](const array& a) {
                return scan([&](const array& c, const array& e) { return std::pair(halved(c + e, at).first, e); }, a,
                            at)
                    .carry;
            },
            [&](const array& a) { return a - at; }, x);
    };
    expect_batched(f, xs, w, 1e-14);
}

TEST(vmap_of_control, reverse_mode_of_a_branch_not_taken_does_not_matter) {
    // The square root of what is below zero is not a number; its example does not take that branch.
    const auto f = [](const array& x, const array&) {
        return cond(
            x > 0.0, [](const array& a) { return sqrt(a); }, [](const array& a) { return a * 2.0; }, x);
    };
    const array at = array{4.0, -1.0, 0.0};
    const auto each = vmap(grad([&](const array& x) { return f(x, w); }));
    expect_same(each(at), array{0.25, 2.0, 2.0});
    expect_same(compile(each)(at), array{0.25, 2.0, 2.0});
}

}  // namespace
}  // namespace tessera::graph
