// Matrix products of arrays.
#pragma once

#include "tessera/array/array.hpp"
#include "tessera/linalg/export.hpp"

namespace tessera {

// The product over the last axis of a and the second to last of b, batched over the leading axes, which broadcast:
//     (m, k) (k, n) -> (m, n)      (..., m, k) (..., k, n) -> (..., m, n)      (k,) (k,) -> ()
//     (m, k) (k,) -> (m,)          (k,) (k, n) -> (n,)
// Operands meet in their promoted dtype, which is the result's: f32 f64 c64 c128 go through BLAS, narrow floats are
// summed in f32 and rounded once, integers wrap, bool is "or" of "and". Transposed and strided views are read where
// they lie when BLAS can. Throws shape_error for rank 0 and for sizes that do not fit.
TESSERA_LINALG_API array matmul(const array& a, const array& b);

// Into an array of exactly the result's dtype, shape and device; operands of rank 2 and above.
TESSERA_LINALG_API void matmul(const array& a, const array& b, const array& out);

// c + alpha a b in one pass over c: (m, n) + (m, k) (k, n), or batches of one shape. One dtype of f32, f64, c64, c128;
// alpha is a number, or an array of rank 0 and that dtype; alpha = 0 and k = 0 give c. Throws shape_error, dtype_error.
// BLAS gemm, PyTorch addmm.
TESSERA_LINALG_API array addmm(const array& c, const array& a, const array& b, const array& alpha = 1.0);

}  // namespace tessera
