// What ops that work along one axis share.
#pragma once

#include "operands.hpp"
#include "tessera/array/rules.hpp"

namespace tessera {

// The attributes of an op that works along one axis in [0, rank).
struct along_attributes {
    int axis;
    auto fields() const { return std::tie(axis); }
};

namespace along_axis {

inline int axis_of(attributes attrs) { return attrs.as<along_attributes>().axis; }

// The op on an axis behind the batch.
void batch(const batch_args&, std::span<array> out, std::span<int> out_axes);

// x as an op reads it: a literal stands for an array of its default dtype. Throws value_error when it is null.
array operand(const op& o, const array& x, int position = 0);

// The elements moved one place along an axis, the last one lost; `first` comes in.
array shifted(const array& x, int axis, int first);

// 0, 1, ... n - 1 along an axis of n elements; the other axes have size 1. i64.
array positions(const array& like, int axis);

}  // namespace along_axis

}  // namespace tessera
