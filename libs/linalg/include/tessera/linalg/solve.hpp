// Systems of equations, inverses and determinants, by LU factorisation with row pivoting (LAPACK getrf). The last two
// axes are square matrices, the others a batch. f32, f64, c64 and c128 stay; narrow floats are computed in f32,
// integers and booleans in f64, which is then the result's dtype. Throws shape_error unless the matrices are square.
#pragma once

#include <utility>

#include "tessera/array/array.hpp"
#include "tessera/linalg/export.hpp"

namespace tessera {

// x with a x = b: a (..., n, n); b (n,) gives (..., n), b (..., n, m) gives (..., n, m); batches broadcast (NumPy 2).
// Throws singular_matrix, naming the matrix and the pivot that is zero.
TESSERA_LINALG_API array solve(const array& a, const array& b);

// The inverse. Throws singular_matrix likewise.
TESSERA_LINALG_API array inv(const array& a);

// det(a) = sign exp(logabsdet) without overflow. A singular matrix has sign 0 and -infinity.
struct slogdet_result {
    array sign;       // of a's dtype
    array logabsdet;  // real
};
TESSERA_LINALG_API slogdet_result slogdet(const array& a);

// The determinant. Its derivative is computed through the inverse: where the matrix is singular it throws
// singular_matrix.
TESSERA_LINALG_API array det(const array& a);

}  // namespace tessera
