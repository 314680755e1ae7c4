// The classifier of the training cases: 784-512-512-10.
#pragma once
#include "arrays.hpp"
#include <cmath>
#include <tessera/array/tree.hpp>
#include <tessera/autograd/grad.hpp>
#include <tessera/dl/activations.hpp>
#include <tessera/dl/layers.hpp>
#include <tessera/dl/losses.hpp>

namespace bench {

struct mlp {
    tessera::dl::linear first, second, third;

    tessera::array operator()(const tessera::array& x) const {
        return third(tessera::dl::relu(second(tessera::dl::relu(first(x)))));
    }
    auto fields() { return std::tie(first, second, third); }
    auto fields() const { return std::tie(first, second, third); }
};

// The weights of peers/libtorch.cpp.
inline tessera::dl::linear layer(std::int64_t in, std::int64_t out, std::uint32_t seed) {
    tessera::dl::linear made;
    const auto count = static_cast<std::size_t>(in * out);
    made.weight = from(values(count, seed, 1.0f / std::sqrt(static_cast<float>(in))), {out, in});
    made.bias = tessera::zeros({out}, tessera::f32);
    return made;
}

inline mlp classifier() { return {layer(784, 512, 10), layer(512, 512, 12), layer(512, 10, 14)}; }

}  // namespace bench
