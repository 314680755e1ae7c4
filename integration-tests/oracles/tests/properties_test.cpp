#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "property.hpp"
#include "runner.hpp"
#include "tensors.hpp"

namespace tessera::oracles {
namespace {

// Evenly spread values of (0, 1) to some power: uniform for 1.
std::vector<double> spread(int n, double power) {
    std::vector<double> values;
    for (int i = 0; i < n; ++i) values.push_back(std::pow((i + 0.5) / n, power));
    return values;
}

manifest_case uniform_case() {
    manifest_case c;
    c.asked.group = "array/random";
    c.asked.op = "distribution";
    c.asked.attrs = {{"n", 1000}, {"seeds", {1, 2}}, {"mean", 0.5}, {"var", 1.0 / 12}};
    c.asked.in = {tensor_of<double>(f64, {0.25, 0.5}, {2}, "x")};
    c.expected = {{doubles({0.25, 0.5}), parse_comparison({{"k", "prop"}, {"name", "ecdf"}, {"thr", 0.05}})}};
    return c;
}

case_result judged(const manifest_case& c, const testing::oracle_call& call) {
    testing::oracle_registry registry;
    registry.add(c.asked.group, c.asked.op, call);
    return run_case(c, registry, {});
}

oracle_answer samples(const std::vector<double>& first, const std::vector<double>& second) {
    oracle_answer a;
    a.tensors = {doubles(first), doubles(second)};
    a.tensors[0].name = "y0";
    a.tensors[1].name = "y1";
    return a;
}

TEST(distribution, holds_for_every_seed) {
    const manifest_case c = uniform_case();
    EXPECT_EQ(judged(c, [](const oracle_case&) { return samples(spread(1000, 1), spread(1000, 1)); }).outcome,
              outcome::passed);
    EXPECT_EQ(judged(c, [](const oracle_case&) { return samples(spread(1000, 1), spread(1000, 1.5)); }).outcome,
              outcome::failed);
    EXPECT_EQ(judged(c, [](const oracle_case&) { return samples(spread(1000, 1), spread(999, 1)); }).outcome,
              outcome::failed);
}

TEST(distribution, looks_at_the_mean_beside_the_distribution_function) {
    std::vector<double> outlier = spread(1000, 1);
    outlier.back() = 1e3;
    EXPECT_EQ(judged(uniform_case(), [&](const oracle_case&) { return samples(outlier, outlier); }).outcome,
              outcome::failed);
    outlier.back() = std::nan("");
    EXPECT_EQ(judged(uniform_case(), [&](const oracle_case&) { return samples(outlier, outlier); }).outcome,
              outcome::failed);
}

manifest_case permutation_case() {
    manifest_case c;
    c.asked.group = "array/random";
    c.asked.op = "permutation";
    c.asked.attrs = {{"n", 5}, {"seed", 10}, {"check", "each once"}};
    return c;
}

oracle_answer rotated(std::int64_t by) {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < 5; ++i) values.push_back((i + by) % 5);
    return {{tensor_of(i64, values)}, {}};
}

TEST(permutation, repeats_for_its_seed_and_changes_with_another) {
    const auto seed = [](const oracle_case& asked) { return asked.required_attr<std::int64_t>("seed"); };
    EXPECT_EQ(judged(permutation_case(), [&](const oracle_case& asked) { return rotated(seed(asked)); }).outcome,
              outcome::passed);
    EXPECT_EQ(judged(permutation_case(), [](const oracle_case&) { return rotated(1); }).outcome, outcome::failed);
    std::int64_t calls = 0;
    EXPECT_EQ(judged(permutation_case(), [&](const oracle_case&) { return rotated(++calls); }).outcome,
              outcome::failed);
    EXPECT_EQ(judged(permutation_case(),
                     [](const oracle_case&) {
                         return oracle_answer{{tensor_of<std::int64_t>(i64, {0, 1, 2, 3, 3})}, {}};
                     })
                  .outcome,
              outcome::failed);
}

manifest_case integers_case(std::int64_t low, std::int64_t high) {
    manifest_case c;
    c.asked.group = "array/random";
    c.asked.op = "integers";
    c.asked.attrs = {{"low", low}, {"high", high}, {"n", 10000}, {"dtype", "i32"}, {"check", "range"}};
    return c;
}

// Every value of [low, high) equally often.
oracle_answer cycling(std::int32_t low, std::int32_t high) {
    std::vector<std::int32_t> values;
    for (int i = 0; i < 10000; ++i) values.push_back(low + i % (high - low));
    return {{ints(values)}, {}};
}

TEST(integers, fill_their_range_evenly) {
    EXPECT_EQ(judged(integers_case(-5, 6), [](const oracle_case&) { return cycling(-5, 6); }).outcome, outcome::passed);
    EXPECT_EQ(judged(integers_case(0, 200), [](const oracle_case&) { return cycling(0, 200); }).outcome,
              outcome::passed);
    EXPECT_EQ(judged(integers_case(-5, 6), [](const oracle_case&) { return cycling(-5, 5); }).outcome, outcome::failed);
    EXPECT_EQ(judged(integers_case(-5, 6), [](const oracle_case&) { return cycling(-5, 7); }).outcome, outcome::failed);
    EXPECT_EQ(judged(integers_case(0, 200), [](const oracle_case&) { return cycling(0, 100); }).outcome,
              outcome::failed);
}

TEST(result_type, is_compared_by_name) {
    manifest_case c;
    c.asked.group = "array/promotion";
    c.asked.op = "result_type";
    c.asked.attrs = {{"a", "i8"}, {"b", "f32"}, {"result", "f32"}};
    EXPECT_EQ(judged(c, [](const oracle_case&) { return oracle_answer{{}, {{"y", "f32"}}}; }).outcome, outcome::passed);
    EXPECT_EQ(judged(c,
                     [](const oracle_case&) {
                         return oracle_answer{{}, {{"y", "f64"}}};
                     })
                  .reason,
              "got f64, expected f32");
    EXPECT_EQ(judged(c, [](const oracle_case&) { return oracle_answer{}; }).outcome, outcome::failed);
}

TEST(solution, is_judged_by_its_residual) {
    manifest_case c;
    c.asked.group = "linalg/dense";
    c.asked.op = "solve";
    c.asked.tags = {"residual:||Ax-b||/(||A|| ||x|| n eps)<30"};
    c.asked.in = {tensor_of<double>(f64, {2, 0, 0, 4}, {2, 2}, "a"), tensor_of<double>(f64, {2, 2}, {2}, "b")};
    const auto with = [&](double second) {
        return judged(c, [second](const testing::oracle_case&) {
            oracle_answer a;
            a.tensors = {doubles({1, second})};
            a.tensors[0].name = "x";
            return a;
        });
    };
    EXPECT_EQ(with(0.5).outcome, outcome::passed) << with(0.5).reason;
    EXPECT_EQ(with(0.5 + 1e-15).outcome, outcome::passed);
    EXPECT_EQ(with(0.5 + 1e-12).outcome, outcome::failed);
}

}  // namespace
}  // namespace tessera::oracles
