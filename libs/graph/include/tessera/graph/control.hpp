// Branches and loops that depend on data: ops inside compile, plain control flow outside.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "tessera/array/tree.hpp"
#include "tessera/autograd/call.hpp"
#include "tessera/graph/export.hpp"

namespace tessera::detail {

using flat_function = std::function<std::vector<array>(std::span<const array>)>;

TESSERA_GRAPH_API std::vector<array> cond(const array& predicate, const flat_function& on_true,
                                          const flat_function& on_false, std::span<const array> operands);
TESSERA_GRAPH_API std::vector<array> while_loop(const flat_function& condition, const flat_function& body,
                                                std::span<const array> state);
// body: carry, then one element of each of xs, to carry, then one element of each of ys.
TESSERA_GRAPH_API std::vector<array> scan(const flat_function& body, std::span<const array> carry,
                                          std::span<const array> xs, extent length, bool backwards);

}  // namespace tessera::detail

namespace tessera::graph {

// on_true(operands) where the boolean rank-0 predicate holds, else on_false(operands); both give trees of the same
// structure, shapes and dtypes. Only the one that is taken runs. Both derivative modes. Under vmap with a predicate for
// each example both run, for all examples, and each takes its own. Throws shape_error or dtype_error when the branches'
// results differ.
template <class True, class False, class Operands>
auto cond(const array& predicate, True&& on_true, False&& on_false, const Operands& operands) {
    namespace d = tessera::detail;
    const auto& in = d::as_tree(operands);
    using output = d::tree_of<decltype(d::call_with(on_true, in))>;
    output structure{};
    const auto flat = [&](auto& f) {
        return [&](std::span<const array> leaves_in) {
            output y = d::as_tree(d::call_with(f, with_leaves(in, leaves_in)));
            std::vector<array> found = leaves(y);
            structure = std::move(y);
            return found;
        };
    };
    const std::vector<array> results = d::cond(predicate, flat(on_true), flat(on_false), leaves(in));
    return with_leaves(structure, results);
}

// state = body(state) as long as condition(state), a boolean of rank 0, holds; returns the last state. The state keeps
// its structure, shapes and dtypes. Forward mode only: take scan for reverse mode. Under vmap with a condition for
// each example the body runs for all until the last one is done. Throws shape_error or dtype_error when body changes
// the state's specs, not_differentiable in reverse mode.
template <class Condition, class Body, class State>
auto while_loop(Condition&& condition, Body&& body, const State& state) {
    namespace d = tessera::detail;
    const auto& start = d::as_tree(state);
    const auto flat = [&](auto& f) {
        return [&](std::span<const array> values) {
            return leaves(d::as_tree(d::call_with(f, with_leaves(start, values))));
        };
    };
    return with_leaves(start, d::while_loop(flat(condition), flat(body), leaves(start)));
}

template <class Carry, class Ys> struct scan_result {
    Carry carry;
    Ys ys;
    auto fields() { return std::tie(carry, ys); }
    auto fields() const { return std::tie(carry, ys); }
};

// Runs (carry, y_i) = body(carry, x_i) over the leading axis of every array of xs, and returns the last carry and the
// y_i stacked along a new leading axis. carry, xs and y are arrays or trees; the carry keeps its structure, shapes and
// dtypes; body returns a pair. Both derivative modes: reverse mode keeps the carries and runs backwards. Throws
// shape_error when the arrays of xs differ in length or the carry's shapes change, dtype_error when its dtypes do.
template <class Body, class Carry, class Xs> auto scan(Body&& body, const Carry& carry, const Xs& xs) {
    namespace d = tessera::detail;
    const auto& start = d::as_tree(carry);
    using carry_tree = d::tree_of<const Carry&>;
    using result = std::invoke_result_t<Body&, const carry_tree&, const Xs&>;
    using ys_tree = d::tree_of<decltype(std::declval<result>().second)>;
    const std::vector<array> carries = leaves(start), inputs = leaves(xs);
    ys_tree structure{};
    const auto flat = [&](std::span<const array> values) {
        auto [next, y] =
            body(with_leaves(start, values.first(carries.size())), with_leaves(xs, values.subspan(carries.size())));
        std::vector<array> found = leaves(d::as_tree(next));
        ys_tree y_tree = d::as_tree(y);
        for_each_leaf(y_tree, [&](const array& leaf) { found.push_back(leaf); });
        structure = std::move(y_tree);
        return found;
    };
    if (inputs.empty()) throw value_error("graph.scan: xs holds no array to run over");
    const extent length = inputs[0].rank() > 0 ? inputs[0].shape()[0] : extent(0);
    const std::vector<array> results = d::scan(flat, carries, inputs, length, false);
    const std::span<const array> all(results);
    return scan_result<carry_tree, ys_tree>{with_leaves(start, all.first(carries.size())),
                                            with_leaves(structure, all.subspan(carries.size()))};
}

}  // namespace tessera::graph
