// Picking and placing elements by arrays of indices, with NumPy's meaning. Negative indices count from the back;
// index_error for one out of range, before anything is written. take and scatter_add are in manipulation.hpp.
#pragma once

#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/array/reductions.hpp"

namespace tessera {

// y[..., k, ...] = x[..., indices[..., k, ...], ...] along the axis. x and indices have one rank, and their other axes
// broadcast. What other libraries call gather.
//     take_along_axis(x, argsort(x, 0), 0)     the sorted columns of x
TESSERA_ARRAY_API array take_along_axis(const array& x, const array& indices, int axis);

// What becomes of an element that values are put to. `set` takes the last of several; `add` adds them in the order of
// the indices, not of booleans, narrow floats rounded once; the extremes are not of complex, and share their derivative
// among those that tie.
enum class scatter_mode : std::uint8_t { set, add, minimum, maximum };

// x with values put to x[..., indices[..., k, ...], ...] along the axis. indices have the rank of x and broadcast to
// its other axes, values broadcast to the indices. values must not change the dtype of x. What other libraries call
// scatter; with `add` the transpose of take_along_axis.
TESSERA_ARRAY_API array put_along_axis(const array& x, const array& indices, const array& values, int axis,
                                       scatter_mode mode = scatter_mode::set);

// x with values[..., k, ...] added to x[..., indices[k], ...]; indices have rank 1, values the shape of x but for the
// axis, where they have as many elements as there are indices.
TESSERA_ARRAY_API array index_add(const array& x, const array& indices, const array& values, int axis);

// How many elements are not zero; a NaN is not. i64.
TESSERA_ARRAY_API array count_nonzero(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);

// The positions of all elements that are not zero, in row-major order: one i64 array per axis. Counts first, with
// to_extent, so that a captured program serves every number of them. Throws shape_error for rank 0.
TESSERA_ARRAY_API std::vector<array> nonzero(const array& x);
// In x flattened in row-major order.
TESSERA_ARRAY_API array flatnonzero(const array& x);

// The attributes of put_along_axis, for kernels; those of take_along_axis are the axis alone.
struct put_attributes {
    int axis;
    scatter_mode mode;
    auto fields() const { return std::tie(axis, mode); }
};

}  // namespace tessera
