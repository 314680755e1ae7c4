// The oracle cases of spread, norms and quantiles.
#include <optional>
#include <string>

#include "oracle_topics.hpp"
#include "tessera/array/statistics.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

using spread = array (*)(const array&, const reduced_axes&, bool, double);
using reduction = array (*)(const array&, const reduced_axes&, bool);

bool keeps(const oracle_case& c) { return c.attr_or<bool>("keepdims", false); }

quantile_method method_attr(const oracle_case& c) {
    const std::string method = c.attr_or<std::string>("method", "linear");
    if (method == "linear") return quantile_method::linear;
    if (method == "lower") return quantile_method::lower;
    if (method == "higher") return quantile_method::higher;
    if (method == "nearest") return quantile_method::nearest;
    if (method == "midpoint") return quantile_method::midpoint;
    not_offered(c, method);
}

}  // namespace

void register_statistics_oracles(oracle_registry& registry) {
    for (const auto& [name, call] : {std::pair<std::string_view, spread>("var", var), {"std", stddev}})
        registry.add("array/*", name, [call = call](const oracle_case& c) {
            return answer(c, call(input(c, "x"), axes_attr(c, "axis"), keeps(c), c.attr_or<double>("ddof", 0)));
        });
    for (const auto& [name, call] :
         {std::pair<std::string_view, reduction>("logsumexp", logsumexp), {"nansum", nansum}})
        registry.add("array/*", name, [call = call](const oracle_case& c) {
            return answer(c, call(input(c, "x"), axes_attr(c, "axis"), keeps(c)));
        });
    registry.add("array/*", "norm2", [](const oracle_case& c) {
        return answer(c, vector_norm(input(c, "x"), axes_attr(c, "axis"), keeps(c)));
    });
    registry.add("array/*", "diff", [](const oracle_case& c) {
        return answer(c, diff(input(c, "x"), c.attr_or<int>("n", 1), c.attr_or<int>("axis", -1)));
    });
    registry.add("array/*", "median", [](const oracle_case& c) {
        return answer(c, median(input(c, "x"), c.attr_as<int>("axis"), keeps(c)));
    });
    registry.add("array/*", "quantile", [](const oracle_case& c) {
        return answer(
            c, quantile(input(c, "x"), c.required_attr<double>("q"), c.attr_as<int>("axis"), keeps(c), method_attr(c)));
    });
}

}  // namespace tessera::testing
