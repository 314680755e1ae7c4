// Helpers for batch rules (op.hpp): what vmap runs in the place of an op when some of its operands are batched.
//     .batch = [](const batch_args& args, std::span<array> out, std::span<int>) {
//         out[0] = flip(args.in[0], batching::behind_batch(args.attrs.as<axis_attributes>().along));
//     }
#pragma once

#include "tessera/array/op.hpp"

namespace tessera::batching {

inline bool is_batched(const batch_args& args, std::size_t input) { return args.batch_axes[input] >= 0; }

// How many calls the batch stands for.
TESSERA_ARRAY_API extent size(const batch_args&);

// The input with the batch as its first axis, repeated when it has none.
TESSERA_ARRAY_API array with_batch(const batch_args&, std::size_t input);

// A batched array whose calls see it with at least that rank: axes of size 1 behind the batch, where broadcasting would
// put them.
TESSERA_ARRAY_API array of_rank(const array& batched, std::size_t rank);

// Axes of one call as axes of the batched array: each one more.
TESSERA_ARRAY_API axes behind_batch(const axes&);
// The shape of one result with the batch before it.
TESSERA_ARRAY_API dims with_batch(extent size, const dims& shape);

// The rule of an op of one input that works on trailing axes alone, whatever leads: the op as it is.
TESSERA_ARRAY_API void as_it_is(const batch_args&, std::span<array> out, std::span<int> out_axes);

// The rule that `core` stands for: leading axes of all inputs broadcast against each other.
TESSERA_ARRAY_API void over_leading_axes(const batch_args&, std::span<array> out, std::span<int> out_axes);

}  // namespace tessera::batching
