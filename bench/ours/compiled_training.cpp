// Our side of the compiled rows of the area autograd: whole optimiser steps as one program.
#include "arrays.hpp"
#include "classifier.hpp"
#include <memory>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/dl/optimizers.hpp>
#include <tessera/graph/compile.hpp>
#include <tessera/linalg/matmul.hpp>

namespace {

namespace dl = tessera::dl;
using tessera::array;
using tessera::autograd::value_and_grad;

// The mean binary cross entropy of x w against y.
array logistic_loss(const array& w, const array& x, const array& y) {
    const array z = matmul(x, w);
    return mean(maximum(z, 0.0) - z * y + log(1.0 + exp(-abs(z))));
}

bench::prepared logistic_step(bool compiled) {
    struct training {
        array w = tessera::zeros({20}, tessera::f32), loss;
    };
    const auto state = std::make_shared<training>();
    const array x = bench::from(bench::values(64 * 20, 1), {64, 20});
    const array y = tessera::astype(bench::from(bench::labels(64, 2, 2), {64}), tessera::f32);
    const auto step = [](const array& w, const array& a, const array& b) {
        const auto at = value_and_grad(logistic_loss)(w, a, b);
        return std::pair(w - 0.1 * at.gradient, at.value);
    };
    const auto timed = [&](const auto& f) {
        return bench::on_threads(1,
                                 bench::timed([=] { std::tie(state->w, state->loss) = f(std::move(state->w), x, y); },
                                              [state] { return state->loss.item<double>(); }));
    };
    return compiled ? timed(tessera::graph::compile(step)) : timed(step);
}

bench::prepared mlp_step(std::int64_t batch) {
    struct training {
        bench::mlp model = bench::classifier();
        array loss;
    };
    const auto state = std::make_shared<training>();
    const array x = bench::from(bench::values(static_cast<std::size_t>(batch * 784), 1), {batch, 784});
    const array y = bench::from(bench::labels(static_cast<std::size_t>(batch), 2, 10), {batch});
    const auto step = tessera::graph::compile([](const bench::mlp& model, const array& a, const array& b) {
        const auto at = value_and_grad([&](const bench::mlp& m) { return dl::cross_entropy(m(a), b); })(model);
        const std::vector<array> slopes = tessera::leaves(at.gradient);
        std::size_t i = 0;
        const bench::mlp next = tessera::map_leaves(model, [&](const array& p) { return p - 0.01 * slopes[i++]; });
        return std::pair(next, at.value);
    });
    return bench::on_threads(
        1, bench::timed([=] { std::tie(state->model, state->loss) = step(std::move(state->model), x, y); },
                        [state] { return state->loss.item<double>(); }));
}

// The whole step with Adam: a compiled value and gradient, then the optimiser.
bench::prepared mlp_adam_step(std::int64_t batch) {
    struct training {
        bench::mlp model = bench::classifier();
        dl::adam adam{{.learning_rate = 1e-3}};
        array loss;
    };
    const auto state = std::make_shared<training>();
    const array x = bench::from(bench::values(static_cast<std::size_t>(batch * 784), 1), {batch, 784});
    const array y = bench::from(bench::labels(static_cast<std::size_t>(batch), 2, 10), {batch});
    const auto slope = tessera::graph::compile([](const bench::mlp& model, const array& a, const array& b) {
        const auto at = value_and_grad([&](const bench::mlp& m) { return dl::cross_entropy(m(a), b); })(model);
        return std::pair(at.value, at.gradient);
    });
    return bench::on_threads(1, bench::timed(
                                    [=] {
                                        const auto [loss, gradient] = slope(state->model, x, y);
                                        state->loss = loss;
                                        state->adam.step(state->model, gradient);
                                    },
                                    [state] { return state->loss.item<double>(); }));
}

const bench::offer cases([](bench::worker& to) {
    to.add("logistic 64x20 step eager", [] { return logistic_step(false); });
    to.add("logistic 64x20 step compiled", [] { return logistic_step(true); });
    to.add("mlp b64 step compiled", [] { return mlp_step(64); });
    to.add("mlp b256 step compiled", [] { return mlp_step(256); });
    to.add("mlp b64 step with adam", [] { return mlp_adam_step(64); });
});

}  // namespace
