// What the ops that reduce axes share.
#pragma once

#include "operands.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"

namespace tessera::reduction_rules {

// The input's shape without the reduced axes, or with size 1 there.
void shape(const rule_args&, std::span<spec* const> out);

// The reduced axes put back, with size 1.
array with_reduced_axes(const array& y, attributes);
// A cotangent of the output for every element of the input.
array spread_cotangent(const array& ct, const vjp_args&);

// The op on axes behind the batch.
void batch(const batch_args&, std::span<array> out, std::span<int> out_axes);

// x as the op reads it: weak literals get their default dtype. Throws value_error when it is null.
array operand(const op&, const array& x);

array call(const op&, const array& x, const reduced_axes& over, bool keepdims);
void call_into(const op&, const array& x, const reduced_axes& over, bool keepdims, const array& out);

}  // namespace tessera::reduction_rules
