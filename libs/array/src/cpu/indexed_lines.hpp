// The CPU's kernels that read and write elements of a line by index. Indices are i64 or u64.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/array/indexing.hpp"

namespace tessera::cpu_kernels {

// in = {x, indices}: out[k] = x[indices[k]] in every line along the axis.
void take_along(const kernel_args& args, int axis);

// in = {x, indices, values}: out = x, then out[indices[k]] takes values[k] for k = 0, 1, ... in every line. out may lie
// where x does.
void put_along(const kernel_args& args, int axis, scatter_mode mode);

// in = {x}: out (rank, count) = the positions of the elements that are not zero, in row-major order.
void nonzero(const kernel_args& args);
std::size_t nonzero_scratch(const kernel_args& args);

}  // namespace tessera::cpu_kernels
