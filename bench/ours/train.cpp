// Our side of the area train: one optimiser step of a classifier, from the batch to the new parameters.
#include "arrays.hpp"
#include "classifier.hpp"
#include <memory>
#include <tessera/dl/optimizers.hpp>

namespace {

namespace dl = tessera::dl;
using tessera::array;

struct training {
    bench::mlp model = bench::classifier();
    dl::sgd sgd{{.learning_rate = 0.01}};
    array x, y, loss;

    void step() {
        auto result = tessera::autograd::value_and_grad(
            [this](const bench::mlp& m) { return dl::cross_entropy(m(x), y); })(model);
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

const bench::offer cases([](bench::worker& to) {
    to.add("mlp 784-512-512-10 b64 step", [] { return mlp_step(64); });
    to.add("mlp b64 step eager", [] { return mlp_step(64); });
});

}  // namespace
