// SGD and the optimisers that follow Adam: averages of the gradient, scaled by its magnitude so far.
#include <cmath>

#include "optimizer_checks.hpp"
#include "optimizer_formulas.hpp"
#include "tessera/dl/optimizers.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

sgd::sgd(const sgd_options& options) : optimizer("dl.sgd", options.learning_rate), options_(options) {
    require_at_least_zero("dl.sgd", "momentum", options.momentum);
    require_at_least_zero("dl.sgd", "weight_decay", options.weight_decay);
    if (options.nesterov && (options.momentum == 0 || options.dampening != 0))
        throw value_error(text("dl.sgd: nesterov needs momentum above 0 and no dampening, got momentum ",
                               options.momentum, " and dampening ", options.dampening));
}

std::size_t sgd::state_arrays() const { return options_.momentum != 0 ? 1 : 0; }

std::vector<double> sgd::numbers() { return {learning_rate(), step_number() == 1 ? 1.0 : 1 - options_.dampening}; }

std::vector<array> sgd::update(const turn& at) const {
    const array &rate = at.numbers[0], &gain = at.numbers[1];
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    if (options_.momentum == 0) return {at.parameter - rate * g};
    const array v = at.state[0] * options_.momentum + gain * g;
    return {at.parameter - rate * (options_.nesterov ? g + options_.momentum * v : v), v};
}

adam::adam(const adam_options& options) : adam("dl.adam", options, false) {}

adam::adam(std::string_view name, const adam_options& options, bool decoupled)
    : optimizer(name, options.learning_rate), options_(options), decoupled_(decoupled) {
    require_betas(name, options.beta1, options.beta2);
    require_at_least_zero(name, "epsilon", options.epsilon);
    require_at_least_zero(name, "weight_decay", options.weight_decay);
}

adamw::adamw(const adamw_options& o)
    : adam("dl.adamw", {o.learning_rate, o.beta1, o.beta2, o.epsilon, o.weight_decay, o.amsgrad}, true) {}

std::size_t adam::state_arrays() const { return options_.amsgrad ? 3 : 2; }

std::vector<double> adam::numbers() {
    const auto t = static_cast<double>(step_number());
    return {learning_rate() / (1 - std::pow(options_.beta1, t)), 1 / std::sqrt(1 - std::pow(options_.beta2, t)),
            1 - learning_rate() * options_.weight_decay};
}

std::vector<array> adam::update(const turn& at) const {
    const array &rate = at.numbers[0], &correction = at.numbers[1], &kept = at.numbers[2];
    const bool decays = options_.weight_decay != 0;
    const array g = decayed(at.gradient, at.parameter, decoupled_ ? 0 : options_.weight_decay);
    const array p = decays && decoupled_ ? at.parameter * kept : at.parameter;
    const array m = average(at.state[0], options_.beta1, g), v = average(at.state[1], options_.beta2, square(g));
    std::vector<array> next{p, m, v};
    if (options_.amsgrad) next.push_back(maximum(at.state[2], v));
    const array scale = sqrt(next.back()) * correction + options_.epsilon;
    next[0] = p - rate * m / scale;
    return next;
}

adamax::adamax(const adamax_options& options) : optimizer("dl.adamax", options.learning_rate), options_(options) {
    require_betas("dl.adamax", options.beta1, options.beta2);
    require_at_least_zero("dl.adamax", "epsilon", options.epsilon);
    require_at_least_zero("dl.adamax", "weight_decay", options.weight_decay);
}

std::vector<double> adamax::numbers() {
    return {learning_rate() / (1 - std::pow(options_.beta1, static_cast<double>(step_number())))};
}

std::vector<array> adamax::update(const turn& at) const {
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    const array m = average(at.state[0], options_.beta1, g);
    const array u = maximum(at.state[1] * options_.beta2, abs(g) + options_.epsilon);
    return {at.parameter - at.numbers[0] * m / u, m, u};
}

nadam::nadam(const nadam_options& options) : optimizer("dl.nadam", options.learning_rate), options_(options) {
    require_betas("dl.nadam", options.beta1, options.beta2);
    require_at_least_zero("dl.nadam", "epsilon", options.epsilon);
    require_at_least_zero("dl.nadam", "weight_decay", options.weight_decay);
    require_at_least_zero("dl.nadam", "momentum_decay", options.momentum_decay);
}

std::vector<double> nadam::numbers() {
    const auto mu = [&](double t) { return options_.beta1 * (1 - 0.5 * std::pow(0.96, t * options_.momentum_decay)); };
    const auto t = static_cast<double>(step_number());
    if (multiplied_to_ < step_number()) product_ *= mu(t);  // a step that failed is made again
    multiplied_to_ = step_number();
    return {learning_rate() * (1 - mu(t)) / (1 - product_),
            learning_rate() * mu(t + 1) / (1 - product_ * mu(t) * mu(t + 1)), 1 / (1 - std::pow(options_.beta2, t))};
}

std::vector<array> nadam::update(const turn& at) const {
    const array &of_gradient = at.numbers[0], &of_average = at.numbers[1], &correction = at.numbers[2];
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    const array m = average(at.state[0], options_.beta1, g), v = average(at.state[1], options_.beta2, square(g));
    const array scale = sqrt(v * correction) + options_.epsilon;
    return {at.parameter - of_gradient * g / scale - of_average * m / scale, m, v};
}

radam::radam(const radam_options& options) : optimizer("dl.radam", options.learning_rate), options_(options) {
    require_betas("dl.radam", options.beta1, options.beta2);
    require_at_least_zero("dl.radam", "epsilon", options.epsilon);
    require_at_least_zero("dl.radam", "weight_decay", options.weight_decay);
}

std::vector<double> radam::numbers() {
    const auto t = static_cast<double>(step_number());
    const double power = std::pow(options_.beta2, t), rate = learning_rate() / (1 - std::pow(options_.beta1, t));
    const double longest = 2 / (1 - options_.beta2) - 1, length = longest - 2 * t * power / (1 - power);
    if (!(length > 5)) return {rate, 0};
    const double rectified =
        std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
    return {0, rate * rectified * std::sqrt(1 - power)};
}

std::vector<array> radam::update(const turn& at) const {
    const array &plain = at.numbers[0], &scaled = at.numbers[1];
    const array g = decayed(at.gradient, at.parameter, options_.weight_decay);
    const array m = average(at.state[0], options_.beta1, g), v = average(at.state[1], options_.beta2, square(g));
    return {at.parameter - m * (plain + scaled / (sqrt(v) + options_.epsilon)), m, v};
}

}  // namespace tessera::dl
