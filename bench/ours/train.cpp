// Our side of the area train: one optimiser step of a classifier, from the batch to the new parameters.
#include "arrays.hpp"
#include <cmath>
#include <memory>
#include <tessera/array/tree.hpp>
#include <tessera/autograd/grad.hpp>
#include <tessera/dl/activations.hpp>
#include <tessera/dl/layers.hpp>
#include <tessera/dl/losses.hpp>
#include <tessera/dl/optimizers.hpp>

namespace {

namespace dl = tessera::dl;
using tessera::array;

struct mlp {
    dl::linear first, second, third;

    array operator()(const array& x) const { return third(dl::relu(second(dl::relu(first(x))))); }
    auto fields() { return std::tie(first, second, third); }
    auto fields() const { return std::tie(first, second, third); }
};

// The weights of peers/libtorch.cpp.
dl::linear layer(std::int64_t in, std::int64_t out, std::uint32_t seed) {
    dl::linear made;
    const auto count = static_cast<std::size_t>(in * out);
    made.weight = bench::from(bench::values(count, seed, 1.0f / std::sqrt(static_cast<float>(in))), {out, in});
    made.bias = tessera::zeros({out}, tessera::f32);
    return made;
}

struct training {
    mlp model{layer(784, 512, 10), layer(512, 512, 12), layer(512, 10, 14)};
    dl::sgd sgd{{.learning_rate = 0.01}};
    array x, y, loss;

    void step() {
        auto result =
            tessera::autograd::value_and_grad([this](const mlp& m) { return dl::cross_entropy(m(x), y); })(model);
        sgd.step(model, result.gradient);
        loss = result.value;
    }
};

bench::prepared mlp_step(std::int64_t batch) {
    const auto state = std::make_shared<training>();
    state->x = bench::from(bench::values(static_cast<std::size_t>(batch * 784), 1), {batch, 784});
    state->y = bench::from(bench::labels(static_cast<std::size_t>(batch), 2, 10), {batch});
    return bench::on_threads(1,
                             bench::timed([state] { state->step(); }, [state] { return state->loss.item<double>(); }));
}

const bench::offer cases([](bench::worker& to) { to.add("mlp 784-512-512-10 b64 step", [] { return mlp_step(64); }); });

}  // namespace
