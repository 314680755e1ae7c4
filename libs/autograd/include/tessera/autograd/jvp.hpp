// Forward-mode derivatives.
//     auto [y, dy] = jvp(f, x, dx);                                   // y = f(x), dy = J(x) dx
//     auto [y, dy] = jvp(f, std::tuple{a, b}, std::tuple{da, db});    // y = f(a, b)
#pragma once

#include <vector>

#include "tessera/autograd/call.hpp"
#include "tessera/autograd/traces.hpp"

namespace tessera::autograd {

template <class Out> struct jvp_result {
    Out value;
    Out tangent;  // zeros for what does not depend on the inputs
    auto fields() { return std::tie(value, tangent); }
    auto fields() const { return std::tie(value, tangent); }
};

// f at primals and its derivative along tangents, in one run. Primals, tangents and the result are arrays or trees of
// arrays; tangents are like the primals, or null for zero. Throws dtype_error for primals that are neither float nor
// complex, shape_error or dtype_error for tangents unlike their primals, value_error for another number of them,
// not_differentiable for an op without a rule.
template <class F, class Primals, class Tangents> auto jvp(F&& f, const Primals& primals, const Tangents& tangents) {
    decltype(auto) at = detail::as_tree(primals);
    decltype(auto) along = detail::as_tree(tangents);
    detail::forward_trace trace("jvp");
    const std::vector<array> steps = leaves(along);
    const auto in = detail::mapped(at, [&](const array& x) { return trace.input(x, steps); });
    trace.require_all_used(steps);
    using output = detail::tree_of<decltype(detail::call_with(f, in))>;
    const output out = detail::as_tree(detail::call_with(f, in));

    std::vector<array> tangent_leaves;
    output value = detail::mapped(out, [&](const array& y) {
        auto [below, tangent] = trace.output(y);
        tangent_leaves.push_back(std::move(tangent));
        return below;
    });
    output tangent = with_leaves(out, tangent_leaves);
    return jvp_result<output>{std::move(value), std::move(tangent)};
}

}  // namespace tessera::autograd
