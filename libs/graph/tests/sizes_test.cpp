// One program for many sizes.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::graph {
namespace {

array numbers(const dims& shape) { return reshape(sin(arange(0, element_count(shape).value(), 1, f64)), shape); }

TEST(sizes, that_change_become_open_and_stay_so) {
    const auto f = [](const array& x, const array& w) { return sum(tanh(matmul(x, w)), 0); };
    const auto g = compile(f);
    const array w = numbers({3, 4});
    for (const int n : {5, 7, 2, 100}) expect_same(g(numbers({n, 3}), w), f(numbers({n, 3}), w), 1e-12);
    EXPECT_EQ(g.statistics().captures, 2U) << "one for 5, one for every size";
    EXPECT_NE(g.log().back().find("axis 0 of argument 0 changes: 5 and 7"), std::string::npos) << g.log().back();
}

TEST(sizes, open_from_the_start_need_one_capture) {
    const auto f = [](const array& x) {
        const array centred = x - mean(x, 0, true);
        return reshape(centred / x.extent(0).value(), {-1}) + concat({reshape(x, {-1})}, 0);
    };
    const auto exact = compile(f, {.sizes = open_sizes::always});
    for (const int n : {5, 6}) expect_same(exact(numbers({n, 3})), f(numbers({n, 3})), 1e-15);
    EXPECT_EQ(exact.statistics().captures, 2U) << "value() makes a program for that size alone";
    const auto h = [](const array& x) {
        const array centred = x - mean(x, 0, true);
        const array flat = reshape(centred, {-1});
        return flat * zeros_like(flat) + reshape(transpose(x), {x.extent(0) * x.extent(1)}) +
               astype(scalar_of(x.extent(0) + 1), f64);
    };
    const auto open = compile(h, {.sizes = open_sizes::always});
    for (const int n : {5, 6, 9}) expect_same(open(numbers({n, 3})), h(numbers({n, 3})), 1e-15);
    EXPECT_EQ(open.statistics().captures, 1U) << open.text();
    EXPECT_EQ(open.statistics().plans, 3U);
}

TEST(sizes, that_were_compared_are_guards) {
    const auto g = compile([](const array& a, const array& b) { return a + b; }, {.sizes = open_sizes::always});
    expect_same(g(numbers({4}), numbers({4})), numbers({4}) + numbers({4}));
    expect_same(g(numbers({6}), numbers({6})), numbers({6}) + numbers({6}));
    EXPECT_EQ(g.statistics().captures, 1U);
    expect_same(g(numbers({6}), numbers({1})), numbers({6}) + numbers({1}));
    EXPECT_EQ(g.statistics().captures, 2U) << "broadcasting is another program";
    EXPECT_NE(g.log().back().find("a program needs"), std::string::npos) << g.log().back();
    EXPECT_THROW((void)g(numbers({6}), numbers({5})), shape_error);
    expect_same(g(numbers({0}), numbers({0})), numbers({0}));
}

array cumulative_ones(extent n) { return full({n}, scalar_value(1.0)); }

// A size that only data tells: as many ones as x has positive elements.
array ones_for_positives(const array& x) {
    const extent n = to_extent(sum(astype(x > 0.0, i64)));
    return cumulative_ones(n) * mean(x);
}

TEST(sizes, may_depend_on_data) {
    const auto g = compile(ones_for_positives);
    const array few = numbers({4}), many = concat({numbers({3}), ones({1})}, 0);
    expect_same(g(few), ones_for_positives(few));
    expect_same(g(many), ones_for_positives(many));
    EXPECT_EQ(g.statistics().captures, 1U);
    EXPECT_NE(g.text().find("u0 = size("), std::string::npos) << g.text();
}

TEST(sizes, are_read_before_fused_ops_that_use_them) {
    // The number comes from ops that would go into the pass over x, which needs it.
    const auto f = [](const array& x) {
        const array scaled = exp(x) * 2.0 + x;
        const extent n = to_extent(astype(sum(scaled) * 0.0 + 2.0, i64)), m = to_extent(sum(astype(x > 0.0, i64)));
        return scaled * scalar_of(n * 2 + 1) - scalar_of(m);
    };
    const auto g = compile(f);
    for (const array& x : {array{1.0, 2.0, -3.0}, array{-1.0, -2.0, 3.0}}) expect_same(g(x), f(x), 1e-15);
    EXPECT_EQ(g.statistics().eager_runs, 0U) << g.text();
}

TEST(sizes, of_nonzero_need_one_program_for_any_number_of_elements) {
    const auto f = [](const array& x) {
        const array at = nonzero(x)[0];
        const array found = take(x, at, 0);
        return found * found - mean(x) + astype(at, f64);
    };
    const auto g = compile(f, {.sizes = open_sizes::always});
    for (const array& x : {array({1.0, 0.0, 2.0, 3.0}), array({0.0, 0.0, 5.0, 0.0}), array({4.0, 3.0, 2.0, 1.0, 6.0}),
                           array({0.0, 0.0, 7.0, 0.0, 8.0, 9.0, 1.0})})
        expect_same(g(x), f(x));
    EXPECT_EQ(g.statistics().captures, 1U) << g.text();
    EXPECT_EQ(g.statistics().eager_runs, 0U);
    expect_same(g(array({0.0, 0.0})), f(array({0.0, 0.0})));
    EXPECT_EQ(g.statistics().captures, 1U);
    const auto by_axis = [](const array& x) { return nonzero(x)[1]; };
    const auto h = compile(by_axis);
    for (const array& x : {array({{1, 0}, {0, 2}}), array({{0, 0}, {3, 3}}), array({{1, 1}, {1, 1}})})
        expect_same(h(x), by_axis(x));
    EXPECT_EQ(h.statistics().captures, 1U);
}

TEST(sizes, of_masks_need_one_program_for_any_number_of_elements) {
    const auto f = [](const array& x) { return setitem(x, {x > 0.5}, 0.0) + sum(getitem(x, {x < 0.0})); };
    const auto g = compile(f, {.sizes = open_sizes::always});
    for (const array& x : {array({1.0, -2.0, 0.25}), array({0.0, -1.0, -2.0, 3.0}), array({-1.0, 2.0})})
        expect_same(g(x), f(x), 1e-15);
    EXPECT_EQ(g.statistics().captures, 1U) << g.text();
}

TEST(sizes, of_unique_need_one_program_for_any_number_of_values) {
    const auto f = [](const array& x) {
        const unique_result u = unique_all(x);
        return std::vector<array>{u.values, u.indices, u.inverse_indices, u.counts};
    };
    const auto g = compile(f);
    for (const array& x : {array({3.0, 1.0, 3.0, 2.0}), array({5.0, 5.0, 5.0, 5.0}), array({1.0, 2.0, 3.0, 4.0})}) {
        const std::vector<array> expected = f(x), got = g(x);
        for (std::size_t i = 0; i < expected.size(); ++i) expect_same(got[i], expected[i]);
    }
    EXPECT_EQ(g.statistics().captures, 1U) << g.text();
    EXPECT_EQ(g.statistics().eager_runs, 0U);
}

TEST(sizes, that_data_make_unlike_what_was_taken_for_granted_run_eagerly) {
    const auto f = [](const array& x) {
        const extent above = to_extent(sum(astype(x > 0.0, i64))), below = to_extent(sum(astype(x < 0.0, i64)));
        return full({above}, scalar_value(1.0)) + full({below}, scalar_value(2.0));
    };
    const auto g = compile(f);
    const array balanced{1.0, 1.0, -1.0, -1.0}, one_above{1.0, -1.0, -1.0, 0.0};
    expect_same(g(balanced), f(balanced));
    EXPECT_EQ(g.statistics().eager_runs, 0U);
    expect_same(g(one_above), f(one_above));
    EXPECT_EQ(g.statistics().eager_runs, 1U) << "one element broadcasts";
    EXPECT_EQ(g.statistics().captures, 1U);
    EXPECT_NE(g.log().back().find("ran eagerly: a program needs u0 = u1"), std::string::npos) << g.log().back();
    expect_throws<value_error>(
        [] { (void)compile([](const array& x) { return x + full({to_extent(sum(astype(x, i64)))}, 1); })(ones({3})); },
        "depends on data and is not known before the program runs");
}
}  // namespace
}  // namespace tessera::graph
