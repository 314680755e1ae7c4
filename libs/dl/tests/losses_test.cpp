#include "tessera/dl/losses.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/random.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/dl/activations.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

const array two_rows = reshape(array({1.0, 2.0, 3.0, 0.0, 0.0, 0.0}), {2, 3});
const array labels = array({std::int64_t{2}, std::int64_t{0}});

TEST(softmax, rows_sum_to_one_and_huge_logits_do_not_overflow) {
    const array p = softmax(two_rows * 1000.0);
    EXPECT_EQ(p.to_vector<double>(), (std::vector<double>{0, 0, 1, 1.0 / 3, 1.0 / 3, 1.0 / 3}));
}

TEST(softmax, works_along_any_axis) {
    const array p = softmax(transpose(two_rows), 0);
    EXPECT_NEAR(sum(p, 0).to_vector<double>()[0], 1, 1e-15);
    EXPECT_EQ(p.shape(), (dims{3, 2}));
}

TEST(cross_entropy, is_the_mean_of_minus_the_log_probability_of_the_labels) {
    const double first = -std::log(std::exp(3.0) / (std::exp(1.0) + std::exp(2.0) + std::exp(3.0)));
    EXPECT_NEAR(cross_entropy(two_rows, labels).item<double>(), (first + std::log(3.0)) / 2, 1e-15);
}

TEST(cross_entropy, gradient_is_softmax_minus_one_hot_over_n) {
    const array g = autograd::grad([](const array& x) { return cross_entropy(x, labels); })(two_rows);
    const array p = softmax(two_rows);
    const std::vector<double> got = g.to_vector<double>(), soft = p.to_vector<double>();
    const double hot[] = {0, 0, 1, 1, 0, 0};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(got[i], (soft[i] - hot[i]) / 2, 1e-15) << i;
}

TEST(cross_entropy, of_a_sure_answer_is_zero_even_where_another_class_is_ruled_out) {
    const array logits = reshape(array({0.0, -std::numeric_limits<double>::infinity()}), {1, 2});
    EXPECT_EQ(cross_entropy(logits, array({std::int64_t{0}})).item<double>(), 0);
}

TEST(accuracy, refuses_labels_that_are_no_classes) {
    EXPECT_THROW(accuracy(two_rows, array({std::int64_t{99}, std::int64_t{0}})), index_error);
}

TEST(gelu_tanh, slope_of_large_numbers_is_that_of_a_line) {
    for (const dtype t : {f16, f32, f64}) {
        const array x = astype(array({300.0, -300.0}), t);
        const array slope = autograd::grad([](const array& v) { return sum(gelu_tanh(v)); })(x);
        EXPECT_EQ(slope.to_vector<double>(), (std::vector<double>{1, 0})) << name(t);
    }
}

TEST(cross_entropy, refuses_labels_that_are_no_classes) {
    EXPECT_THROW(cross_entropy(two_rows, array({std::int64_t{3}, std::int64_t{0}})), index_error);
    EXPECT_THROW(cross_entropy(two_rows, array({std::int64_t{-1}, std::int64_t{0}})), index_error);
}

TEST(cross_entropy, refuses_nan_labels_by_their_dtype) {
    try {
        cross_entropy(two_rows, array({std::nan(""), 0.0}));
        FAIL();
    } catch (const dtype_error& e) { EXPECT_STREQ(e.what(), "dl.cross_entropy: labels must be integers, got f64"); }
}

TEST(cross_entropy, refuses_shapes_that_do_not_fit) {
    try {
        cross_entropy(two_rows, array({std::int64_t{1}}));
        FAIL();
    } catch (const shape_error& e) {
        EXPECT_STREQ(e.what(), "dl.cross_entropy: logits must be (n, classes) and labels (n,), got (2, 3) and (1,)");
    }
}

TEST(accuracy, is_the_share_of_rows_whose_greatest_logit_is_the_labels) {
    EXPECT_EQ(accuracy(two_rows, labels), 1.0);
    EXPECT_EQ(accuracy(two_rows, array({std::int64_t{1}, std::int64_t{0}})), 0.5);
}

TEST(relu, keeps_nan_and_has_slope_zero_at_zero) {
    const std::vector<double> y = relu(array({-1.0, 0.0, 2.0, std::nan("")})).to_vector<double>();
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[2], 2);
    EXPECT_TRUE(std::isnan(y[3]));
    const array slope = autograd::grad([](const array& x) { return sum(relu(x)); })(array({-1.0, 0.0, 2.0}));
    EXPECT_EQ(slope.to_vector<double>(), (std::vector<double>{0, 0, 1}));
}

TEST(gelu, agrees_with_values_worked_out_by_hand) {
    for (const double x : {-6.0, -1.0, 0.0, 0.5, 3.0}) {
        EXPECT_NEAR(gelu(array({x})).item<double>(), x * 0.5 * std::erfc(-x / std::sqrt(2.0)), 1e-15 * std::abs(x));
        EXPECT_NEAR(silu(array({x})).item<double>(), x / (1 + std::exp(-x)), 1e-15 * std::abs(x));
    }
    const array x = array({-2.0, 0.25, 4.0});
    const auto slope = autograd::grad([](const array& v) { return sum(gelu(v)); })(x).to_vector<double>();
    for (std::size_t i = 0; i < 3; ++i) {
        const double at = x.to_vector<double>()[i];
        const double expected =
            0.5 * std::erfc(-at / std::sqrt(2.0)) + at * std::exp(-at * at / 2) / std::sqrt(2 * M_PI);
        EXPECT_NEAR(slope[i], expected, 1e-14);
    }
}

TEST(gelu_tanh, agrees_with_values_worked_out_by_hand) {
    const double x = 1.5, inner = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
    EXPECT_NEAR(gelu_tanh(array({x})).item<double>(), 0.5 * x * (1 + std::tanh(inner)), 1e-15);
}

TEST(dropout, zeroes_the_share_asked_for_and_keeps_the_mean) {
    generator random(1);
    const array y = dropout(ones({100000}, f32), 0.25, random.next());
    const double zeros = mean(astype(equal(y, 0.0), f64)).item<double>();
    EXPECT_NEAR(zeros, 0.25, 0.01);
    EXPECT_NEAR(mean(astype(y, f64)).item<double>(), 1.0, 0.02);
}

TEST(dropout, refuses_a_probability_of_one) {
    generator random(1);
    EXPECT_THROW(dropout(ones({2}), 1.0, random.next()), value_error);
    EXPECT_THROW(dropout(ones({2}), std::nan(""), random.next()), value_error);
}

}  // namespace
}  // namespace tessera::dl
