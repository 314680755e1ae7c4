// Distinct values and counts, of x flattened in row-major order, with NumPy's meaning: values ascend, NaN counts as one
// value and comes last. How many there are is data, read with to_extent, so that a captured program serves every number
// of them. Not of complex.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

struct unique_result {
    array values;
    array indices;          // of the first element of each value, i64
    array inverse_indices;  // which value each element is, i64 in the shape of x
    array counts;           // i64
};
TESSERA_ARRAY_API unique_result unique_all(const array& x);
TESSERA_ARRAY_API array unique_values(const array& x);

// Whether each element of x is among the elements of y; boolean, in the shape of x.
TESSERA_ARRAY_API array isin(const array& x, const array& y);
// The distinct values of both, of either, and of x alone.
TESSERA_ARRAY_API array intersect1d(const array& x, const array& y);
TESSERA_ARRAY_API array union1d(const array& x, const array& y);
TESSERA_ARRAY_API array setdiff1d(const array& x, const array& y);

// How often 0, 1, ... occur, up to the greatest element, at least so many numbers; i64. Throws dtype_error unless x
// holds integers, shape_error unless it has rank 1, index_error for a negative one.
TESSERA_ARRAY_API array bincount(const array& x, extent at_least = 0);
// Which bin each element falls into: i where bins[i-1] <= x < bins[i], or bins[i-1] < x <= bins[i] when `right`. The
// bins ascend.
TESSERA_ARRAY_API array digitize(const array& x, const array& bins, bool right = false);
// How many elements lie in [edges[i], edges[i+1]), the last bin with its right edge; i64. The edges ascend.
TESSERA_ARRAY_API array histogram(const array& x, const array& edges);

}  // namespace tessera
