#include "tessera/dl/trainer.hpp"

#include <gtest/gtest.h>

#include "tessera/array/elementwise.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/dl/layers.hpp"
#include "tessera/dl/losses.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

// y = 3 x - 1 without noise.
dataset line() {
    const array x = reshape(linspace(-1, 1, 32), {32, 1});
    return {x, 3.0 * x - 1.0};
}

array error_of(const linear& model, const array& x, const array& y, const array&) {
    return mean_squared_error(model(x), y);
}

TEST(fit, learns_a_line) {
    generator random(0);
    linear model(1, 1, random, f64);
    sgd by({.learning_rate = 0.1, .momentum = 0.9});
    const history h = fit(model, by, line(), error_of, {.epochs = 60, .batch_size = 8});
    EXPECT_NEAR(model.weight.item<double>(), 3, 1e-3);
    EXPECT_NEAR(model.bias.item<double>(), -1, 1e-3);
    EXPECT_EQ(h.epoch_losses.size(), 60u);
    EXPECT_EQ(h.step_losses.size(), 240u);
    EXPECT_LT(h.epoch_losses.back(), h.epoch_losses.front());
}

TEST(fit, gives_the_same_model_for_the_same_seeds) {
    const auto trained = [] {
        generator random(5);
        linear model(1, 1, random, f32);
        adam by({.learning_rate = 0.01});
        const dataset data{astype(line().x, f32), astype(line().y, f32)};
        fit(model, by, data, error_of, {.epochs = 2, .batch_size = 5, .seed = 9});
        return model.weight.item<float>();
    };
    EXPECT_EQ(trained(), trained());
}

TEST(fit, reports_every_epoch_with_the_time_left) {
    generator random(0);
    linear model(1, 1, random, f64);
    sgd by({.learning_rate = 0.1});
    std::vector<progress> seen;
    fit(model, by, line(), error_of,
        {.epochs = 3,
         .batch_size = 20,
         .on_progress = [&](const progress& p) { seen.push_back(p); },
         .seconds_between_progress = 1e9});
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen[2].step, 6);
    EXPECT_EQ(seen[2].steps, 6);
    EXPECT_EQ(seen[2].seconds_left, 0);
    EXPECT_GT(seen[0].seconds_left, 0);
    EXPECT_TRUE(to_string(seen[0]).starts_with("epoch 1/3  step 2/6  loss "));
}

TEST(fit, stops_at_a_loss_that_is_not_finite_before_the_parameters_change) {
    linear model;
    model.weight = full({1, 1}, 1e200);
    model.bias = full({1}, 0.0);
    sgd by({.learning_rate = 1});
    EXPECT_THROW(fit(model, by, line(), error_of, {.epochs = 1}), value_error);
    EXPECT_EQ(model.weight.item<double>(), 1e200);
}

TEST(fit, refuses_an_empty_data_set_and_batches_of_nothing) {
    linear model;
    sgd by({});
    EXPECT_THROW(fit(model, by, {zeros({0, 1}), zeros({0, 1})}, error_of), shape_error);
    EXPECT_THROW(fit(model, by, line(), error_of, {.batch_size = 0}), value_error);
    EXPECT_THROW(fit(model, by, {zeros({2, 1}), zeros({3, 1})}, error_of), shape_error);
}

}  // namespace
}  // namespace tessera::dl
