// The oracle cases of the element-wise ops with attributes, and of the dtypes that operands meet in.
#include <complex>
#include <string>
#include <vector>

#include "oracle_topics.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

oracle_answer type_answer(dtype type) { return {{}, {{"y", std::string(name(type))}}}; }

array zero_of(dtype type, device where) {
    return upload({"", type, {}, std::vector<std::byte>(item_size(type))}, where);
}

array literal_attr(const oracle_case& c) {
    const std::string scalar = c.required_attr<std::string>("scalar");
    if (scalar == "bool") return c.required_attr<bool>("value");
    if (scalar == "int") return c.required_attr<int>("value");
    if (scalar == "float") return c.required_attr<double>("value");
    const auto parts = c.required_attr<std::vector<double>>("value");
    if (scalar != "complex" || parts.size() != 2) c.reject_attr("scalar", "is bool, int, float or complex");
    return std::complex<double>(parts[0], parts[1]);
}

oracle_answer type_of_arrays(const oracle_case& c) {
    return type_answer(result_type(zero_of(dtype_attr(c, "a"), c.device), zero_of(dtype_attr(c, "b"), c.device)));
}

oracle_answer type_beside_literal(const oracle_case& c) {
    return type_answer(result_type(zero_of(dtype_attr(c, "a"), c.device), literal_attr(c)));
}

// An integer bound stays an integer literal, so that it does not turn integers into floats.
array bound_attr(const oracle_case& c, std::string_view name) {
    const nlohmann::json* bound = c.attr(name);
    if (bound != nullptr && bound->is_number_integer()) return c.required_attr<std::int64_t>(name);
    return c.required_attr<double>(name);
}

}  // namespace

void register_selection_oracles(oracle_registry& registry) {
    registry.add("array/*", "clip", [](const oracle_case& c) {
        return answer(c, clip(input(c, "x"), bound_attr(c, "min"), bound_attr(c, "max")));
    });
    registry.add("array/*", "angle", [](const oracle_case& c) { return answer(c, angle(input(c, "x"))); });
    registry.add("array/*", "astype",
                 [](const oracle_case& c) { return answer(c, astype(input(c, "x"), dtype_attr(c, "dtype"))); });
    registry.add("array/*", "result_type", type_of_arrays);
    registry.add("array/*", "result_type_scalar", type_beside_literal);
}

}  // namespace tessera::testing
