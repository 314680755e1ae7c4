// Running results along an axis: element i is made of the elements 0 ... i. Without an axis x is flattened in row-major
// order, so that the result has rank 1. Axes count from the back when negative; index_error for one out of range.
// Each line is folded from its first element to its last, so that threads and strides do not show in the bits.
//     cumsum(array({1.0, 2.0, 3.0}))    [1, 3, 6]
#pragma once

#include <optional>

#include "tessera/array/array.hpp"

namespace tessera {

// ---- booleans and integers give i64, unsigned integers u64; narrow floats are folded in f32
// ---------------------------
TESSERA_ARRAY_API array cumsum(const array& x, std::optional<int> axis = std::nullopt);
TESSERA_ARRAY_API array cumprod(const array& x, std::optional<int> axis = std::nullopt);

// ---- in x's dtype; a NaN stays from where it stands; not of complex. The latest of tied elements takes the
// derivative.
TESSERA_ARRAY_API array cummax(const array& x, std::optional<int> axis = std::nullopt);
TESSERA_ARRAY_API array cummin(const array& x, std::optional<int> axis = std::nullopt);

// y[0] = b[0], y[i] = a[i] y[i-1] + b[i] along an axis; a and b broadcast. Not of booleans.
TESSERA_ARRAY_API array linear_recurrence(const array& a, const array& b, int axis = -1);

}  // namespace tessera
