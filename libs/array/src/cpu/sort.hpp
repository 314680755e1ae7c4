// The CPU's kernels that order the elements of every line along an axis; ties keep their order.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::cpu_kernels {

void sort(const kernel_args& args, int axis, bool descending);
void argsort(const kernel_args& args, int axis, bool descending);
// The first out.shape[axis] indices of argsort.
void topk(const kernel_args& args, int axis, bool descending);

// in = {sorted, values}: out = where values would go, before (or after, when `right`) equal elements; for every
// position of the first `batch` axes.
void searchsorted(const kernel_args& args, bool right, int batch);

}  // namespace tessera::cpu_kernels
