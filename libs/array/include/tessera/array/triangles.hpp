// Triangles and diagonals of the matrices in the last two axes. Diagonal k is the main one for 0, above it when
// positive, below it when negative. Throw shape_error for rank below 2.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// x with zeros above (tril) or below (triu) diagonal k.
TESSERA_ARRAY_API array tril(const array& x, std::int64_t k = 0);
TESSERA_ARRAY_API array triu(const array& x, std::int64_t k = 0);

// The elements of a diagonal of every matrix, as a view; its axis comes last. The axes of the matrices' rows and
// columns must differ.
TESSERA_ARRAY_API array diagonal(const array& x, std::int64_t k = 0, int row_axis = -2, int column_axis = -1);
// Square matrices with the elements of the last axis on diagonal k, zeros elsewhere. Throws shape_error for rank 0.
TESSERA_ARRAY_API array embed_diagonal(const array& x, std::int64_t k = 0);
// NumPy's diag: the matrix of a vector, or the diagonal of a matrix. Throws shape_error for other ranks.
TESSERA_ARRAY_API array diag(const array& x, std::int64_t k = 0);
// The sum over a diagonal, in the dtype of sum.
TESSERA_ARRAY_API array trace(const array& x, std::int64_t k = 0);

}  // namespace tessera
