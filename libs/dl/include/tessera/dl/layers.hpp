// Layers are plain structs of arrays: a model is a tree of them (tessera/array/tree.hpp), and a function.
#pragma once

#include <string_view>
#include <tuple>

#include "tessera/array/array.hpp"
#include "tessera/array/random.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

// y = x weight^T + bias: x (..., in), y (..., out). weight is (out, in) as in PyTorch.
struct TESSERA_DL_API linear {
    array weight;
    array bias;

    linear() = default;
    // Both uniform in +-1/sqrt(in), PyTorch's default. Throws shape_error when a size is 0.
    linear(extent in, extent out, generator& random, dtype t = f32, device where = cpu);

    array operator()(const array& x) const;

    auto fields() { return std::tie(weight, bias); }
    auto fields() const { return std::tie(weight, bias); }
    static constexpr std::string_view field_names[] = {"weight", "bias"};
};

}  // namespace tessera::dl
