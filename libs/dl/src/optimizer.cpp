#include "tessera/dl/optimizer.hpp"

#include <cmath>
#include <functional>

#include "optimizer_checks.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

void require_at_least_zero(std::string_view name, std::string_view what, double value) {
    if (!(value >= 0) || !std::isfinite(value))
        throw value_error(text(name, ": ", what, " must be a number of at least 0, got ", value));
}

void require_fraction(std::string_view name, std::string_view what, double value) {
    if (!(value >= 0 && value < 1)) throw value_error(text(name, ": ", what, " must be in [0, 1), got ", value));
}

void require_betas(std::string_view name, double beta1, double beta2) {
    for (const double beta : {beta1, beta2})
        if (!(beta >= 0 && beta < 1))
            throw value_error(text(name, ": betas must be in [0, 1), got ", beta1, " and ", beta2));
}

namespace {
using arrays = std::vector<array>;
using step_function = std::function<arrays(const arrays&, const arrays&, const arrays&, const arrays&)>;
}  // namespace

// All parameters' updates as one program.
struct optimizer::compiled_update {
    explicit compiled_update(step_function f) : run(graph::compile(std::move(f))) {}
    graph::compiled<step_function> run;
};

optimizer::optimizer(std::string_view name, double learning_rate) : name_(name), learning_rate_(learning_rate) {
    set_learning_rate(learning_rate);
    update_ = std::make_unique<compiled_update>(
        [this](const arrays& parameters, const arrays& gradients, const arrays& state, const arrays& numbers) {
            arrays next;
            const std::size_t each = state_arrays();
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                arrays converted;
                for (const array& number : numbers) converted.push_back(astype(number, parameters[i].dtype()));
                const std::span<const array> own(state.data() + i * each, each);
                for (array& x : update({parameters[i], gradients[i], own, converted})) next.push_back(std::move(x));
            }
            return next;
        });
}

optimizer::~optimizer() = default;

void optimizer::set_learning_rate(double rate) {
    require_at_least_zero("dl.optimizer", "learning_rate", rate);
    learning_rate_ = rate;
}

array optimizer::initial_state(std::size_t, const array& parameter) const { return zeros_like(parameter); }

void optimizer::check(std::span<const array> parameters, std::span<const array> gradients) const {
    if (gradients.size() != parameters.size())
        throw shape_error(text(name_, ": ", parameters.size(), " parameters but ", gradients.size(), " gradients"));
    if (steps_ > 0 && parameters.size() != specs_.size())
        throw shape_error(
            text(name_, ": the first step saw ", specs_.size(), " parameters, now there are ", parameters.size()));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const spec &p = parameters[i].spec(), &g = gradients[i].spec();
        if (!is_inexact(p.dtype)) throw dtype_error(text(name_, ": parameters are floats, parameter ", i, " is ", p));
        if (!(p.shape == g.shape))
            throw shape_error(text(name_, ": parameter ", i, " is ", p, " but its gradient is ", g));
        if (p.dtype != g.dtype)
            throw dtype_error(text(name_, ": parameter ", i, " is ", p, " but its gradient is ", g));
        if (steps_ > 0 && !(p == specs_[i]))
            throw shape_error(text(name_, ": parameter ", i, " was ", specs_[i], " and is now ", p));
    }
}

std::vector<array> optimizer::next(std::vector<array> parameters, std::span<const array> gradients) {
    check(parameters, gradients);
    const std::size_t count = parameters.size(), each = state_arrays();
    if (steps_ == 0) {
        specs_.clear();
        state_.clear();
        for (const array& p : parameters) {
            specs_.push_back(p.spec());
            for (std::size_t k = 0; k < each; ++k) state_.push_back(initial_state(k, p));
        }
    }
    arrays changing;
    for (const double number : numbers()) changing.push_back(full({}, number, f64));
    const arrays made = update_->run(parameters, arrays(gradients.begin(), gradients.end()), state_, changing);
    for (std::size_t i = 0; i < count; ++i) {
        parameters[i] = made[i * (each + 1)];
        for (std::size_t k = 0; k < each; ++k) state_[i * each + k] = made[i * (each + 1) + 1 + k];
    }
    ++steps_;
    return parameters;
}

}  // namespace tessera::dl
