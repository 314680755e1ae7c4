// The oracle cases that reductions answer.
#include <optional>

#include "oracle_topics.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

using reduction = array (*)(const array&, const reduced_axes&, bool);
using arg_reduction = array (*)(const array&, std::optional<int>, bool);

void add_reduction(oracle_registry& registry, std::string_view op, reduction function) {
    registry.add("array/*", op, [function](const oracle_case& c) {
        return answer(c, function(input(c, "x"), axes_attr(c, "axis"), c.attr_or<bool>("keepdims", false)));
    });
}

void add_arg_reduction(oracle_registry& registry, std::string_view op, arg_reduction function) {
    registry.add("array/*", op, [function](const oracle_case& c) {
        return answer(c, function(input(c, "x"), c.attr_as<int>("axis"), c.attr_or<bool>("keepdims", false)));
    });
}

}  // namespace

void register_reduction_oracles(oracle_registry& registry) {
    add_reduction(registry, "sum", sum);
    add_reduction(registry, "prod", prod);
    add_reduction(registry, "mean", mean);
    add_reduction(registry, "max", max);
    add_reduction(registry, "min", min);
    add_reduction(registry, "any", any);
    add_reduction(registry, "all", all);
    add_arg_reduction(registry, "argmax", argmax);
    add_arg_reduction(registry, "argmin", argmin);
}

}  // namespace tessera::testing
