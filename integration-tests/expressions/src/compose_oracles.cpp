#include "compose_oracles.hpp"

#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {

namespace {

using names = std::vector<std::string>;

std::vector<array> inputs_named(const oracle_case& c, const names& which, const std::string& prefix = "") {
    std::vector<array> found;
    for (const std::string& name : which) found.push_back(input(c, prefix + name));
    return found;
}

array scalar(const array& y) { return y.rank() == 0 ? y : sum(y); }

// x0, x1, ... are the elements of x.
array components(const nlohmann::json& list, const array& x) {
    variables of;
    for (std::int64_t i = 0; i < x.extent(0).value(); ++i) of.emplace(text("x", i), slice(x, {i}));
    std::vector<array> values;
    for (const nlohmann::json& component : list) values.push_back(evaluate(component, of));
    return stack(values);
}

function_of_arrays itself(function_of_arrays f) { return f; }

}  // namespace

oracle_answer answer_expression(const oracle_case& c, const prepare_function& prepare) {
    const auto expression = c.required_attr<nlohmann::json>("expr");
    const auto wanted = c.required_attr<names>("grads");
    variables all;
    for (const host_tensor& t : c.in)
        if (!t.name.starts_with("v_")) all.emplace(t.name, input(c, t.name));
    const auto f = [&](const std::vector<array>& x) {
        variables of = all;
        for (std::size_t i = 0; i < x.size(); ++i) of[wanted[i]] = x[i];
        return scalar(evaluate(expression, of));
    };
    const std::size_t n = wanted.size();
    const auto slopes = prepare([&](const std::vector<array>& x) {
        auto [value, gradient] = autograd::value_and_grad(f)(x);
        gradient.insert(gradient.begin(), value);
        return gradient;
    });
    const auto along = prepare([&](const std::vector<array>& x_and_v) {
        const std::vector<array> x(x_and_v.begin(), x_and_v.begin() + static_cast<std::ptrdiff_t>(n));
        const std::vector<array> v(x_and_v.begin() + static_cast<std::ptrdiff_t>(n), x_and_v.end());
        std::vector<array> result = autograd::hvp(f, x, v);
        result.insert(result.begin(), autograd::jvp(f, x, v).tangent);
        return result;
    });
    std::vector<array> at = inputs_named(c, wanted);
    const std::vector<array> first = slopes(at);
    for (array& v : inputs_named(c, wanted, "v_")) at.push_back(v);
    const std::vector<array> second = along(at);

    std::vector<named_array> outputs{{"y", first[0]}, {"jvp", second[0]}};
    for (std::size_t i = 0; i < n; ++i) {
        outputs.push_back({"d_" + wanted[i], first[i + 1]});
        outputs.push_back({"hvp_" + wanted[i], second[i + 1]});
    }
    return answer(c, outputs);
}

oracle_answer answer_jacobian(const oracle_case& c, const prepare_function& prepare) {
    const auto list = c.required_attr<nlohmann::json>("components");
    const auto f = [&](const array& x) { return components(list, x); };
    const auto both = prepare([&](const std::vector<array>& x) {
        return std::vector<array>{f(x[0]), autograd::jacobian(f)(x[0])};
    });
    const std::vector<array> results = both({input(c, "x")});
    return answer(c, {{"y", results[0]}, {"J", results[1]}});
}

oracle_answer answer_hessian(const oracle_case& c, const prepare_function& prepare) {
    const auto list = c.required_attr<nlohmann::json>("components");
    const auto f = [&](const array& x) { return sum(components(list, x)); };
    const auto second =
        prepare([&](const std::vector<array>& x) { return std::vector<array>{autograd::hessian(f)(x[0])}; });
    return answer(c, {{"H", second({input(c, "x")})[0]}});
}

void register_expressions_oracles(oracle_registry& registry) {
    registry.add("autograd/compose", "expr", [](const oracle_case& c) { return answer_expression(c, itself); });
    registry.add("autograd/compose", "jacobian", [](const oracle_case& c) { return answer_jacobian(c, itself); });
    registry.add("autograd/compose", "hessian", [](const oracle_case& c) { return answer_hessian(c, itself); });
}

}  // namespace tessera::testing
