// Optimisers that scale the gradient by its magnitude so far, and the one that looks at its sign alone.
#include <cmath>

#include "optimizer_checks.hpp"
#include "optimizer_formulas.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/dl/optimizers.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

rmsprop::rmsprop(const rmsprop_options& options) : optimizer("dl.rmsprop", options.learning_rate), options_(options) {
    require_at_least_zero("dl.rmsprop", "alpha", options.alpha);
    require_at_least_zero("dl.rmsprop", "epsilon", options.epsilon);
    require_at_least_zero("dl.rmsprop", "weight_decay", options.weight_decay);
    require_at_least_zero("dl.rmsprop", "momentum", options.momentum);
}

std::size_t rmsprop::state_arrays() const {
    return 1 + (options_.centered ? 1U : 0U) + (options_.momentum != 0 ? 1U : 0U);
}

std::vector<double> rmsprop::numbers() { return {learning_rate()}; }

std::vector<array> rmsprop::update(const turn& at) const {
    const array& rate = at.numbers[0];
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    array s = average(at.state[0], options_.alpha, square(g));
    std::vector<array> next{at.parameter, s};
    if (options_.centered) {
        next.push_back(average(at.state[1], options_.alpha, g));
        s = s - square(next.back());
    }
    array change = g / (sqrt(s) + options_.epsilon);
    if (options_.momentum != 0) {
        change = at.state.back() * options_.momentum + change;
        next.push_back(change);
    }
    next[0] = at.parameter - rate * change;
    return next;
}

adagrad::adagrad(const adagrad_options& options) : optimizer("dl.adagrad", options.learning_rate), options_(options) {
    require_at_least_zero("dl.adagrad", "learning_rate_decay", options.learning_rate_decay);
    require_at_least_zero("dl.adagrad", "weight_decay", options.weight_decay);
    require_at_least_zero("dl.adagrad", "initial_accumulator", options.initial_accumulator);
    require_at_least_zero("dl.adagrad", "epsilon", options.epsilon);
}

array adagrad::initial_state(std::size_t, const array& parameter) const {
    return full_like(parameter, options_.initial_accumulator);
}

std::vector<double> adagrad::numbers() {
    return {learning_rate() / (1 + static_cast<double>(step_number() - 1) * options_.learning_rate_decay)};
}

std::vector<array> adagrad::update(const turn& at) const {
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    const array s = at.state[0] + square(g);
    return {at.parameter - at.numbers[0] * g / (sqrt(s) + options_.epsilon), s};
}

adadelta::adadelta(const adadelta_options& options)
    : optimizer("dl.adadelta", options.learning_rate), options_(options) {
    if (!(options.rho >= 0 && options.rho <= 1))
        throw value_error(text("dl.adadelta: rho must be in [0, 1], got ", options.rho));
    require_at_least_zero("dl.adadelta", "epsilon", options.epsilon);
    require_at_least_zero("dl.adadelta", "weight_decay", options.weight_decay);
}

std::vector<double> adadelta::numbers() { return {learning_rate()}; }

std::vector<array> adadelta::update(const turn& at) const {
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    const array s = average(at.state[0], options_.rho, square(g));
    const array change = sqrt(at.state[1] + options_.epsilon) / sqrt(s + options_.epsilon) * g;
    return {at.parameter - at.numbers[0] * change, s, average(at.state[1], options_.rho, square(change))};
}

rprop::rprop(const rprop_options& options) : optimizer("dl.rprop", options.learning_rate), options_(options) {
    if (!(options.shrink > 0 && options.shrink < 1 && options.grow > 1) || !std::isfinite(options.grow))
        throw value_error(
            text("dl.rprop: shrink must be in (0, 1) and grow above 1, got ", options.shrink, " and ", options.grow));
    require_at_least_zero("dl.rprop", "smallest_step", options.smallest_step);
    if (!(options.largest_step >= options.smallest_step))
        throw value_error(text("dl.rprop: largest_step must be at least smallest_step, got ", options.largest_step,
                               " and ", options.smallest_step));
}

// The gradient before, and the steps.
array rprop::initial_state(std::size_t which, const array& parameter) const {
    return which == 0 ? zeros_like(parameter) : full_like(parameter, learning_rate());
}

std::vector<array> rprop::update(const turn& at) const {
    const array agreement = at.gradient * at.state[0];
    const array turned = agreement < 0.0;
    const array factor = where(agreement > 0.0, options_.grow, where(turned, options_.shrink, ones_like(agreement)));
    const array step = clip(at.state[1] * factor, options_.smallest_step, options_.largest_step);
    const array g = where(turned, 0.0, at.gradient);
    return {at.parameter - sign(g) * step, g, step};
}

}  // namespace tessera::dl
