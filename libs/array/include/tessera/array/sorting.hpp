// Order along an axis. NaN comes last, ascending and descending; ties keep their order, zeros of either sign tie.
// Not of complex. Axes count from the back when negative; index_error for one out of range.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

TESSERA_ARRAY_API array sort(const array& x, int axis = -1, bool descending = false);
// The i64 indices that sort: take_along_axis(x, argsort(x, axis), axis) is sort(x, axis).
TESSERA_ARRAY_API array argsort(const array& x, int axis = -1, bool descending = false);

struct topk_result {
    array values, indices;
};
// The k largest (smallest) elements along an axis, from the largest (smallest) on, and their i64 indices.
// Throws shape_error when k is above the size of the axis.
TESSERA_ARRAY_API topk_result topk(const array& x, extent k, int axis = -1, bool largest = true);

// Before which element of `sorted` (rank 1, ascending) each value would go to keep the order, i64 of the shape of
// values: before the elements that are equal to it, or after them when `right`. Throws shape_error unless sorted has
// rank 1. The two meet in their promoted dtype.
enum class search_side : std::uint8_t { left, right };
TESSERA_ARRAY_API array searchsorted(const array& sorted, const array& values, search_side side = search_side::left);

}  // namespace tessera
