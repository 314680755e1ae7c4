#include <vector>

#include "tessera/array/ops.hpp"
#include "tessera/dl/clipping.hpp"
#include "tessera/dl/optimizers.hpp"
#include "tessera/dl/schedules.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {

namespace {

// The parameters before the first and after every step, with grads[k] as the gradient of step k.
oracle_answer trajectory(const oracle_case& c, dl::optimizer& by) {
    array x = input(c, "x0");
    const array gradients = input(c, "grads");
    std::vector<array> seen{x};
    for (std::int64_t k = 0; k < gradients.extent(0).value(); ++k) {
        by.step(x, contiguous(slice(gradients, {k})));
        seen.push_back(x);
    }
    return answer(c, {{"traj", stack(seen, 0)}});
}

double rate(const oracle_case& c) { return c.required_attr<double>("lr"); }
double decay(const oracle_case& c, double fallback = 0) { return c.attr_or("weight_decay", fallback); }

struct betas {
    double first, second;
};
betas betas_of(const oracle_case& c) {
    const auto both = c.attr_or("betas", std::vector<double>{0.9, 0.999});
    if (both.size() != 2) c.reject_attr("betas", "must hold two numbers");
    return {both[0], both[1]};
}

template <class Optimizer, class Options> oracle_call with(Options (*options)(const oracle_case&)) {
    return [options](const oracle_case& c) {
        Optimizer by(options(c));
        return trajectory(c, by);
    };
}

dl::sgd_options sgd(const oracle_case& c) {
    return {.learning_rate = rate(c),
            .momentum = c.attr_or("momentum", 0.0),
            .dampening = c.attr_or("dampening", 0.0),
            .weight_decay = decay(c),
            .nesterov = c.attr_or("nesterov", false)};
}

template <class Options> Options of_adam(const oracle_case& c) {
    Options o;
    o.learning_rate = rate(c);
    const auto [first, second] = betas_of(c);
    o.beta1 = first;
    o.beta2 = second;
    o.epsilon = c.attr_or("eps", o.epsilon);
    o.weight_decay = decay(c, o.weight_decay);
    if constexpr (requires { o.amsgrad; }) o.amsgrad = c.attr_or("amsgrad", false);
    if constexpr (requires { o.momentum_decay; }) o.momentum_decay = c.attr_or("momentum_decay", o.momentum_decay);
    return o;
}

dl::rmsprop_options rmsprop(const oracle_case& c) {
    return {.learning_rate = rate(c),
            .alpha = c.attr_or("alpha", 0.99),
            .epsilon = c.attr_or("eps", 1e-8),
            .weight_decay = decay(c),
            .momentum = c.attr_or("momentum", 0.0),
            .centered = c.attr_or("centered", false)};
}

dl::adagrad_options adagrad(const oracle_case& c) {
    return {.learning_rate = rate(c),
            .learning_rate_decay = c.attr_or("lr_decay", 0.0),
            .weight_decay = decay(c),
            .initial_accumulator = c.attr_or("initial_accumulator_value", 0.0),
            .epsilon = c.attr_or("eps", 1e-10)};
}

dl::adadelta_options adadelta(const oracle_case& c) {
    return {.learning_rate = rate(c),
            .rho = c.attr_or("rho", 0.9),
            .epsilon = c.attr_or("eps", 1e-6),
            .weight_decay = decay(c)};
}

dl::rprop_options rprop(const oracle_case& c) {
    const auto etas = c.attr_or("etas", std::vector<double>{0.5, 1.2});
    const auto steps = c.attr_or("step_sizes", std::vector<double>{1e-6, 50});
    if (etas.size() != 2) c.reject_attr("etas", "must hold two numbers");
    if (steps.size() != 2) c.reject_attr("step_sizes", "must hold two numbers");
    return {.learning_rate = rate(c),
            .shrink = etas[0],
            .grow = etas[1],
            .smallest_step = steps[0],
            .largest_step = steps[1]};
}

// The rates of the first steps.
oracle_call rates(dl::schedule (*made)(const oracle_case&)) {
    return [made](const oracle_case& c) {
        const dl::schedule at = made(c);
        std::vector<double> all;
        for (std::int64_t t = 0; t < c.required_attr<std::int64_t>("steps"); ++t) all.push_back(at(t));
        return answer(c, {{"lr", from_span(std::span<const double>(all))}});
    };
}
double base(const oracle_case& c) { return c.required_attr<double>("base_lr"); }

oracle_answer clip_grad_norm(const oracle_case& c) {
    array g = input(c, "g");
    const array norm = dl::clip_grad_norm(g, c.required_attr<double>("max_norm"), c.attr_or("p", 2.0));
    return answer(c, {{"y", g}, {"norm", norm}});
}

}  // namespace

void register_dl_oracles(oracle_registry& registry) {
    const auto add = [&](std::string_view name, oracle_call call) {
        registry.add("optim/trajectories", name, std::move(call));
    };
    add("sgd", with<dl::sgd>(sgd));
    add("adam", with<dl::adam>(of_adam<dl::adam_options>));
    add("adamw", with<dl::adamw>(of_adam<dl::adamw_options>));
    add("adamax", with<dl::adamax>(of_adam<dl::adamax_options>));
    add("nadam", with<dl::nadam>(of_adam<dl::nadam_options>));
    add("radam", with<dl::radam>(of_adam<dl::radam_options>));
    add("rmsprop", with<dl::rmsprop>(rmsprop));
    add("adagrad", with<dl::adagrad>(adagrad));
    add("adadelta", with<dl::adadelta>(adadelta));
    add("rprop", with<dl::rprop>(rprop));
    add("step_lr", rates([](const oracle_case& c) {
            return dl::step_lr(base(c), c.required_attr<std::int64_t>("step"), c.attr_or("gamma", 0.1));
        }));
    add("multistep_lr", rates([](const oracle_case& c) {
            return dl::multistep_lr(base(c), c.required_attr<std::vector<std::int64_t>>("milestones"),
                                    c.attr_or("gamma", 0.1));
        }));
    add("exp_lr",
        rates([](const oracle_case& c) { return dl::exponential_lr(base(c), c.required_attr<double>("gamma")); }));
    add("cosine_lr", rates([](const oracle_case& c) {
            return dl::cosine_annealing_lr(base(c), c.required_attr<std::int64_t>("T_max"), c.attr_or("eta_min", 0.0));
        }));
    add("linear_warmup", rates([](const oracle_case& c) {
            return dl::linear_warmup(base(c), c.required_attr<std::int64_t>("warmup"));
        }));
    add("onecycle_lr", rates([](const oracle_case& c) {
            if (c.attr_or("anneal", std::string("cos")) != "cos") not_offered(c, "an anneal other than cos");
            return dl::one_cycle_lr(c.required_attr<double>("max_lr"), c.required_attr<std::int64_t>("total_steps"),
                                    {.rising = c.attr_or("pct_start", 0.3),
                                     .divide_first = c.attr_or("div_factor", 25.0),
                                     .divide_last = c.attr_or("final_div_factor", 1e4)});
        }));
    add("clip_grad_norm", clip_grad_norm);
}

}  // namespace tessera::testing
