// The oracle cases that the creation functions answer.
#include <cstdint>

#include "oracle_topics.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

bool is_integer_attr(const oracle_case& c, std::string_view name) {
    const nlohmann::json* value = c.attr(name);
    return value == nullptr || value->is_number_integer();
}

template <class Number> array arange_of(const oracle_case& c) {
    return arange(c.required_attr<Number>("start"), c.required_attr<Number>("stop"), c.attr_or<Number>("step", 1),
                  dtype_attr(c, "dtype"), c.device);
}

oracle_answer answer_arange(const oracle_case& c) {
    const bool integers = is_integer_attr(c, "start") && is_integer_attr(c, "stop") && is_integer_attr(c, "step");
    return answer(c, integers ? arange_of<std::int64_t>(c) : arange_of<double>(c));
}

oracle_answer answer_linspace(const oracle_case& c) {
    return answer(c, linspace(c.required_attr<double>("start"), c.required_attr<double>("stop"),
                              c.required_attr<std::int64_t>("num"), c.attr_or<bool>("endpoint", true),
                              dtype_attr(c, "dtype"), c.device));
}

oracle_answer answer_eye(const oracle_case& c) {
    const auto n = c.required_attr<std::int64_t>("n");
    return answer(
        c, eye(n, c.attr_or<std::int64_t>("m", n), c.attr_or<std::int64_t>("k", 0), dtype_attr(c, "dtype"), c.device));
}

}  // namespace

void register_creation_oracles(oracle_registry& registry) {
    registry.add("array/*", "arange", answer_arange);
    registry.add("array/*", "linspace", answer_linspace);
    registry.add("array/*", "eye", answer_eye);
}

}  // namespace tessera::testing
