// Derivatives of expressions: a few that can be checked by hand, and every case of the oracle set, compiled.
#include <gtest/gtest.h>

#include "compose_oracles.hpp"
#include "manifest.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/testing/host_tensors.hpp"

namespace tessera::testing {
namespace {

using nlohmann::json;

function_of_arrays compiled(function_of_arrays f) {
    return [program = graph::compile(std::move(f))](const std::vector<array>& x) { return program(x); };
}
function_of_arrays itself(function_of_arrays f) { return f; }

host_tensor row(std::string name, std::vector<double> values) {
    host_tensor t = tensor(f64, {static_cast<std::int64_t>(values.size())});
    t.name = std::move(name);
    for (std::size_t i = 0; i < values.size(); ++i)
        set_element(t, static_cast<std::int64_t>(i), scalar_value(values[i]));
    return t;
}

std::vector<double> values(const oracle_answer& from, std::string_view name) {
    const host_tensor* t = from.find(name);
    if (!t) throw value_error("no such output");
    return array_of(*t).to_vector<double>();
}

TEST(expression, is_evaluated_from_the_leaves) {
    const variables of{{"a", array(3.0)}, {"b", array(4.0)}};
    EXPECT_EQ(evaluate(json::parse(R"(["+", "a", ["*", "b", "b", 2], 1])"), of).item<double>(), 36.0);
    EXPECT_EQ(evaluate(json::parse(R"(["-", ["sq", "a"]])"), of).item<double>(), -9.0);
}

TEST(expression, names_what_it_does_not_know) {
    EXPECT_THROW((void)evaluate(json::parse(R"(["frobnicate", 1])"), {}), no_kernel);
    EXPECT_THROW((void)evaluate(json::parse(R"("a")"), {}), format_error);
    EXPECT_THROW((void)evaluate(json::parse(R"({"a": 1})"), {}), format_error);
}

TEST(compose, gives_value_slope_and_curvature) {
    oracle_case c;
    c.attrs = json::parse(R"({"expr": ["*", "a", ["sq", "b"]], "grads": ["a", "b"]})");
    c.in = {row("a", {2}), row("b", {3}), row("v_a", {1}), row("v_b", {10})};
    for (const auto& how : {itself, compiled}) {
        const oracle_answer got = answer_expression(c, how);
        EXPECT_EQ(values(got, "y"), (std::vector<double>{18}));
        EXPECT_EQ(values(got, "d_a"), (std::vector<double>{9}));
        EXPECT_EQ(values(got, "d_b"), (std::vector<double>{12}));
        EXPECT_EQ(values(got, "jvp"), (std::vector<double>{129}));
        EXPECT_EQ(values(got, "hvp_a"), (std::vector<double>{60}));      // 2 b v_b
        EXPECT_EQ(values(got, "hvp_b"), (std::vector<double>{6 + 40}));  // 2 b v_a + 2 a v_b
    }
}

// Compiled programs may add in another order than eager derivatives, never more than a few rounding errors apart.
void expect_close(const oracle_answer& got, const oracle_answer& want, const std::string& id) {
    ASSERT_EQ(got.tensors.size(), want.tensors.size());
    for (std::size_t k = 0; k < got.tensors.size(); ++k) {
        const auto a = array_of(got.tensors[k]).to_vector<double>(), b = array_of(want.tensors[k]).to_vector<double>();
        ASSERT_EQ(got.tensors[k].shape, want.tensors[k].shape);
        for (std::size_t i = 0; i < a.size(); ++i)
            EXPECT_NEAR(a[i], b[i], 1e-12 * (1 + std::abs(b[i]))) << id << ": " << got.tensors[k].name << " at " << i;
    }
}

TEST(compose, compiled_gives_what_eager_gives_on_every_oracle_case) {
    if (!std::filesystem::is_directory(TESSERA_ORACLES)) GTEST_SKIP() << "no oracle set at " << TESSERA_ORACLES;
    int asked = 0;
    for (const auto& c : oracles::load_group(TESSERA_ORACLES, {"autograd", "compose"})) {
        const auto run = c.asked.op == "expr"       ? answer_expression
                         : c.asked.op == "jacobian" ? answer_jacobian
                                                    : answer_hessian;
        try {
            const oracle_answer eager = run(c.asked, itself);
            expect_close(run(c.asked, compiled), eager, c.asked.id);
            ++asked;
        } catch (const no_kernel&) {}  // a function that no library offers
    }
    EXPECT_GT(asked, 0);
}

}  // namespace
}  // namespace tessera::testing
