// What compile does to a captured program before it runs. Each pass keeps the results' bits,
// except accumulate_products, which rounds as its BLAS does.
#pragma once

#include "tessera/graph/function.hpp"

namespace tessera::graph::passes {

// Functions with derivatives of their own become the ops they are made of.
void inline_functions(function& f);
// Ops on constants alone are done now, where the result is small or a view.
void fold_constants(function& f);
// One node for equal ops of equal inputs, one constant for equal scalars.
void share_common(function& f);
// Nodes, values and constants that no result needs go; values are numbered anew.
void drop_dead(function& f);
// A matrix product that is only used transposed is computed so, from its transposed operands, which are views.
void fold_transposes(function& f);
// A product that is scaled by a number and added to an array of its shape is computed on top of that array.
void accumulate_products(function& f);
// Element-wise ops of one shape, and the reductions of what they give, become graph.fused.
void fuse(function& f);

}  // namespace tessera::graph::passes
