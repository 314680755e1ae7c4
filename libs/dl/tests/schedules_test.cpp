// Schedules and clipping by hand; the recorded ones of PyTorch are among the oracles.
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "tessera/array/ops.hpp"
#include "tessera/dl/clipping.hpp"
#include "tessera/dl/schedules.hpp"
#include "tessera/dl/trainer.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(schedules, at_their_corners) {
    EXPECT_EQ(step_lr(1, 3, 0.5)(2), 1);
    EXPECT_EQ(step_lr(1, 3, 0.5)(6), 0.25);
    EXPECT_EQ(multistep_lr(1, {2, 2, 5}, 0.5)(2), 0.25);
    EXPECT_EQ(multistep_lr(1, {}, 0.5)(100), 1);
    EXPECT_EQ(exponential_lr(2, 0.5)(2), 0.5);
    EXPECT_EQ(cosine_annealing_lr(1, 10)(0), 1);
    EXPECT_NEAR(cosine_annealing_lr(1, 10, 0.25)(10), 0.25, 1e-15);
    EXPECT_EQ(linear_warmup(1, 4)(0), 0.25);
    EXPECT_EQ(linear_warmup(1, 4)(40), 1);
    const schedule cycle = one_cycle_lr(1, 21, {.rising = 0.5, .divide_first = 10, .divide_last = 10});
    EXPECT_NEAR(cycle(0), 0.1, 1e-15);
    EXPECT_NEAR(cycle(20), 0.01, 1e-15);
    EXPECT_EQ(cycle(21), cycle(20));
    EXPECT_EQ(one_cycle_lr(1, 1)(0), 1 / 25.0 / 1e4);
}

TEST(schedules, refuse_numbers_that_make_no_sense) {
    EXPECT_EQ(text_of<value_error>([] { step_lr(1, 0); }), "dl.step_lr: step_size must be at least 1, got 0");
    EXPECT_EQ(text_of<value_error>([] { exponential_lr(-1, 1); }),
              "dl.exponential_lr: rate must be a number of at least 0, got -1");
    EXPECT_EQ(text_of<value_error>([] {
                  multistep_lr(1, {3, 2});
              }),
              "dl.multistep_lr: milestones are sorted, got (3, 2)");
    EXPECT_EQ(text_of<value_error>([] { cosine_annealing_lr(1, -2); }),
              "dl.cosine_annealing_lr: half_period must be at least 1, got -2");
    EXPECT_EQ(text_of<value_error>([] { linear_warmup(1, 0); }), "dl.linear_warmup: warmup must be at least 1, got 0");
    EXPECT_EQ(text_of<value_error>([] { one_cycle_lr(1, 5, {.rising = 2}); }),
              "dl.one_cycle_lr: rising must be in [0, 1], got 2");
}

TEST(fit, follows_a_schedule) {
    const array x = ones({4, 1});
    array p = zeros({1});
    sgd by({.learning_rate = 7});
    fit(p, by, dataset{x, zeros({4})}, [](const array& w, const array&, const array&, const array&) { return sum(w); },
        {.epochs = 3, .batch_size = 4, .learning_rate = step_lr(1, 1, 0.5)});
    EXPECT_EQ(p.to_vector<double>()[0], -1.75);  // 1 + 1/2 + 1/4
}

TEST(clip_grad_norm, scales_all_gradients_alike) {
    std::vector<array> g{array({3.0, 0.0}), astype(array({-4.0}), f32)};
    const array norm = clip_grad_norm(g, 1);
    EXPECT_NEAR(norm.item<double>(), 5, 1e-6);
    EXPECT_NEAR(g[0].to_vector<double>()[0], 0.6, 1e-6);
    EXPECT_NEAR(g[1].item<double>(), -0.8, 1e-6);
    EXPECT_EQ(g[1].dtype(), f32);
    std::vector<array> small{array({0.25, -0.5})};
    EXPECT_EQ(clip_grad_norm(small, 10, 1).item<double>(), 0.75);
    EXPECT_EQ(small[0].to_vector<double>(), (std::vector<double>{0.25, -0.5})) << "within the bound nothing changes";
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(clip_grad_norm(small, 10, infinity).item<double>(), 0.5);
    EXPECT_NEAR(clip_grad_norm(small, 10, 3).item<double>(), std::cbrt(0.25 * 0.25 * 0.25 + 0.125), 1e-15);
    std::vector<array> still{zeros({3}), zeros({0})};
    EXPECT_EQ(clip_grad_norm(still, 1, 3).item<double>(), 0);
}

TEST(clip_grad_value, bounds_every_element) {
    array g = array({-3.0, 0.5, 2.0});
    clip_grad_value(g, 1);
    EXPECT_EQ(g.to_vector<double>(), (std::vector<double>{-1, 0.5, 1}));
}

TEST(clipping, refuses_numbers_that_make_no_sense) {
    std::vector<array> g{array({1.0})}, none;
    EXPECT_EQ(text_of<value_error>([&] { clip_grad_norm(g, -1); }),
              "dl.clip_grad_norm: max_norm must be a number of at least 0, got -1");
    EXPECT_EQ(text_of<value_error>([&] { clip_grad_norm(g, 1, 0); }), "dl.clip_grad_norm: p must be above 0, got 0");
    EXPECT_EQ(text_of<shape_error>([&] { clip_grad_norm(none, 1); }), "dl.clip_grad_norm: there are no gradients");
    EXPECT_EQ(text_of<value_error>([&] { clip_grad_value(g, -1); }),
              "dl.clip_grad_value: bound must be a number of at least 0, got -1");
}

}  // namespace
}  // namespace tessera::dl
