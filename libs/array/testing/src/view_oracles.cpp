// The oracle cases that views answer.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oracle_topics.hpp"
#include "tessera/array/advanced_indexing.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

std::optional<std::int64_t> bound(const oracle_case& c, const nlohmann::json& value) {
    if (value.is_null()) return std::nullopt;
    if (!value.is_number_integer()) c.reject_attr("index", "has a bound that is no integer");
    return value.get<std::int64_t>();
}

range slice_range(const oracle_case& c, const nlohmann::json& parts) {
    if (!parts.is_array() || parts.size() != 3) c.reject_attr("index", "has a slice without three parts");
    return {bound(c, parts[0]), bound(c, parts[1]), bound(c, parts[2]).value_or(1)};
}

index_entry entry_of(const oracle_case& c, const nlohmann::json& entry) {
    if (entry.contains("int")) return bound(c, entry["int"]).value_or(0);
    if (entry.contains("slice")) return slice_range(c, entry["slice"]);
    if (entry.contains("newaxis")) return newaxis;
    if (entry.contains("ellipsis")) return ellipsis;
    for (const char* kind : {"array", "mask"})
        if (entry.contains(kind)) return input(c, entry[kind].get<std::string>());
    c.reject_attr("index", "has an entry of an unknown kind");
}

std::vector<index_entry> index_attr(const oracle_case& c) {
    std::vector<index_entry> index;
    for (const nlohmann::json& entry : c.required_attr<nlohmann::json>("index")) index.push_back(entry_of(c, entry));
    return index;
}

array indexed(const oracle_case& c) { return getitem(input(c, "x"), index_attr(c)); }

oracle_answer answer_flip(const oracle_case& c) {
    const std::optional<axes> along = axes_attr(c, "axis");
    return answer(c, along ? flip(input(c, "x"), *along) : flip(input(c, "x")));
}

oracle_answer answer_squeeze(const oracle_case& c) {
    const std::optional<axes> dropped = axes_attr(c, "axis");
    return answer(c, dropped ? squeeze(input(c, "x"), *dropped) : squeeze(input(c, "x")));
}

oracle_answer answer_transpose(const oracle_case& c) {
    const std::optional<axes> order = axes_attr(c, "axes");
    return answer(c, order ? permute_dims(input(c, "x"), *order) : transpose(input(c, "x")));
}

// Nothing is copied between the views and the op that reads them.
oracle_answer answer_view_chain(const oracle_case& c) {
    const std::optional<axes> order = axes_attr(c, "transpose");
    const array view = order ? permute_dims(indexed(c), *order) : indexed(c);
    const auto then = c.required_attr<std::string>("then");
    if (then == "copy") return answer(c, contiguous(view));
    const int axis = c.required_attr<int>("axis");
    if (then == "sum") return answer(c, sum(view, axis));
    if (then == "max") return answer(c, max(view, axis));
    if (then == "min") return answer(c, min(view, axis));
    not_offered(c, then);
}

}  // namespace

void register_view_oracles(oracle_registry& registry) {
    registry.add("array/*", "getitem", [](const oracle_case& c) { return answer(c, indexed(c)); });
    registry.add("array/*", "setitem",
                 [](const oracle_case& c) { return answer(c, setitem(input(c, "x"), index_attr(c), input(c, "v"))); });
    registry.add("array/manip", "view_chain", answer_view_chain);
    registry.add("array/*", "transpose", answer_transpose);
    registry.add("array/*", "flip", answer_flip);
    registry.add("array/*", "squeeze", answer_squeeze);
    registry.add("array/*", "expand_dims", [](const oracle_case& c) {
        return answer(c, expand_dims(input(c, "x"), c.required_attr<int>("axis")));
    });
    registry.add("array/*", "reshape", [](const oracle_case& c) {
        return answer(c, reshape(input(c, "x"), new_shape(c.required_attr<std::vector<std::int64_t>>("shape"))));
    });
    registry.add("array/*", "broadcast_to",
                 [](const oracle_case& c) { return answer(c, broadcast_to(input(c, "x"), dims_attr(c, "shape"))); });
    registry.add("array/*", "moveaxis", [](const oracle_case& c) {
        return answer(c, moveaxis(input(c, "x"), c.required_attr<int>("source"), c.required_attr<int>("destination")));
    });
    registry.add("array/*", "swapaxes", [](const oracle_case& c) {
        return answer(c, swapaxes(input(c, "x"), c.required_attr<int>("a"), c.required_attr<int>("b")));
    });
}

}  // namespace tessera::testing
