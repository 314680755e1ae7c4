// Programs that are derivatives of a program, captured when they are first asked for.
#include <algorithm>

#include "passes/passes.hpp"
#include "program.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

namespace {

// The parameters of a derivative: those of f, then more like some of f's values, all with sizes open where f's are.
struct derivative_parameters {
    std::vector<value> values;
    std::vector<std::vector<bool>> open;

    void add(const function& f, value_id id) {
        value v = f.values[id];
        std::vector<bool> is_open;
        size_values examples(*f.sizes);
        for (std::size_t s = 0; s < f.sizes->symbols().size(); ++s)
            if (!f.sizes->symbols()[s].unbacked)
                examples.bind(extent::symbol(static_cast<std::int64_t>(s)), f.sizes->symbols()[s].example);
        for (extent& e : v.spec.shape) {
            is_open.push_back(e.is_symbol());
            // What depends on data may be anything; two is neither nothing nor one.
            const std::int64_t example = examples.of(e);
            e = example < 0 ? 2 : example;
        }
        values.push_back(std::move(v));
        open.push_back(std::move(is_open));
    }
};

}  // namespace

std::shared_ptr<const program> program::jvp(const std::vector<bool>& given) const {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto known = jvps_.find(given); known != jvps_.end()) return known->second;
    }
    const outside_of_captures now;
    derivative_parameters parameters;
    for (const value_id v : source_.parameters) parameters.add(source_, v);
    for (std::size_t i = 0; i < given.size(); ++i)
        if (given[i]) parameters.add(source_, source_.parameters[i]);
    const auto tangents_of = [&](std::span<const array> all) {
        std::vector<array> arguments(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(given.size()));
        std::vector<array> tangents(all.begin() + static_cast<std::ptrdiff_t>(given.size()), all.end());
        detail::forward_trace trace("graph.call");
        std::size_t next = 0;
        std::vector<array> steps;
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i]) steps.push_back(tangents[next++]);
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i]) arguments[i] = trace.input(arguments[i], steps);
        std::vector<array> results;
        for (const array& y : replay(source_, arguments)) results.push_back(trace.output(y).second);
        return results;
    };
    captured c = capture("graph.call", parameters.values, parameters.open, closures::variables, tangents_of);
    auto made = std::make_shared<const program>(std::move(c.body), fuses_);
    const std::scoped_lock lock(mutex_);
    return jvps_.emplace(given, std::move(made)).first->second;
}

std::shared_ptr<const program> program::vjp(const std::vector<bool>& given, const std::vector<bool>& needed) const {
    std::vector<bool> key = given;
    key.insert(key.end(), needed.begin(), needed.end());
    {
        const std::scoped_lock lock(mutex_);
        if (const auto known = vjps_.find(key); known != vjps_.end()) return known->second;
    }
    const outside_of_captures now;
    derivative_parameters parameters;
    for (const value_id v : source_.parameters) parameters.add(source_, v);
    for (std::size_t k = 0; k < given.size(); ++k)
        if (given[k]) parameters.add(source_, source_.results[k]);
    const auto cotangents_of = [&](std::span<const array> all) {
        std::vector<array> arguments(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(needed.size()));
        detail::reverse_trace trace("graph.call");
        for (std::size_t i = 0; i < needed.size(); ++i)
            if (needed[i]) arguments[i] = trace.input(arguments[i]);
        for (const array& y : replay(source_, arguments)) (void)trace.output(y);
        trace.finish();
        std::vector<array> cotangents(given.size()), gradients(trace.inputs());
        std::size_t next = needed.size();
        for (std::size_t k = 0; k < given.size(); ++k)
            if (given[k]) cotangents[k] = all[next++];
        trace.pull(cotangents, gradients);
        return gradients;
    };
    captured c = capture("graph.call", parameters.values, parameters.open, closures::variables, cotangents_of);
    auto made = std::make_shared<const program>(std::move(c.body), fuses_);
    const std::scoped_lock lock(mutex_);
    return vjps_.emplace(std::move(key), std::move(made)).first->second;
}

namespace {

// A program and its pullback, captured as one function: the cotangents of the needed arguments, then the results.
captured joint_capture(const function& f, const std::vector<bool>& needed) {
    derivative_parameters parameters;
    for (const value_id v : f.parameters) parameters.add(f, v);
    for (const value_id v : f.results)
        if (is_inexact(f.values[v].spec.dtype)) parameters.add(f, v);
    const auto run = [&](std::span<const array> all) {
        std::vector<array> arguments(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(needed.size()));
        detail::reverse_trace trace("graph.call");
        for (std::size_t i = 0; i < needed.size(); ++i)
            if (needed[i]) arguments[i] = trace.input(arguments[i]);
        std::vector<array> results;
        for (const array& y : replay(f, arguments)) results.push_back(trace.output(y));
        trace.finish();
        std::vector<array> cotangents(results.size()), all_results(trace.inputs());
        std::size_t next = needed.size();
        for (std::size_t k = 0; k < results.size(); ++k)
            if (is_inexact(results[k].dtype())) cotangents[k] = all[next++];
        trace.pull(cotangents, all_results);
        all_results.insert(all_results.end(), results.begin(), results.end());
        return all_results;
    };
    return capture("graph.call", parameters.values, parameters.open, closures::variables, run);
}

// Cuts such a function where the cotangents come in. Returns nothing where that cannot be done: sizes that are read
// from data are known on one side only, and weak literals are no results.
std::shared_ptr<const linearisation> cut(function joint, std::size_t arguments, const std::vector<bool>& needed,
                                         bool fuses) {
    passes::fold_constants(joint);
    passes::share_common(joint);
    passes::drop_dead(joint);
    std::vector<bool> is_late(joint.values.size(), false), is_at_hand(joint.values.size(), false);
    for (std::size_t i = 0; i < joint.parameters.size(); ++i) {
        is_late[joint.parameters[i]] = i >= arguments;
        is_at_hand[joint.parameters[i]] = true;
    }
    for (const constant& c : joint.constants) is_at_hand[c.id] = true;

    function early = joint, late = joint;
    early.nodes.clear();
    late.nodes.clear();
    std::vector<value_id> kept;
    const auto keep = [&](value_id v) {
        if (is_late[v] || is_at_hand[v]) return;
        is_at_hand[v] = true;
        kept.push_back(v);
    };
    for (const node& n : joint.nodes) {
        if (!n.operation) return nullptr;
        const bool comes_late = std::any_of(n.inputs.begin(), n.inputs.end(), [&](value_id v) { return is_late[v]; });
        for (const value_id v : n.outputs) is_late[v] = comes_late;
        if (comes_late)
            for (const value_id v : n.inputs) keep(v);
        if (!comes_late) early.nodes.push_back(n);
        // What needs nothing is made where it is read.
        if (comes_late || n.inputs.empty()) late.nodes.push_back(n);
        if (n.inputs.empty())
            for (const value_id v : n.outputs) is_at_hand[v] = true;
    }
    const auto gradients = static_cast<std::ptrdiff_t>(std::count(needed.begin(), needed.end(), true));
    late.results.assign(joint.results.begin(), joint.results.begin() + gradients);
    early.results.assign(joint.results.begin() + gradients, joint.results.end());
    for (const value_id v : late.results) keep(v);
    for (const value_id v : kept)
        if (joint.values[v].weak != detail::not_weak) return nullptr;

    early.parameters.resize(arguments);
    early.results.insert(early.results.end(), kept.begin(), kept.end());
    late.parameters.insert(late.parameters.begin() + static_cast<std::ptrdiff_t>(arguments), kept.begin(), kept.end());
    passes::drop_dead(early);
    passes::drop_dead(late);
    return std::make_shared<const linearisation>(linearisation{std::make_shared<const program>(std::move(early), fuses),
                                                               std::make_shared<const program>(std::move(late), fuses),
                                                               needed});
}

}  // namespace

std::shared_ptr<const linearisation> program::linearised(const std::vector<bool>& needed) const {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto known = linearised_.find(needed); known != linearised_.end()) return known->second;
    }
    const outside_of_captures now;
    captured joint = joint_capture(source_, needed);
    std::shared_ptr<const linearisation> made;
    if (joint.closed_over.empty()) made = cut(std::move(joint.body), needed.size(), needed, fuses_);
    const std::scoped_lock lock(mutex_);
    return linearised_.emplace(needed, std::move(made)).first->second;
}

}  // namespace tessera::graph
