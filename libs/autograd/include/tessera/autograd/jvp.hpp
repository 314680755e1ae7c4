// Forward-mode derivatives.
//     auto [y, dy] = jvp(f, x, dx);                                   // y = f(x), dy = J(x) dx
//     auto [y, dy] = jvp(f, std::tuple{a, b}, std::tuple{da, db});    // y = f(a, b)
//     auto [y, dys] = jvp_many(f, x, dxs);                            // dys[i] = J(x) dxs[i]
#pragma once

#include <vector>

#include "tessera/autograd/call.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/autograd/vmap.hpp"

namespace tessera::autograd {

template <class Out> struct jvp_result {
    Out value;
    Out tangent;  // zeros for what does not depend on the inputs
    auto fields() { return std::tie(value, tangent); }
    auto fields() const { return std::tie(value, tangent); }
};
template <class Out, class Aux> struct jvp_aux_result {
    Out value;
    Out tangent;
    Aux aux;
    auto fields() { return std::tie(value, tangent, aux); }
    auto fields() const { return std::tie(value, tangent, aux); }
};

}  // namespace tessera::autograd

namespace tessera::detail {

template <class Out> autograd::jvp_result<Out> forward_outputs(forward_trace& trace, const Out& out) {
    std::vector<array> tangent_leaves;
    Out value = mapped(out, [&](const array& y) {
        auto [below, tangent] = trace.output(y);
        tangent_leaves.push_back(std::move(tangent));
        return below;
    });
    return {std::move(value), with_leaves(out, tangent_leaves)};
}

// f at inputs that move along the tangents.
template <class F, class X, class V> auto run_forward(forward_trace& trace, F& f, const X& primals, const V& tangents) {
    decltype(auto) at = as_tree(primals);
    decltype(auto) along = as_tree(tangents);
    const std::vector<array> steps = leaves(along);
    const auto in = mapped(at, [&](const array& x) { return trace.input(x, steps); });
    trace.require_all_used(steps);
    return call_with(f, in);
}

}  // namespace tessera::detail

namespace tessera::autograd {

// f at primals and its derivative along tangents, in one run. Primals, tangents and the result are arrays or trees of
// arrays; tangents are like the primals, or null for zero. Throws dtype_error for primals that are neither float nor
// complex, shape_error or dtype_error for tangents unlike their primals, value_error for another number of them,
// not_differentiable for an op without a rule.
template <class F, class Primals, class Tangents> auto jvp(F&& f, const Primals& primals, const Tangents& tangents) {
    detail::forward_trace trace("jvp");
    const auto out = detail::run_forward(trace, f, primals, tangents);
    return detail::forward_outputs(trace, detail::tree_of<decltype(out)>(detail::as_tree(out)));
}

// jvp of a function that returns a pair (result, anything else), which comes along without a tangent.
template <class F, class Primals, class Tangents>
auto jvp_aux(F&& f, const Primals& primals, const Tangents& tangents) {
    detail::forward_trace trace("jvp_aux");
    const auto [out, more] = detail::run_forward(trace, f, primals, tangents);
    auto aux = detail::mapped(detail::as_tree(more), [&](const array& y) { return trace.auxiliary(y); });
    auto both = detail::forward_outputs(trace, detail::tree_of<decltype(out)>(detail::as_tree(out)));
    return jvp_aux_result<decltype(both.value), decltype(aux)>{std::move(both.value), std::move(both.tangent),
                                                               std::move(aux)};
}

// jvp along many directions at once: directions have a first axis that the primals do not have, of one size; so have
// the tangents of the result. f runs once; the value has no such axis. Throws what jvp and vmap throw.
template <class F, class Primals, class Directions>
auto jvp_many(F&& f, const Primals& primals, const Directions& directions) {
    detail::batch_trace batch("jvp_many");
    const auto each = detail::mapped(detail::as_tree(directions), [&](const array& v) { return batch.input(v, 0, 0); });
    batch.start();
    auto run = jvp(f, primals, each);
    run.value = detail::mapped(run.value, [&](const array& y) { return batch.output(y, std::nullopt); });
    run.tangent = detail::mapped(run.tangent, [&](const array& t) { return batch.output(t, 0); });
    return run;
}

}  // namespace tessera::autograd
