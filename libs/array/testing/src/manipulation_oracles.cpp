// The oracle cases of joining, splitting and taking by index.
#include <cstdint>
#include <vector>

#include "oracle_topics.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

oracle_answer answer_split(const oracle_case& c) {
    const auto at = c.required_attr<std::vector<std::int64_t>>("indices");
    std::vector<named_array> parts;
    for (const array& part : split(input(c, "x"), at, c.attr_or<int>("axis", 0)))
        parts.push_back({text("y", parts.size()), part});
    return answer(c, parts);
}

oracle_answer answer_take(const oracle_case& c) {
    const std::optional<int> axis = c.attr_as<int>("axis");
    return answer(c, axis ? take(input(c, "x"), input(c, "i"), *axis) : take(input(c, "x"), input(c, "i")));
}

}  // namespace

void register_manipulation_oracles(oracle_registry& registry) {
    registry.add("array/*", "concat",
                 [](const oracle_case& c) { return answer(c, concat(numbered_inputs(c), c.attr_or<int>("axis", 0))); });
    registry.add("array/*", "stack",
                 [](const oracle_case& c) { return answer(c, stack(numbered_inputs(c), c.attr_or<int>("axis", 0))); });
    registry.add("array/*", "split", answer_split);
    registry.add("array/*", "take", answer_take);
}

}  // namespace tessera::testing
