// Reverse-mode derivatives.
//     auto [loss, slopes] = value_and_grad(f)(parameters, x, labels);   // slopes is a tree like parameters
//     auto [y, pullback] = vjp(f, x);   auto dx = pullback(ct);         // any number of times, also later
#pragma once

#include <vector>

#include "tessera/autograd/call.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/autograd/vmap.hpp"

namespace tessera::autograd {

// The transposed derivative of a function at one point: cotangents of its inputs from those of its outputs.
// Keeps alive what the rules of the ops in between read. Copies share it; threads may call it at the same time.
template <class Out, class In> class pullback {
public:
    // J^T ct, for complex numbers J^H ct; a tree like the primals. Null cotangents are zero. Throws shape_error or
    // dtype_error for cotangents unlike the outputs, value_error when a saved value was overwritten since.
    In operator()(const Out& cotangents) const {
        if constexpr (std::is_same_v<In, array> && std::is_same_v<Out, array>) {
            array gradient;
            trace_.pull({&cotangents, 1}, {&gradient, 1});
            return gradient;
        } else {
            std::vector<array> gradients(trace_.inputs());
            trace_.pull(leaves(cotangents), gradients);
            return with_leaves(like_, gradients);
        }
    }

    // The same for many cotangents at once, which have a first axis of one size; so have the results.
    In many(const Out& cotangents) const {
        detail::batch_trace batch("vjp");
        const Out each =
            detail::mapped(cotangents, [&](const array& ct) { return ct.is_null() ? ct : batch.input(ct, 0, 0); });
        batch.start();
        return detail::mapped((*this)(each), [&](const array& g) { return batch.output(g, 0); });
    }

    pullback(detail::reverse_trace trace, In like) : trace_(std::move(trace)), like_(std::move(like)) {}

private:
    detail::reverse_trace trace_;
    In like_;  // specs alone
};

template <class Out, class In> struct vjp_result {
    Out value;
    autograd::pullback<Out, In> pullback;
};
template <class Out, class In, class Aux> struct vjp_aux_result {
    Out value;
    autograd::pullback<Out, In> pullback;
    Aux aux;
};
template <class X> struct value_and_gradient {
    array value;
    X gradient;
    auto fields() { return std::tie(value, gradient); }
    auto fields() const { return std::tie(value, gradient); }
};
template <class X, class Aux> struct value_gradient_and_aux {
    array value;
    X gradient;
    Aux aux;
    auto fields() { return std::tie(value, gradient, aux); }
    auto fields() const { return std::tie(value, gradient, aux); }
};

}  // namespace tessera::autograd

namespace tessera::detail {

template <class Tree> Tree traced_inputs(reverse_trace& trace, const Tree& tree) {
    return mapped(tree, [&](const array& x) { return trace.input(x); });
}

template <class Out> Out traced_outputs(reverse_trace& trace, const Out& out) {
    return mapped(out, [&](const array& y) { return trace.output(y); });
}

template <class Out, class X> autograd::pullback<Out, X> finished_pullback(reverse_trace trace, const X& at) {
    trace.finish();
    X like = mapped(at, [&, i = std::size_t{0}](const array&) mutable { return trace.input_spec(i++); });
    return {std::move(trace), std::move(like)};
}

template <class X> X gradient_of_loss(reverse_trace& trace, const X& like) {
    trace.require_scalar_output();
    trace.finish();
    if constexpr (std::is_same_v<X, array>) {
        array gradient;
        trace.pull_once({&gradient, 1});
        return gradient;
    } else {
        std::vector<array> gradients(trace.inputs());
        trace.pull_once(gradients);
        return with_leaves(like, gradients);
    }
}

template <class F, class X, class... Rest>
autograd::value_and_gradient<X> run_value_and_grad(std::string_view name, F& f, const X& x, const Rest&... rest) {
    reverse_trace trace(name);
    array value;
    {
        const auto loss = as_tree(call_with(f, traced_inputs(trace, x), rest...));
        static_assert(std::is_same_v<std::remove_const_t<decltype(loss)>, array>,
                      "grad takes a function that returns one array; for one that returns (array, more) take "
                      "value_and_grad_aux, for any other vjp");
        value = trace.output(loss);
    }
    return {std::move(value), gradient_of_loss(trace, x)};
}

}  // namespace tessera::detail

namespace tessera::autograd {

// f at primals, and its pullback there. Primals and the result are arrays or trees of arrays. Throws dtype_error for
// primals that are neither float nor complex, not_differentiable for an op without a rule.
template <class F, class Primals> auto vjp(F&& f, const Primals& primals) {
    using input = detail::tree_of<const Primals&>;
    decltype(auto) at = detail::as_tree(primals);
    detail::reverse_trace trace("vjp");
    const input in = detail::traced_inputs(trace, at);
    using output = detail::tree_of<decltype(detail::call_with(f, in))>;
    output value = detail::traced_outputs(trace, output(detail::as_tree(detail::call_with(f, in))));
    return vjp_result<output, input>{std::move(value), detail::finished_pullback<output, input>(std::move(trace), at)};
}

// vjp of a function that returns a pair (result, anything else), which comes along without a cotangent.
template <class F, class Primals> auto vjp_aux(F&& f, const Primals& primals) {
    using input = detail::tree_of<const Primals&>;
    decltype(auto) at = detail::as_tree(primals);
    detail::reverse_trace trace("vjp_aux");
    auto run = [&] {
        const auto [out, more] = detail::call_with(f, detail::traced_inputs(trace, at));
        using output = detail::tree_of<decltype(out)>;
        output value = detail::traced_outputs(trace, output(detail::as_tree(out)));
        auto aux = detail::mapped(detail::as_tree(more), [&](const array& y) { return trace.auxiliary(y); });
        return std::pair(std::move(value), std::move(aux));
    }();
    using output = decltype(run.first);
    return vjp_aux_result<output, input, decltype(run.second)>{
        std::move(run.first), detail::finished_pullback<output, input>(std::move(trace), at), std::move(run.second)};
}

// value_and_grad(f)(x, rest...) is f(x, rest...) and its gradient with respect to x: a tree like x, which may be a
// tuple of several arguments of f. rest is passed on as it is. For complex x the gradient g is the one with x -= rate *
// g going down. Throws shape_error when f's result is not a scalar, dtype_error when it is not real or x is neither
// float nor complex, not_differentiable for an op without a rule.
template <class F> auto value_and_grad(F f) {
    return [f = std::move(f)]<class X, class... Rest>(const X& x, const Rest&... rest) {
        return detail::run_value_and_grad("value_and_grad", f, detail::as_tree(x), rest...);
    };
}

// The gradient alone. Gradients of several leaves may share memory, with each other and with cotangents: use them as
// values, not as out=.
template <class F> auto grad(F f) {
    return [f = std::move(f)]<class X, class... Rest>(const X& x, const Rest&... rest) {
        return detail::run_value_and_grad("grad", f, detail::as_tree(x), rest...).gradient;
    };
}

// value_and_grad of a function that returns a pair (loss, anything else), which comes along without a gradient.
template <class F> auto value_and_grad_aux(F f) {
    return [f = std::move(f)]<class X, class... Rest>(const X& x, const Rest&... rest) {
        decltype(auto) at = detail::as_tree(x);
        detail::reverse_trace trace("value_and_grad_aux");
        const auto outer = [&] {
            auto [loss, more] = detail::call_with(f, detail::traced_inputs(trace, at), rest...);
            array value = trace.output(detail::as_tree(loss));
            auto aux = detail::mapped(detail::as_tree(more), [&](const array& y) { return trace.auxiliary(y); });
            return std::pair(std::move(value), std::move(aux));
        }();
        auto gradient = detail::gradient_of_loss(trace, at);
        return value_gradient_and_aux<decltype(gradient), decltype(outer.second)>{outer.first, std::move(gradient),
                                                                                  outer.second};
    };
}

// The gradient and what comes along, without the value.
template <class F> auto grad_aux(F f) {
    return [run = value_and_grad_aux(std::move(f))]<class X, class... Rest>(const X& x, const Rest&... rest) {
        auto all = run(x, rest...);
        return std::pair(std::move(all.gradient), std::move(all.aux));
    };
}

}  // namespace tessera::autograd
