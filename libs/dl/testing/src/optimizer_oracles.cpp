#include <vector>

#include "tessera/array/ops.hpp"
#include "tessera/dl/optimizers.hpp"
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

oracle_answer sgd(const oracle_case& c) {
    dl::sgd by({.learning_rate = c.required_attr<double>("lr"),
                .momentum = c.attr_or("momentum", 0.0),
                .dampening = c.attr_or("dampening", 0.0),
                .weight_decay = c.attr_or("weight_decay", 0.0),
                .nesterov = c.attr_or("nesterov", false)});
    return trajectory(c, by);
}

oracle_answer adam(const oracle_case& c) {
    const auto betas = c.attr_or("betas", std::vector<double>{0.9, 0.999});
    if (betas.size() != 2) c.reject_attr("betas", "must hold two numbers");
    dl::adam by({.learning_rate = c.required_attr<double>("lr"),
                 .beta1 = betas[0],
                 .beta2 = betas[1],
                 .epsilon = c.attr_or("eps", 1e-8),
                 .weight_decay = c.attr_or("weight_decay", 0.0),
                 .amsgrad = c.attr_or("amsgrad", false)});
    return trajectory(c, by);
}

}  // namespace

void register_dl_oracles(oracle_registry& registry) {
    registry.add("optim/trajectories", "sgd", sgd);
    registry.add("optim/trajectories", "adam", adam);
}

}  // namespace tessera::testing
