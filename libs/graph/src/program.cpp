#include "program.hpp"

#include <algorithm>

#include "passes/passes.hpp"

namespace tessera::graph {

namespace {

function optimise(function f, bool fuses) {
    passes::inline_functions(f);
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
    : source_(std::move(captured_body)), optimised_(optimise(source_, fuses)), fuses_(fuses) {
    if (!plan::serves(optimised_)) stages_ = std::make_unique<const stages>(optimised_);
}

bool program::has_guards() const { return !optimised_.sizes->guards().empty(); }

std::string program::broken_guard(std::span<const array> arguments) const {
    const function& f = optimised_;
    size_values sizes(*f.sizes);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        sizes.bind(f.values[f.parameters[i]].spec.shape, arguments[i].shape());
    const size_guard* broken = sizes.first_broken();
    return broken ? f.sizes->print(*broken) : std::string();
}

std::vector<array> program::run(std::span<const array> arguments, const plan::donations& donated) const {
    const outside_of_captures now;
    std::vector<array> results(optimised_.results.size());
    if (stages_)
        stages_->run(arguments, results);
    else
        plans_.find(optimised_, arguments, donated)->run(arguments, results);
    return results;
}

std::size_t program::peak_bytes() const {
    if (stages_) return stages_->peak_bytes();
    const auto last = plans_.last();
    return last ? last->peak_bytes() : 0;
}

std::size_t program::kernels() const {
    if (stages_) return stages_->kernels();
    const auto last = plans_.last();
    return last ? last->kernels() : optimised_.nodes.size();
}

std::size_t program::plans() const { return stages_ ? stages_->plans() : plans_.count(); }

}  // namespace tessera::graph
