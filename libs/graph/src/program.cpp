#include "program.hpp"

#include <algorithm>

#include "passes/passes.hpp"

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

}  // namespace tessera::graph
