// The oracle cases of picking and placing by arrays of indices.
#include "oracle_topics.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

oracle_answer answer_nonzero(const oracle_case& c) {
    std::vector<named_array> positions;
    for (const array& along : nonzero(input(c, "x"))) positions.push_back({text("y", positions.size()), along});
    return answer(c, positions);
}

}  // namespace

void register_indexing_oracles(oracle_registry& registry) {
    registry.add("array/*", "take_along_axis", [](const oracle_case& c) {
        return answer(c, take_along_axis(input(c, "x"), input(c, "i"), c.required_attr<int>("axis")));
    });
    registry.add("array/*", "put_along_axis", [](const oracle_case& c) {
        return answer(c, put_along_axis(input(c, "x"), input(c, "i"), input(c, "v"), c.required_attr<int>("axis")));
    });
    registry.add("array/*", "index_add", [](const oracle_case& c) {
        return answer(c, index_add(input(c, "x"), input(c, "i"), input(c, "v"), c.required_attr<int>("axis")));
    });
    registry.add("array/*", "nonzero", answer_nonzero);
    registry.add("array/*", "count_nonzero",
                 [](const oracle_case& c) { return answer(c, count_nonzero(input(c, "x"))); });
}

}  // namespace tessera::testing
