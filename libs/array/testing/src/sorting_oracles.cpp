// The oracle cases of sorting and searching.
#include <string>

#include "oracle_topics.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/sorting.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

int axis_attr(const oracle_case& c) { return c.attr_or<int>("axis", -1); }
bool is_descending(const oracle_case& c) { return c.attr_or<bool>("descending", false); }

oracle_answer answer_topk(const oracle_case& c) {
    const array x = input(c, "x");
    const topk_result top = topk(x, c.required_attr<std::int64_t>("k"), axis_attr(c), c.attr_or<bool>("largest", true));
    // Values through the indices, so that these are checked as well.
    return answer(c, {{"values", take_along_axis(x, top.indices, axis_attr(c))}});
}

search_side side_attr(const oracle_case& c) {
    const std::string side = c.attr_or<std::string>("side", "left");
    if (side != "left" && side != "right") c.reject_attr("side", "is left or right");
    return side == "left" ? search_side::left : search_side::right;
}

}  // namespace

void register_sorting_oracles(oracle_registry& registry) {
    registry.add("array/*", "sort",
                 [](const oracle_case& c) { return answer(c, sort(input(c, "x"), axis_attr(c), is_descending(c))); });
    registry.add("array/*", "argsort", [](const oracle_case& c) {
        return answer(c, argsort(input(c, "x"), axis_attr(c), is_descending(c)));
    });
    registry.add("array/*", "topk", answer_topk);
    registry.add("array/*", "searchsorted", [](const oracle_case& c) {
        return answer(c, searchsorted(input(c, "a"), input(c, "v"), side_attr(c)));
    });
}

}  // namespace tessera::testing
