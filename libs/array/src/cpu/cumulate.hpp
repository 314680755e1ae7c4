// The CPU's kernels of running sums, products and extremes, and of first-order recurrences.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/dtype/scalar_code.hpp"

namespace tessera::cpu_kernels {

// out[i] = in[0] o ... o in[i] along the axis, in that order; narrow floats are folded in f32 and rounded at each step
// into the output alone.
void cumulate(scalar_code code, const kernel_args& args, int axis);

// in = {a, b}: out[0] = b[0], out[i] = a[i] out[i-1] + b[i].
void recur(const kernel_args& args, int axis);

}  // namespace tessera::cpu_kernels
