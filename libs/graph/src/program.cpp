#include "program.hpp"

#include <algorithm>

#include "passes/passes.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

namespace {

constexpr std::size_t most_plans = 16;

function optimise(function f, bool fuses) {
    passes::fold_constants(f);
    passes::share_common(f);
    passes::drop_dead(f);
    if (fuses) {
        passes::fold_transposes(f);
        passes::accumulate_products(f);
        passes::drop_dead(f);
        passes::fuse(f);
        passes::drop_dead(f);
    }
    return f;
}

}  // namespace

program::program(function captured_body, bool fuses)
    : source_(std::move(captured_body)), optimised_(optimise(source_, fuses)), fuses_(fuses),
      is_planned_(plan::serves(optimised_)) {}

bool program::has_guards() const { return !optimised_.sizes->guards().empty(); }

std::string program::broken_guard(std::span<const array> arguments) const {
    const function& f = optimised_;
    size_values sizes(*f.sizes);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        sizes.bind(f.values[f.parameters[i]].spec.shape, arguments[i].shape());
    const size_guard* broken = sizes.first_broken();
    return broken ? f.sizes->print(*broken) : std::string();
}

std::shared_ptr<const plan> program::plan_for(std::span<const array> arguments, const plan::donations& donated) const {
    const auto fits = [&](const planned& p) {
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const detail::node& n = *arguments[i].node();
            if (!(p.shapes[i] == n.spec.shape) || !(p.steps[i] == n.steps)) return false;
        }
        return p.donated == donated;
    };
    const std::scoped_lock lock(mutex_);
    const auto known = std::find_if(plans_.begin(), plans_.end(), fits);
    if (known != plans_.end()) {
        if (known != plans_.begin()) std::rotate(plans_.begin(), known, known + 1);
        return plans_.front().how;
    }
    planned made;
    for (const array& x : arguments) {
        made.shapes.push_back(x.shape());
        made.steps.push_back(x.node()->steps);
    }
    made.donated = donated;
    made.how = std::make_shared<const plan>(optimised_, arguments, donated);
    plans_.insert(plans_.begin(), std::move(made));
    if (plans_.size() > most_plans) plans_.pop_back();
    return plans_.front().how;
}

std::vector<array> program::run(std::span<const array> arguments, const plan::donations& donated) const {
    const outside_of_captures now;
    if (!is_planned_) return replay(optimised_, arguments);
    std::vector<array> results(optimised_.results.size());
    plan_for(arguments, donated)->run(arguments, results);
    return results;
}

std::size_t program::peak_bytes() const {
    const std::scoped_lock lock(mutex_);
    return plans_.empty() ? 0 : plans_.front().how->peak_bytes();
}

std::size_t program::kernels() const {
    const std::scoped_lock lock(mutex_);
    return plans_.empty() ? optimised_.nodes.size() : plans_.front().how->kernels();
}

std::size_t program::plans() const {
    const std::scoped_lock lock(mutex_);
    return plans_.size();
}

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

}  // namespace tessera::graph
