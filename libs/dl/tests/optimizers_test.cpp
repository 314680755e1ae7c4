#include "tessera/dl/optimizers.hpp"

#include <gtest/gtest.h>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
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
              "dl.optimizer: parameter 0 is f64 (2,) but its gradient is f64 (3,)");
    EXPECT_EQ(p.to_vector<double>(), (std::vector<double>{1, 2}));
    EXPECT_EQ(by.steps_taken(), 0);
}

TEST(optimizer, refuses_numbers_that_make_no_sense) {
    EXPECT_EQ(text_of<value_error>([] { sgd by({.learning_rate = -1}); }),
              "dl.optimizer: learning_rate must be a number of at least 0, got -1");
    EXPECT_EQ(text_of<value_error>([] { sgd by({.learning_rate = 1, .nesterov = true}); }),
              "dl.sgd: nesterov needs momentum above 0 and no dampening, got momentum 0 and dampening 0");
    EXPECT_EQ(text_of<value_error>([] { adam by({.beta1 = 1}); }), "dl.adam: betas must be in [0, 1), got 1 and 0.999");
}

}  // namespace
}  // namespace tessera::dl
