#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "dump.hpp"
#include "oracle_folder.hpp"
#include "report.hpp"
#include "runner.hpp"
#include "tensors.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

using testing::oracle_registry;

manifest_case case_of(const std::string& group, const std::string& op, std::vector<expected_tensor> expected) {
    manifest_case c;
    c.asked.id = text(group, "/", op, "/1");
    c.asked.group = group;
    c.asked.op = op;
    c.expected = std::move(expected);
    return c;
}

expected_tensor exactly(host_tensor t) { return {std::move(t), parse_comparison({{"k", "exact"}})}; }

oracle_registry answering(const std::string& group, const std::string& op, testing::oracle_call call) {
    oracle_registry registry;
    registry.add(group, op, std::move(call));
    return registry;
}

oracle_answer answer_of(host_tensor t) { return {{std::move(t)}, {}}; }

case_result ran(const manifest_case& c, testing::oracle_call call, const run_options& options = {}) {
    return run_case(c, answering(c.asked.group, c.asked.op, std::move(call)), options);
}

TEST(run_case, passes_on_the_right_answer_and_fails_on_a_wrong_one) {
    const manifest_case c = case_of("array/unary", "neg", {exactly(doubles({1}))});
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(doubles({1})); }).outcome, outcome::passed);
    const case_result wrong = ran(c, [](const oracle_case&) { return answer_of(doubles({2})); });
    EXPECT_EQ(wrong.outcome, outcome::failed);
    EXPECT_EQ(wrong.reason, "output y: 1 of 1 elements differ; the first at (0,): got 2, expected 1");
}

TEST(run_case, fails_on_a_missing_output_another_shape_and_another_dtype) {
    const manifest_case c = case_of("array/unary", "neg", {exactly(doubles({1}))});
    EXPECT_EQ(ran(c, [](const oracle_case&) { return oracle_answer{}; }).reason, "the answer has no output 'y'");
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(tensor_of<double>(f64, {1}, {})); }).reason,
              "output y: got shape (), expected (1,)");
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(floats({1})); }).reason,
              "output y: got dtype f32, expected f64");
}

TEST(run_case, compares_values_only_where_the_dtype_is_free) {
    const manifest_case c = case_of("optim/trajectories", "sgd", {exactly(doubles({1}))});
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(floats({1})); }).outcome, outcome::passed);
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(ints({1})); }).outcome, outcome::failed);
}

TEST(run_case, checks_the_shape_alone_without_a_comparison) {
    const manifest_case c = case_of("array/unary", "neg", {{doubles({1}), std::nullopt}});
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(doubles({2})); }).outcome, outcome::passed);
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(doubles({2, 3})); }).outcome, outcome::failed);
}

TEST(run_case, counts_unknown_ops_and_missing_kernels_as_unsupported) {
    const manifest_case c = case_of("array/unary", "neg", {});
    EXPECT_EQ(run_case(c, {}, {}).outcome, outcome::unsupported);
    EXPECT_EQ(ran(c, [](const oracle_case&) -> oracle_answer { throw no_kernel("none"); }).outcome,
              outcome::unsupported);
    EXPECT_EQ(ran(c, [](const oracle_case& asked) -> oracle_answer { not_offered(asked, "axis"); }).outcome,
              outcome::unsupported);
}

TEST(run_case, counts_any_other_exception_as_a_failure) {
    const manifest_case c = case_of("array/unary", "neg", {});
    EXPECT_EQ(ran(c, [](const oracle_case&) -> oracle_answer { throw shape_error("bad"); }).reason,
              "the call threw: bad");
    EXPECT_EQ(ran(c, [](const oracle_case&) -> oracle_answer { throw std::bad_alloc(); }).outcome, outcome::failed);
    EXPECT_EQ(ran(c, [](const oracle_case&) -> oracle_answer { throw 1; }).outcome, outcome::failed);
}

TEST(run_case, wants_an_error_of_ours_where_the_case_must_fail) {
    manifest_case c = case_of("array/unary", "neg", {});
    c.must_fail = true;
    const case_result refused = ran(c, [](const oracle_case&) -> oracle_answer { throw shape_error("bad"); });
    EXPECT_EQ(refused.outcome, outcome::passed);
    EXPECT_EQ(refused.error, "bad");
    EXPECT_EQ(ran(c, [](const oracle_case&) { return oracle_answer{}; }).outcome, outcome::failed);
    EXPECT_EQ(ran(c, [](const oracle_case&) -> oracle_answer { throw std::bad_alloc(); }).outcome, outcome::failed);
}

TEST(run_case, fails_where_a_property_is_asked_for_that_nobody_checks) {
    manifest_case c = case_of("linalg/dense", "unheard_of", {});
    c.asked.attrs = {{"check", {{"k", "prop"}, {"name", "A=QR"}}}};
    EXPECT_EQ(ran(c, [](const oracle_case&) { return answer_of(doubles({1})); }).outcome, outcome::failed);
}

TEST(run_case, casts_inputs_in_a_float32_run_of_the_libraries_that_allow_it) {
    manifest_case c = case_of("autograd/compose", "expr", {exactly(doubles({1}))});
    c.asked.in = {tensor_of<double>(f64, {1}, {1}, "x")};
    const run_options options{.floats = precision::f32};
    dtype seen = f64;
    const case_result result = ran(
        c,
        [&](const oracle_case& asked) {
            seen = asked.input("x").dtype;
            return answer_of(floats({1}));
        },
        options);
    EXPECT_EQ(seen, f32);
    EXPECT_EQ(result.outcome, outcome::passed);
}

TEST(takes_part, chooses_the_cases_of_one_precision) {
    const manifest_case single = case_of("array/unary", "neg", {exactly(floats({1}))});
    const manifest_case twice = case_of("array/unary", "neg", {exactly(doubles({1}))});
    const manifest_case whole = case_of("array/unary", "neg", {exactly(ints({1}))});
    const manifest_case free = case_of("nn/ops", "relu", {exactly(doubles({1}))});
    const run_options in_f32{.floats = precision::f32};
    EXPECT_TRUE(takes_part(single, in_f32));
    EXPECT_FALSE(takes_part(twice, in_f32));
    EXPECT_TRUE(takes_part(whole, in_f32));
    EXPECT_TRUE(takes_part(free, in_f32));
    EXPECT_FALSE(takes_part(single, {.floats = precision::f64}));
    EXPECT_TRUE(takes_part(twice, {.floats = precision::f64}));
    EXPECT_TRUE(takes_part(single, {}));
}

TEST(oracle_registry, prefers_the_exact_group_over_the_whole_library) {
    oracle_registry registry;
    registry.add("array/*", "add", [](const oracle_case&) { return answer_of(doubles({1})); });
    registry.add("array/manip", "add", [](const oracle_case&) { return answer_of(doubles({2})); });
    EXPECT_EQ((*registry.find("array/manip", "add"))({}).tensors[0].bytes, doubles({2}).bytes);
    EXPECT_EQ((*registry.find("array/binary", "add"))({}).tensors[0].bytes, doubles({1}).bytes);
    EXPECT_EQ(registry.find("sparse/sparse", "add"), nullptr);
    EXPECT_THROW(registry.add("array/*", "add", nullptr), value_error);
}

constexpr std::string_view three_cases =
    R"({"id":"array/unary/neg/1","op":"neg","in":[{"n":"x","dt":"u8","sh":[2],"off":0,"nb":2}],"out":[{"n":"y","dt":"u8","sh":[2],"off":0,"nb":2,"cmp":{"k":"exact"}}]})"
    "\n"
    R"({"id":"array/unary/neg/2","op":"neg","in":[{"n":"x","dt":"u8","sh":[1],"off":0,"nb":1}],"out":[],"err":true})"
    "\n"
    R"({"id":"array/unary/neg/3","op":"neg","in":[{"n":"x","dt":"u8","sh":[1],"off":0,"nb":1}],"out":[{"n":"y","dt":"u8","sh":[1],"off":1,"nb":1,"cmp":{"k":"exact"}}],"tags":["optional:neg"]})"
    "\n"
    R"({"id":"array/unary/abs/4","op":"abs","in":[],"out":[]})"
    "\n";

oracle_answer same_or_refuse(const oracle_case& asked) {
    if (asked.id == "array/unary/neg/2") throw value_error("neg: no");
    const host_tensor& x = asked.input("x");
    return answer_of({"y", x.dtype, x.shape, x.bytes});
}

TEST(run_group, counts_passed_failed_unsupported_and_optional_apart) {
    const oracle_folder folder;
    folder.write_group("array", "unary", three_cases, "ab");
    report results;
    const counts numbers =
        run_group({"array", "unary"}, answering("array/*", "neg", same_or_refuse), {.root = folder.path()},
                  [&](const manifest_case& c, const case_result& r) { results.add_case(c, r); });
    results.add_group({"array", "unary"}, numbers);
    const nlohmann::json expected{{"passed", 2}, {"failed", 0}, {"unsupported", 1}, {"optional", 1}};
    EXPECT_EQ(nlohmann::json(results.to_json()),
              (nlohmann::json{{"groups", {{"array/unary", expected}}}, {"total", expected}}));
    std::ostringstream out;
    results.print(out);
    EXPECT_NE(out.str().find("array/unary       2 /     0 /       1   optional: 1"), std::string::npos) << out.str();
    EXPECT_NE(out.str().find("array/unary: abs (1)"), std::string::npos) << out.str();
}

TEST(report, names_the_first_failures) {
    const manifest_case c = case_of("array/unary", "neg", {exactly(doubles({1}))});
    report results;
    for (int i = 0; i < 30; ++i) results.add_case(c, {outcome::failed, "got 2, expected 1", {}, {}});
    counts numbers;
    numbers.failed = 30;
    results.add_group({"array", "unary"}, numbers);
    std::ostringstream out;
    results.print(out);
    EXPECT_NE(out.str().find("array/unary/neg/1: got 2, expected 1"), std::string::npos) << out.str();
    EXPECT_NE(out.str().find("and 10 more"), std::string::npos) << out.str();
}

TEST(group_dump, writes_answers_errors_and_reasons_in_the_layout_of_the_set) {
    const oracle_folder folder;
    folder.write_group("array", "unary", three_cases, "ab");
    group_dump dump(folder.path() / "dump", {"array", "unary"});
    run_group({"array", "unary"}, answering("array/*", "neg", same_or_refuse), {.root = folder.path()},
              [&](const manifest_case& c, const case_result& r) { dump.add(c, r); });
    dump.close();
    const std::string blob = read_text(folder.path() / "dump/array/unary.bin");
    EXPECT_EQ(blob, text("ab", std::string(14, '\0'), "a"));
    std::istringstream lines(read_text(folder.path() / "dump/array/unary.jsonl"));
    std::vector<nlohmann::json> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0]["out"], nlohmann::json::parse(R"([{"n":"y","dt":"u8","sh":[2],"off":0,"nb":2}])"));
    EXPECT_EQ(rows[1]["err"], "neg: no");
    EXPECT_EQ(rows[2]["out"][0]["off"], 16);
    EXPECT_TRUE(rows[3].contains("unsupported"));
    EXPECT_FALSE(rows[0].contains("err"));
}

TEST(group_dump, refuses_a_folder_it_cannot_make) {
    const oracle_folder folder;
    folder.write_group("zoo", "pets", "", "");
    EXPECT_THROW(group_dump(folder.path() / "zoo" / "pets.bin", {"array", "unary"}), format_error);
}

}  // namespace
}  // namespace tessera::oracles
