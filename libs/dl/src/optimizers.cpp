#include "tessera/dl/optimizers.hpp"

#include <cmath>

#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

namespace {

void require_at_least_zero(std::string_view name, std::string_view what, double value) {
    if (!(value >= 0) || !std::isfinite(value))
        throw value_error(text(name, ": ", what, " must be a number of at least 0, got ", value));
}

}  // namespace

optimizer::~optimizer() = default;

optimizer::optimizer(double learning_rate) : learning_rate_(learning_rate) { set_learning_rate(learning_rate); }

void optimizer::set_learning_rate(double rate) {
    require_at_least_zero("dl.optimizer", "learning_rate", rate);
    learning_rate_ = rate;
}

std::vector<array> optimizer::next(std::vector<array> parameters, std::span<const array> gradients) {
    if (gradients.size() != parameters.size())
        throw shape_error(
            text("dl.optimizer: ", parameters.size(), " parameters but ", gradients.size(), " gradients"));
    if (steps_ > 0 && parameters.size() != specs_.size())
        throw shape_error(
            text("dl.optimizer: the first step saw ", specs_.size(), " parameters, now there are ", parameters.size()));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const spec &p = parameters[i].spec(), &g = gradients[i].spec();
        if (!(p.shape == g.shape))
            throw shape_error(text("dl.optimizer: parameter ", i, " is ", p, " but its gradient is ", g));
        if (p.dtype != g.dtype)
            throw dtype_error(text("dl.optimizer: parameter ", i, " is ", p, " but its gradient is ", g));
        if (steps_ > 0 && !(p == specs_[i]))
            throw shape_error(text("dl.optimizer: parameter ", i, " was ", specs_[i], " and is now ", p));
    }
    if (steps_ == 0) {
        begin(parameters.size());
        specs_.clear();
        for (const array& p : parameters) specs_.push_back(p.spec());
    }
    for (std::size_t i = 0; i < parameters.size(); ++i)
        parameters[i] = update(i, std::move(parameters[i]), gradients[i]);
    ++steps_;
    return parameters;
}

sgd::sgd(const sgd_options& options) : optimizer(options.learning_rate), options_(options) {
    require_at_least_zero("dl.sgd", "momentum", options.momentum);
    require_at_least_zero("dl.sgd", "weight_decay", options.weight_decay);
    if (options.nesterov && (options.momentum == 0 || options.dampening != 0))
        throw value_error(text("dl.sgd: nesterov needs momentum above 0 and no dampening, got momentum ",
                               options.momentum, " and dampening ", options.dampening));
}

array sgd::update(std::size_t i, array parameter, const array& gradient) {
    array g = gradient;
    if (options_.weight_decay != 0) g = g + options_.weight_decay * parameter;
    if (options_.momentum != 0) {
        array& v = velocity_[i];
        v = v.is_null() ? positive(g) : std::move(v) * options_.momentum + (1 - options_.dampening) * g;
        g = options_.nesterov ? g + options_.momentum * v : v;
    }
    return std::move(parameter) - learning_rate() * g;
}

adam::adam(const adam_options& options) : optimizer(options.learning_rate), options_(options) {
    require_at_least_zero("dl.adam", "epsilon", options.epsilon);
    require_at_least_zero("dl.adam", "weight_decay", options.weight_decay);
    for (const double beta : {options.beta1, options.beta2})
        if (!(beta >= 0 && beta < 1))
            throw value_error(text("dl.adam: betas must be in [0, 1), got ", options.beta1, " and ", options.beta2));
}

array adam::update(std::size_t i, array parameter, const array& gradient) {
    array g = gradient;
    if (options_.weight_decay != 0) g = g + options_.weight_decay * parameter;
    const auto t = static_cast<double>(step_number());
    const double b1 = options_.beta1, b2 = options_.beta2;
    array &m = first_[i], &v = second_[i];
    m = m.is_null() ? (1 - b1) * g : std::move(m) * b1 + (1 - b1) * g;
    v = v.is_null() ? (1 - b2) * square(g) : std::move(v) * b2 + (1 - b2) * square(g);
    if (options_.amsgrad) greatest_[i] = greatest_[i].is_null() ? v : maximum(greatest_[i], v);
    const array root = sqrt(options_.amsgrad ? greatest_[i] : v);
    array scale = root * (1 / std::sqrt(1 - std::pow(b2, t))) + options_.epsilon;
    return std::move(parameter) - (learning_rate() / (1 - std::pow(b1, t))) * m / std::move(scale);
}

}  // namespace tessera::dl
