// The training loop: batches in a fresh order every epoch, one optimiser step each, and news of how it goes.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tessera/array/random.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/dl/data.hpp"
#include "tessera/dl/optimizers.hpp"
#include "tessera/dl/schedules.hpp"

namespace tessera::dl {

struct progress {
    std::int64_t epoch = 0, epochs = 0;  // from 1
    std::int64_t step = 0, steps = 0;    // over all epochs, from 1
    double loss = 0;                     // mean over the epoch so far
    double steps_per_second = 0;
    double seconds_left = 0;
};

// "epoch 3/40  step 126/1680  loss 0.0421  812 steps/s  2 s left"
TESSERA_DL_API std::string to_string(const progress& now);

struct fit_options {
    std::int64_t epochs = 10;
    std::int64_t batch_size = 64;  // the last batch of an epoch may be smaller
    schedule learning_rate = {};   // of step 0, 1, ...; empty: the optimiser's own
    std::uint64_t seed = 0;        // of the batches' order and of the keys handed to the loss
    std::function<void(const progress&)> on_progress = {};
    double seconds_between_progress = 0.5;  // the end of every epoch is reported in any case
};

struct history {
    std::vector<double> step_losses;
    std::vector<double> epoch_losses;  // means
    double seconds = 0;
};

namespace detail {

// What the loop does besides the model's own step.
class TESSERA_DL_API training_run {
public:
    // Throws value_error for numbers below 1, shape_error for an empty data set.
    training_run(const dataset& data, const fit_options& options);

    bool next_batch();  // false at the end
    const dataset& batch() const { return batch_; }
    const array& key() const { return key_; }  // a fresh one every step
    void finish_step(double loss);             // throws value_error when the loss is not finite
    history result();

private:
    const dataset& data_;
    const fit_options& options_;
    generator keys_;
    std::vector<std::int64_t> order_;
    std::int64_t begin_ = 0, end_ = 0, steps_per_epoch_ = 0;
    double epoch_sum_ = 0;
    std::int64_t epoch_steps_ = 0;
    progress now_;
    dataset batch_;
    array key_;
    history history_;
    std::chrono::steady_clock::time_point started_, reported_;
};

}  // namespace detail

// Trains in place. loss(model, x, y, key) gives the mean loss of a batch, rank 0; key (u32[4]) is for dropout and the
// like.
//     fit(model, optimizer, data, [](const mlp& m, const array& x, const array& y, const array&) {
//         return cross_entropy(m(x), y);
//     }, {.epochs = 40});
template <class Model, class Loss>
history fit(Model& model, optimizer& by, const dataset& data, const Loss& loss, const fit_options& options = {}) {
    detail::training_run run(data, options);
    while (run.next_batch()) {
        const auto [value, gradients] = autograd::value_and_grad(
            [&](const Model& m) { return loss(m, run.batch().x, run.batch().y, run.key()); })(model);
        if (options.learning_rate) by.set_learning_rate(options.learning_rate(by.steps_taken()));
        run.finish_step(value.template item<double>());
        by.step(model, gradients);
    }
    return run.result();
}

}  // namespace tessera::dl
