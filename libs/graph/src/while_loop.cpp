// graph.while_loop.
#include <numeric>

#include "control.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

// Inputs: the state, then what condition and body use besides.
struct while_attributes {
    part condition, body;
    std::uint32_t states;
    auto fields() const { return std::tie(condition, body, states); }
};

namespace {

const while_attributes& loop(attributes attrs) { return attrs.as<while_attributes>(); }

const array& decision_of(std::span<const array> results) {
    if (results.size() != 1 || results[0].dtype() != boolean || results[0].rank() != 0)
        throw dtype_error(text("graph.while_loop: the condition must give one boolean of rank 0, got ",
                               results.empty() ? spec{} : results[0].spec()));
    return results[0];
}

void require_kept(std::span<const array> next, std::span<const array> state) {
    if (next.size() != state.size())
        throw shape_error(text("graph.while_loop: the state has ", state.size(), " arrays, body gives ", next.size()));
    for (std::size_t i = 0; i < next.size(); ++i)
        require_same_specs("graph.while_loop", "what body gives for state", next[i].spec(), state[i].spec(), i);
}

// The state and, of floats, its tangents; the same of what the body uses.
void while_jvp(const jvp_args& args, std::span<array> out) {
    const while_attributes& attrs = loop(args.attrs);
    const std::uint32_t states = attrs.states;
    std::vector<array> state(args.in.begin(), args.in.begin() + states), more(args.in.begin() + states, args.in.end());
    std::vector<std::size_t> moving;  // states with a tangent
    for (std::size_t i = 0; i < states; ++i)
        if (is_inexact(args.in[i].dtype())) {
            moving.push_back(i);
            state.push_back(args.tangents[i].is_null() ? zeros_like(args.in[i]) : args.tangents[i]);
        }
    std::vector<std::uint32_t> tangent_of(args.in.size(), 0);  // place among all inputs, of what is not state
    const auto all_states = static_cast<std::uint32_t>(state.size());
    std::vector<array> all = state;
    all.insert(all.end(), more.begin(), more.end());
    for (std::size_t i = states; i < args.in.size(); ++i)
        if (!args.tangents[i].is_null()) {
            tangent_of[i] = static_cast<std::uint32_t>(all.size());
            all.push_back(args.tangents[i]);
        }
    const auto moved = [&](std::uint32_t i) { return i < states ? i : i - states + all_states; };

    while_attributes derived;
    derived.states = all_states;
    derived.condition = attrs.condition;
    for (std::uint32_t& i : derived.condition.inputs) i = moved(i);
    derived.body = derived_part("graph.while_loop", all_like(all), [&](std::span<const array> given) {
        std::vector<array> arguments, tangents;
        for (const std::uint32_t i : attrs.body.inputs) {
            arguments.push_back(given[moved(i)]);
            array t;
            if (i >= states && tangent_of[i] != 0) t = given[tangent_of[i]];
            const auto place = std::find(moving.begin(), moving.end(), i);
            if (place != moving.end()) t = given[states + static_cast<std::size_t>(place - moving.begin())];
            tangents.push_back(t);
        }
        std::vector<array> results = replay(attrs.body.code->source(), arguments);
        const auto slopes = tangents_through(attrs.body, arguments, tangents);
        for (const std::size_t i : moving) results.push_back(slopes[i]);
        return results;
    });
    std::vector<array> results(all_states);
    apply(while_op, all, derived, results);
    for (std::size_t k = 0; k < moving.size(); ++k) out[moving[k]] = results[states + k];
}

// As long as one example has rounds to go; the others keep their states. Where all have the same rounds, the loop is
// that of the states that differ.
void while_batch(const batch_args& args, std::span<array> out, std::span<int> out_axes) {
    const while_attributes& attrs = loop(args.attrs);
    const std::string_view name = args.op.name;
    const std::size_t states = attrs.states;
    const auto condition = [&](std::span<const array> one) { return attrs.condition.replayed(one); };
    const auto body = [&](std::span<const array> one) { return attrs.body.replayed(one); };
    std::vector<array> all(args.in.begin(), args.in.end());
    std::vector<bool> batched = batched_inputs(args);
    bool rounds_differ = false;
    for (bool is_settled = false; !is_settled;) {  // a state differs when what the body makes of it does
        is_settled = true;
        const std::vector<value> parameters = all_like(all);
        rounds_differ = which_are_batched(name, parameters, batched, condition)[0];
        const std::vector<bool> differs = which_are_batched(name, parameters, batched, body);
        for (std::size_t i = 0; i < states; ++i) {
            if (batched[i] || !(rounds_differ || differs[i])) continue;
            all[i] = broadcast_to(all[i], batching::with_batch(batching::size(args), all[i].shape()));
            batched[i] = true;
            is_settled = false;
        }
    }
    const auto middle = static_cast<std::ptrdiff_t>(states);
    std::vector<bool> kept(batched.begin(), batched.begin() + middle), decision(1, rounds_differ);
    while_attributes derived;
    derived.states = attrs.states + (rounds_differ ? 1 : 0);
    if (rounds_differ) {  // one state more: which examples go on
        const array goes_on = over_batch(name, all, batched, decision, condition)[0];
        all.insert(all.begin() + middle, goes_on);
        batched.insert(batched.begin() + middle, true);
        kept.push_back(true);
        const std::vector<value> parameters = all_like(all);
        derived.condition = derived_part(
            name, parameters, [&](std::span<const array> given) { return std::vector<array>{any(given[states])}; });
        derived.body = batched_part(name, parameters, batched, kept, [&](std::span<const array> given) {
            std::vector<array> one(given.begin(), given.end());
            one.erase(one.begin() + middle);
            std::vector<array> next = body(one);
            for (std::size_t i = 0; i < states; ++i) next[i] = one[i] = where(given[states], next[i], one[i]);
            next.push_back(condition(one)[0]);
            return next;
        });
    } else {
        const std::vector<value> parameters = all_like(all);
        derived.condition = batched_part(name, parameters, batched, decision, condition);
        derived.body = batched_part(name, parameters, batched, kept, body);
    }
    std::vector<array> results(derived.states);
    apply(while_op, all, derived, results);
    for (std::size_t i = 0; i < states; ++i) {
        out[i] = std::move(results[i]);
        out_axes[i] = batched[i] ? 0 : -1;
    }
}

}  // namespace

constinit const op while_op{
    .name = "graph.while_loop",
    .inputs = any_number,
    .outputs = any_number,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->shape = args.in[i]->shape;
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = args.in[i]->dtype;
        },
    .jvp = while_jvp,
    .vjp =
        [](const vjp_args& args, std::span<array>) {
            throw not_differentiable(text(
                args.op.name,
                ": the number of rounds is not known before it runs, so there is no reverse mode; take scan, or jvp"));
        },
    .saves = saves::nothing,
    .batch = while_batch,
    .body =
        [](std::span<const array> in, attributes attrs, std::span<array> out) {
            const while_attributes& l = loop(attrs);
            std::vector<array> all(in.begin(), in.end());
            while (decision_of(l.condition.run(all)).item<bool>()) {
                std::vector<array> next = l.body.run_round(all, l.states);
                std::move(next.begin(), next.end(), all.begin());
            }
            std::move(all.begin(), all.begin() + l.states, out.begin());
        },
    .registers = register_graph,
};

void register_while(registry& r) { r.add(while_op); }

}  // namespace tessera::graph

namespace tessera::detail {

std::vector<array> while_loop(const flat_function& condition, const flat_function& body, std::span<const array> start) {
    using namespace graph;
    std::vector<array> state(start.begin(), start.end());
    for (std::size_t i = 0; i < state.size(); ++i)
        if (state[i].is_null()) throw value_error(text("graph.while_loop: state ", i, " is a null array"));
    while (!staging_tracer()) {
        const array decision = decision_of(condition(state));
        if (!has_data(decision)) break;  // it differs from example to example
        if (!decision.item<bool>()) return state;
        std::vector<array> next = body(state);
        require_kept(next, state);
        state = std::move(next);
    }
    for (array& x : state)  // a literal changes in a loop like any other array
        if (x.is_literal()) x = full({}, x.item_value(), cpu);
    const std::vector<value> values = all_like(state);
    std::vector<array> inputs = state;
    while_attributes attrs;
    attrs.states = static_cast<std::uint32_t>(state.size());
    attrs.condition = capture_part("graph.while_loop", values, 0, inputs, [&](std::span<const array> s) {
        std::vector<array> results = condition(s);
        (void)decision_of(results);
        return results;
    });
    attrs.body = capture_part("graph.while_loop", values, 0, inputs, [&](std::span<const array> s) {
        std::vector<array> next = body(s);
        require_kept(next, s);
        return next;
    });
    std::vector<array> out(state.size());
    apply(while_op, inputs, attrs, out);
    return out;
}

}  // namespace tessera::detail
