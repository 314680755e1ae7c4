// A user's op: x to an integer power.
#pragma once

#include <tessera/array/array.hpp>

namespace user {

// x ** exponent, element by element; x is f64. Differentiable any number of times.
tessera::array power(const tessera::array& x, int exponent);

}  // namespace user
