#include "tessera/dl/optimizers.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

array vector_of(std::initializer_list<double> values) { return array(values); }

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(sgd, subtracts_the_learning_rate_times_the_gradient) {
    array p = vector_of({1, 2});
    sgd by({.learning_rate = 0.5});
    by.step(p, vector_of({2, -4}));
    EXPECT_EQ(p.to_vector<double>(), (std::vector<double>{0, 4}));
}

TEST(sgd, momentum_adds_to_the_velocity_of_earlier_steps) {
    array p = vector_of({0});
    sgd by({.learning_rate = 1, .momentum = 0.5});
    by.step(p, vector_of({1}));  // v = 1
    by.step(p, vector_of({1}));  // v = 1.5
    EXPECT_EQ(p.item<double>(), -2.5);
}

TEST(sgd, nesterov_looks_ahead_along_the_velocity) {
    array p = vector_of({0});
    sgd by({.learning_rate = 1, .momentum = 0.5, .nesterov = true});
    by.step(p, vector_of({1}));  // v = 1, step 1 + 0.5
    EXPECT_EQ(p.item<double>(), -1.5);
}

TEST(sgd, velocity_is_its_own_whatever_happens_to_the_gradient_later) {
    array p = vector_of({0});
    sgd by({.learning_rate = 1, .momentum = 0.5});
    const array g = vector_of({1});
    by.step(p, g);
    multiply(g, 0.0, g);
    by.step(p, g);  // v = 0.5 + 0
    EXPECT_EQ(p.item<double>(), -1.5);
}

TEST(adam, first_step_has_the_size_of_the_learning_rate_whatever_the_gradient) {
    array p = vector_of({0, 0});
    adam by({.learning_rate = 0.1, .epsilon = 0});
    by.step(p, vector_of({1e-3, -1e3}));
    EXPECT_NEAR(p.to_vector<double>()[0], -0.1, 1e-15);
    EXPECT_NEAR(p.to_vector<double>()[1], 0.1, 1e-15);
}

TEST(optimizer, keeps_the_dtype_of_the_parameters) {
    array p = full({3}, 1.0, f32);
    adam by({});
    by.step(p, full({3}, 1.0, f32));
    EXPECT_EQ(p.dtype(), f32);
}

TEST(optimizer, refuses_a_gradient_of_another_shape_and_leaves_the_parameters_alone) {
    array p = vector_of({1, 2});
    sgd by({.learning_rate = 1});
    EXPECT_EQ(text_of<shape_error>([&] {
                  by.step(p, vector_of({1, 2, 3}));
              }),
              "dl.sgd: parameter 0 is f64 (2,) but its gradient is f64 (3,)");
    EXPECT_EQ(p.to_vector<double>(), (std::vector<double>{1, 2}));
    EXPECT_EQ(by.steps_taken(), 0);
}

TEST(optimizer, refuses_another_model_than_before_and_parameters_that_are_no_floats) {
    array p = vector_of({1, 2}), other = vector_of({1, 2, 3});
    adamw by({});
    by.step(p, p);
    EXPECT_EQ(text_of<shape_error>([&] { by.step(other, other); }),
              "dl.adamw: parameter 0 was f64 (2,) and is now f64 (3,)");
    std::vector<array> two{p, p};
    EXPECT_EQ(text_of<shape_error>([&] { by.step(two, two); }),
              "dl.adamw: the first step saw 1 parameters, now there are 2");
    EXPECT_EQ(by.steps_taken(), 1);
    array numbers = arange(3);
    EXPECT_EQ(text_of<dtype_error>([&] { rprop({}).step(numbers, numbers); }),
              "dl.rprop: parameters are floats, parameter 0 is i64 (3,)");
}

// Every one of them finds the minimum of a bowl whose axes differ, in f32 and f64.
template <class Optimizer, class Options> void check_descent(const Options& options, int steps, const char* name) {
    for (const dtype t : {f32, f64}) {
        Optimizer by(options);
        std::vector<array> model{astype(vector_of({1, -2}), t), astype(vector_of({3}), t)};
        const auto loss = [](const std::vector<array>& m) {
            return sum(square(m[0]) * array({1.0, 4.0})).item<double>() + square(m[1]).item<double>();
        };
        const double before = loss(model);
        for (int i = 0; i < steps; ++i) by.step(model, {astype(2.0 * model[0] * array({1.0, 4.0}), t), 2.0 * model[1]});
        EXPECT_LT(loss(model), 1e-2 * before) << name;
        EXPECT_EQ(model[0].dtype(), t) << name;
    }
}

TEST(optimizer, all_of_them_descend) {
    check_descent<sgd>(sgd_options{.learning_rate = 0.05}, 100, "sgd");
    check_descent<sgd>(sgd_options{.learning_rate = 0.02, .momentum = 0.8, .nesterov = true}, 100, "nesterov");
    check_descent<adam>(adam_options{.learning_rate = 0.1}, 150, "adam");
    check_descent<adam>(adam_options{.learning_rate = 0.1, .amsgrad = true}, 150, "amsgrad");
    check_descent<adamw>(adamw_options{.learning_rate = 0.1}, 150, "adamw");
    check_descent<adamax>(adamax_options{.learning_rate = 0.1}, 150, "adamax");
    check_descent<nadam>(nadam_options{.learning_rate = 0.1}, 150, "nadam");
    check_descent<radam>(radam_options{.learning_rate = 0.2}, 200, "radam");
    check_descent<rmsprop>(rmsprop_options{.learning_rate = 0.05, .momentum = 0.5, .centered = true}, 200, "rmsprop");
    check_descent<adagrad>(adagrad_options{.learning_rate = 1}, 100, "adagrad");
    check_descent<adadelta>(adadelta_options{.learning_rate = 10}, 300, "adadelta");
    check_descent<rprop>(rprop_options{.learning_rate = 0.1}, 100, "rprop");
}

// The first rate is not what the compiled update keeps.
TEST(optimizer, follows_a_rate_that_changes) {
    array p = vector_of({0});
    sgd by({.learning_rate = 1});
    by.step(p, vector_of({1}));
    by.set_learning_rate(0.5);
    by.step(p, vector_of({1}));
    EXPECT_EQ(p.item<double>(), -1.5);
}

TEST(adamw, decays_weights_beside_the_gradient) {
    array p = vector_of({2});
    adamw by({.learning_rate = 0.1, .epsilon = 0, .weight_decay = 0.5});
    by.step(p, vector_of({3}));
    EXPECT_NEAR(p.item<double>(), 2 * (1 - 0.05) - 0.1, 1e-15);
}

TEST(optimizer, refuses_numbers_that_make_no_sense) {
    EXPECT_EQ(text_of<value_error>([] { adamw by({.weight_decay = -1}); }),
              "dl.adamw: weight_decay must be a number of at least 0, got -1");
    EXPECT_EQ(text_of<value_error>([] { nadam by({.beta2 = 1}); }), "dl.nadam: betas must be in [0, 1), got 0.9 and 1");
    EXPECT_EQ(text_of<value_error>([] { adadelta by({.rho = 2}); }), "dl.adadelta: rho must be in [0, 1], got 2");
    EXPECT_EQ(text_of<value_error>([] { rprop by({.shrink = 2}); }),
              "dl.rprop: shrink must be in (0, 1) and grow above 1, got 2 and 1.2");
    EXPECT_EQ(text_of<value_error>([] { rprop by({.smallest_step = 2, .largest_step = 1}); }),
              "dl.rprop: largest_step must be at least smallest_step, got 1 and 2");
    EXPECT_EQ(text_of<value_error>([] { rmsprop by({.epsilon = std::nan("")}); }),
              "dl.rmsprop: epsilon must be a number of at least 0, got nan");
    EXPECT_EQ(text_of<value_error>([] { sgd by({.learning_rate = -1}); }),
              "dl.optimizer: learning_rate must be a number of at least 0, got -1");
    EXPECT_EQ(text_of<value_error>([] { sgd by({.learning_rate = 1, .nesterov = true}); }),
              "dl.sgd: nesterov needs momentum above 0 and no dampening, got momentum 0 and dampening 0");
    EXPECT_EQ(text_of<value_error>([] { adam by({.beta1 = 1}); }), "dl.adam: betas must be in [0, 1), got 1 and 0.999");
}

}  // namespace
}  // namespace tessera::dl
