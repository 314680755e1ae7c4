// The CPU's kernels that move elements by index.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::cpu_kernels {

// in = {x, indices}: out[outer, i, inner] = x[outer, indices[i], inner]; so for each position of the first `batch`
// axes, which all three share.
void take(const kernel_args& args, int axis, int batch);
std::size_t take_scratch(const kernel_args& args);
// in = {values, indices}: out = 0, then out[outer, indices[i], inner] += values[outer, i, inner] for i = 0, 1, ...,
// batch by batch.
void scatter_add(const kernel_args& args, int axis, int batch);

// in = {indices}: out[..., c] = (indices[...] == c).
void one_hot(const kernel_args& args);

// Arrays one after the other along the axis of out.
void concat(const kernel_args& args, int axis);

}  // namespace tessera::cpu_kernels
