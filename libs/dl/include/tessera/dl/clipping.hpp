// Gradients kept within bounds, between backward pass and optimiser step.
#pragma once

#include <span>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/array/tree.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

namespace detail {
TESSERA_DL_API array clip_norm(std::span<array> gradients, double max_norm, double p);
TESSERA_DL_API void clip_value(std::span<array> gradients, double bound);

template <class Tree, class Clip> auto clip_leaves(Tree& tree, const Clip& clip) {
    std::vector<array> all = leaves(tree);
    if constexpr (std::is_void_v<decltype(clip(all))>) {
        clip(all);
        tree = with_leaves(tree, std::span<const array>(all));
    } else {
        auto result = clip(all);
        tree = with_leaves(tree, std::span<const array>(all));
        return result;
    }
}
}  // namespace detail

// Scales all gradients alike so that the p-norm of all their elements together is at most max_norm (up to 1e-6, as in
// PyTorch); p may be infinity. Gives the norm before, rank 0; it is not looked at, so nothing waits for a device.
// Throws value_error unless max_norm is a number of at least 0 and p is above 0, shape_error when there is no gradient.
template <class Tree> array clip_grad_norm(Tree& gradients, double max_norm, double p = 2) {
    return detail::clip_leaves(gradients, [&](std::vector<array>& all) { return detail::clip_norm(all, max_norm, p); });
}

// Every element clipped to [-bound, bound]. Throws value_error unless bound is a number of at least 0.
template <class Tree> void clip_grad_value(Tree& gradients, double bound) {
    detail::clip_leaves(gradients, [&](std::vector<array>& all) { detail::clip_value(all, bound); });
}

}  // namespace tessera::dl
