// The oracle cases of running sums, products and extremes.
#include <optional>

#include "oracle_topics.hpp"
#include "tessera/array/cumulative.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {

void register_cumulative_oracles(oracle_registry& registry) {
    struct running {
        std::string_view op;
        array (*call)(const array&, std::optional<int>);
    };
    for (const running& r : {running{"cumsum", cumsum}, {"cumprod", cumprod}, {"cummax", cummax}, {"cummin", cummin}})
        registry.add("array/*", r.op,
                     [r](const oracle_case& c) { return answer(c, r.call(input(c, "x"), c.attr_as<int>("axis"))); });
}

}  // namespace tessera::testing
