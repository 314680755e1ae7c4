// Derivatives held against finite differences: for tests of functions and of one's own ops.
#pragma once

#include <functional>
#include <vector>

#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/jvp.hpp"

namespace tessera::autograd {

struct check_options {
    bool forward = true;      // jvp against central differences
    bool reverse = true;      // <ct, J v> = <J^T ct, v>
    int order = 1;            // 2 also checks the derivative of the pullback, and so on
    double tolerance = 1e-6;  // of |difference| / (1 + |derivative|)
    double step = 1e-5;       // relative to 1 + |x|
    int most_elements = 200;  // of the inputs to move one by one; of more an even selection
    std::uint64_t seed = 1;   // of the random directions
};

}  // namespace tessera::autograd

namespace tessera::detail {
using flat_function = std::function<std::vector<array>(std::span<const array>)>;
TESSERA_AUTOGRAD_API double check_gradients(const flat_function& f, std::span<const array> x,
                                            const autograd::check_options& options);
}  // namespace tessera::detail

namespace tessera::autograd {

// Moves the elements of x one by one and compares what f(x) does with what its derivatives say; then compares forward
// with reverse mode along random directions. x and f(x) are arrays or trees of arrays, x of f64 or c128 and away from
// kinks. Returns the largest error seen. Throws value_error with the place and the numbers when one is above the
// tolerance.
template <class F, class X> double check_gradients(F&& f, const X& x, const check_options& options = {}) {
    const auto& at = detail::as_tree(x);
    const auto flat = [&](std::span<const array> in) {
        return leaves(detail::as_tree(detail::call_with(f, with_leaves(at, in))));
    };
    return detail::check_gradients(flat, leaves(at), options);
}

}  // namespace tessera::autograd
