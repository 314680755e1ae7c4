// The oracle cases of distinct values and counts.
#include "oracle_topics.hpp"
#include "tessera/array/sets.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

oracle_answer answer_unique(const oracle_case& c) {
    const unique_result u = unique_all(input(c, "x"));
    return answer(c,
                  {{"values", u.values}, {"index", u.indices}, {"inverse", u.inverse_indices}, {"counts", u.counts}});
}

}  // namespace

void register_set_oracles(oracle_registry& registry) {
    registry.add("array/*", "unique", answer_unique);
    for (const auto& [name, call] : {std::pair<std::string_view, array (*)(const array&, const array&)>("isin", isin),
                                     {"intersect1d", intersect1d},
                                     {"union1d", union1d},
                                     {"setdiff1d", setdiff1d}})
        registry.add("array/*", name,
                     [call = call](const oracle_case& c) { return answer(c, call(input(c, "a"), input(c, "b"))); });
    registry.add("array/*", "bincount", [](const oracle_case& c) {
        return answer(c, bincount(input(c, "x"), c.attr_or<std::int64_t>("minlength", 0)));
    });
    registry.add("array/*", "digitize", [](const oracle_case& c) {
        return answer(c, digitize(input(c, "x"), input(c, "edges"), c.attr_or<bool>("right", false)));
    });
    registry.add("array/*", "histogram",
                 [](const oracle_case& c) { return answer(c, histogram(input(c, "x"), input(c, "edges"))); });
}

}  // namespace tessera::testing
