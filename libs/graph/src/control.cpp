#include "control.hpp"

#include <numeric>

#include "tessera/array/creation.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/autograd/vmap.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

std::vector<array> part::run(std::span<const array> all) const {
    const std::vector<array> arguments = pick(all);
    const bool is_traced =
        std::any_of(arguments.begin(), arguments.end(), [](const array& x) { return x.node()->trace != nullptr; });
    return is_traced || staging_tracer() ? replay(code->source(), arguments) : code->run(arguments);
}

std::vector<array> part::run_round(std::vector<array>& all, std::size_t given_up) const {
    const std::vector<array> arguments = pick(all);
    for (std::size_t i = 0; i < given_up; ++i) all[i] = {};
    const bool is_traced =
        std::any_of(arguments.begin(), arguments.end(), [](const array& x) { return x.node()->trace != nullptr; });
    if (is_traced || staging_tracer()) return replay(code->source(), arguments);
    plan::donations donated;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (inputs[i] < given_up && is_unshared(arguments[i])) {
            if (donated.empty()) donated = plan::donations(arguments.size(), false);
            donated[i] = true;
        }
    return code->run(arguments, donated);
}

part capture_part(std::string_view name, std::span<const value> parameters, std::uint32_t first,
                  std::vector<array>& inputs, const flat_function& f) {
    captured c = capture(name, parameters, {}, closures::lifted, f);
    part made;
    made.inputs.resize(parameters.size());
    std::iota(made.inputs.begin(), made.inputs.end(), first);
    for (const array& x : c.closed_over) {
        made.inputs.push_back(static_cast<std::uint32_t>(inputs.size()));
        inputs.push_back(x);
    }
    made.code.program = std::make_shared<const program>(std::move(c.body));
    return made;
}

part derived_part(std::string_view name, std::span<const value> parameters, const flat_function& f) {
    std::vector<array> none;
    part made = capture_part(name, parameters, 0, none, f);
    if (!none.empty()) throw value_error(text(name, ": a derivative rule uses ", none[0].spec(), " from outside"));
    return made;
}

value like(const array& x) { return {x.spec(), x.node()->weak}; }

std::vector<value> all_like(std::span<const array> xs) {
    std::vector<value> values;
    for (const array& x : xs) values.push_back(like(x));
    return values;
}

bool has_data(const array& x) {
    array seen = x;
    while (!seen.is_null() && seen.node()->trace) {
        const traced& record = *seen.node()->trace;
        if (record.owner->holds_many()) return false;
        array below = record.owner->concrete(record);
        seen = std::move(below);
    }
    return !seen.is_null();
}

void require_same_specs(std::string_view name, std::string_view what, const spec& is, const spec& should_be,
                        std::size_t position) {
    const std::string message = text(name, ": ", what, " ", position, " is ", is, " but should be ", should_be);
    if (is.dtype != should_be.dtype) throw dtype_error(message);
    if (!(is.shape == should_be.shape)) throw shape_error(message);
}

std::vector<array> tangents_through(const part& p, std::span<const array> arguments, std::span<const array> tangents) {
    detail::forward_trace trace("graph");
    std::vector<array> in(arguments.begin(), arguments.end()), steps;
    for (std::size_t i = 0; i < in.size(); ++i)
        if (is_inexact(in[i].dtype())) steps.push_back(tangents[i]);
    for (array& x : in)
        if (is_inexact(x.dtype())) x = trace.input(x, steps);
    std::vector<array> results;
    for (const array& y : replay(p.code->source(), in))
        results.push_back(is_inexact(y.dtype()) ? trace.output(y).second : array{});
    return results;
}

std::vector<array> cotangents_through(const part& p, std::span<const array> arguments,
                                      std::span<const array> cotangents, const std::vector<bool>& needed) {
    detail::reverse_trace trace("graph");
    std::vector<array> in(arguments.begin(), arguments.end());
    std::vector<std::size_t> traced_inputs;
    for (std::size_t i = 0; i < in.size(); ++i)
        if (needed[i] && is_inexact(in[i].dtype())) {
            in[i] = trace.input(in[i]);
            traced_inputs.push_back(i);
        }
    for (const array& y : replay(p.code->source(), in)) (void)trace.output(y);
    trace.finish();
    std::vector<array> gradients(trace.inputs()), all(in.size());
    trace.pull(cotangents, gradients);
    for (std::size_t k = 0; k < traced_inputs.size(); ++k) all[traced_inputs[k]] = std::move(gradients[k]);
    return all;
}

std::vector<bool> batched_inputs(const batch_args& args) {
    std::vector<bool> batched;
    for (std::size_t i = 0; i < args.in.size(); ++i) batched.push_back(batching::is_batched(args, i));
    return batched;
}

std::vector<array> over_batch(std::string_view name, std::span<const array> in, const std::vector<bool>& batched,
                              std::vector<bool>& out, const flat_function& f) {
    detail::batch_trace trace(name);
    std::vector<array> one;
    for (std::size_t i = 0; i < in.size(); ++i)
        one.push_back(trace.input(in[i], batched[i] ? std::optional<int>(0) : std::nullopt, i));
    trace.start();
    std::vector<array> results = f(one);
    out.resize(results.size(), false);
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (trace.is_batched(results[i])) out[i] = true;
        results[i] = trace.output(results[i], out[i] ? std::optional<int>(0) : std::nullopt);
    }
    return results;
}

part batched_part(std::string_view name, std::span<const value> parameters, const std::vector<bool>& batched,
                  std::vector<bool>& out, const flat_function& f) {
    return derived_part(name, parameters,
                        [&](std::span<const array> given) { return over_batch(name, given, batched, out, f); });
}

std::vector<bool> which_are_batched(std::string_view name, std::span<const value> parameters,
                                    const std::vector<bool>& batched, const flat_function& f) {
    std::vector<bool> out;
    (void)capture(name, parameters, {}, closures::lifted,
                  [&](std::span<const array> given) { return over_batch(name, given, batched, out, f); });
    return out;
}

}  // namespace tessera::graph
