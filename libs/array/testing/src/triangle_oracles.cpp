// The oracle cases of triangles and diagonals.
#include "oracle_topics.hpp"
#include "tessera/array/triangles.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {

void register_triangle_oracles(oracle_registry& registry) {
    registry.add("array/*", "tril",
                 [](const oracle_case& c) { return answer(c, tril(input(c, "x"), c.attr_or<std::int64_t>("k", 0))); });
    registry.add("array/*", "triu",
                 [](const oracle_case& c) { return answer(c, triu(input(c, "x"), c.attr_or<std::int64_t>("k", 0))); });
    registry.add("array/*", "diagonal", [](const oracle_case& c) {
        return answer(c, diagonal(input(c, "x"), c.attr_or<std::int64_t>("offset", 0), c.attr_or<int>("axis1", 0),
                                  c.attr_or<int>("axis2", 1)));
    });
}

}  // namespace tessera::testing
