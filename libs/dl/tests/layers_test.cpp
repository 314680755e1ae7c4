#include "tessera/dl/layers.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tessera/array/ops.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {
namespace {

TEST(linear, multiplies_by_the_transposed_weight_and_adds_the_bias) {
    linear layer;
    layer.weight = reshape(array({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}), {2, 3});
    layer.bias = array({10.0, 20.0});
    EXPECT_EQ(layer(array({1.0, 0.0, 1.0})).to_vector<double>(), (std::vector<double>{14, 30}));
}

TEST(linear, starts_uniform_within_one_over_the_root_of_its_inputs) {
    generator random(3);
    const linear layer(400, 50, random);
    EXPECT_EQ(layer.weight.shape(), (dims{50, 400}));
    EXPECT_EQ(layer.weight.dtype(), f32);
    EXPECT_LE(max(abs(layer.weight)).item<double>(), 0.05);
    EXPECT_GT(max(abs(layer.weight)).item<double>(), 0.0499);
    EXPECT_NEAR(mean(astype(layer.weight, f64)).item<double>(), 0, 1e-3);
}

TEST(linear, gradient_of_the_weight_lies_in_the_weights_own_order) {
    generator random(0);
    const linear layer(4, 3, random, f64);
    const array x = reshape(arange(20.0), {5, 4});
    const linear g = autograd::grad([&](const linear& l) { return sum(square(l(x))); })(layer);
    EXPECT_TRUE(g.weight.is_contiguous());
    EXPECT_EQ(g.weight.shape(), layer.weight.shape());
}

TEST(linear, refuses_sizes_of_nothing) {
    generator random(0);
    try {
        linear(0, 3, random);
        FAIL();
    } catch (const shape_error& e) { EXPECT_STREQ(e.what(), "dl.linear: sizes must not be 0, got in 0 and out 3"); }
}

}  // namespace
}  // namespace tessera::dl
