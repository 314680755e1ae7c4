// Joining arrays and picking elements by index.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// Arrays one after the other along an axis that exists, in their promoted dtype. Throws shape_error when the other
// axes differ, there is no array, or one has rank 0.
TESSERA_ARRAY_API array concat(std::span<const array> parts, int axis = 0);
inline array concat(std::initializer_list<array> parts, int axis = 0) {
    return concat(std::span<const array>(parts.begin(), parts.size()), axis);
}
// Arrays of one shape along a new axis, whose number is that of the result.
TESSERA_ARRAY_API array stack(std::span<const array> parts, int axis = 0);
inline array stack(std::initializer_list<array> parts, int axis = 0) {
    return stack(std::span<const array>(parts.begin(), parts.size()), axis);
}
// Views of x between the positions 0, at[0], at[1], ..., the end, with the meaning of a slice.
TESSERA_ARRAY_API std::vector<array> split(const array& x, std::span<const std::int64_t> at, int axis = 0);
inline std::vector<array> split(const array& x, std::initializer_list<std::int64_t> at, int axis = 0) {
    return split(x, std::span<const std::int64_t>(at.begin(), at.size()), axis);
}

// The elements, rows, ... of x at integer indices along an axis, which the shape of the indices replaces.
// Negative indices count from the back. Throws index_error for one out of range.
TESSERA_ARRAY_API array take(const array& x, const array& indices, int axis);
// Of x in row-major order.
TESSERA_ARRAY_API array take(const array& x, const array& indices);
// The transpose of take: zeros with `size` along the axis, to which values[..., i, ...] is added at indices[i], in the
// order of the indices. values has the shape that take gives. Throws index_error for an index out of range.
TESSERA_ARRAY_API array scatter_add(const array& values, const array& indices, int axis, extent size);

// A new last axis of `classes` with 1 at the index and 0 elsewhere. Throws index_error unless 0 <= index < classes.
TESSERA_ARRAY_API array one_hot(const array& indices, extent classes, dtype t = f32);

}  // namespace tessera
