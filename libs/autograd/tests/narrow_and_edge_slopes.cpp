#include <gtest/gtest.h>

#include "tessera/array/ops.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/stop_gradient.hpp"

namespace tessera::autograd {
namespace {

TEST(grad, of_a_mean_of_more_elements_than_f16_can_count_is_not_zero) {
    const array g = grad([](const array& x) { return mean(x); })(ones({70000}, f16));
    EXPECT_NEAR(slice(g, {0}).item<double>(), 1.0 / 70000, 1e-7);
}

TEST(grad, of_a_maximum_shared_by_more_elements_than_f16_can_count_is_not_zero) {
    const array g = grad([](const array& x) { return max(x); })(ones({70000}, f16));
    EXPECT_NEAR(slice(g, {0}).item<double>(), 1.0 / 70000, 1e-7);
}

TEST(grad, of_clip_goes_to_high_alone_where_low_is_above_it) {
    const auto slopes = grad([](const array& x, const array& low, const array& high) {
        return sum(clip(x, low, high));
    })(std::tuple{array({1.0, 5.0, 20.0}), array({10.0, 10.0, 10.0}), array({3.0, 3.0, 3.0})});
    EXPECT_EQ(std::get<0>(slopes).to_vector<double>(), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(std::get<1>(slopes).to_vector<double>(), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(std::get<2>(slopes).to_vector<double>(), (std::vector<double>{1, 1, 1}));
}

TEST(grad, of_angles_and_lengths_is_finite_where_squares_are_out_of_range) {
    const array tiny = full({1}, 3e-23, f32), other = full({1}, 4e-23, f32);
    const auto slopes = [](auto f, const array& a, const array& b) {
        return grad([&](const array& x, const array& y) { return sum(f(x, y)); })(std::pair(a, b));
    };
    const auto angle = slopes([](const array& x, const array& y) { return atan2(x, y); }, tiny, other);
    EXPECT_NEAR(angle.first.item<double>(), 4e-23 / 25e-46, 1e16);
    EXPECT_NEAR(angle.second.item<double>(), -3e-23 / 25e-46, 1e16);
    const array zero = zeros({1});
    EXPECT_EQ(slopes([](const array& x, const array& y) { return atan2(x, y); }, zero, zero).first.item<double>(), 0);
    EXPECT_EQ(slopes([](const array& x, const array& y) { return hypot(x, y); }, zero, zero).first.item<double>(), 0);
}

TEST(grad, of_pow_is_finite_at_zero_and_below) {
    const auto slopes = [](double base, double exponent) {
        return grad([](const array& x, const array& y) { return sum(pow(x, y)); })(
            std::pair(full({1}, base), full({1}, exponent)));
    };
    EXPECT_EQ(slopes(0, 0).first.item<double>(), 0);
    EXPECT_EQ(slopes(0, 1).first.item<double>(), 1);
    EXPECT_EQ(slopes(0, 2.5).first.item<double>(), 0);
    EXPECT_EQ(slopes(0, 2.5).second.item<double>(), 0);
    EXPECT_EQ(slopes(-2, 2).first.item<double>(), -4);
    EXPECT_EQ(slopes(-2, 0).first.item<double>(), 0);
}

TEST(stop_gradient, leaves_a_literal_weak) { EXPECT_EQ((ones({2}, f32) * stop_gradient(2.0)).dtype(), f32); }

}  // namespace
}  // namespace tessera::autograd
