// Systems of equations, inverses and determinants of views, by LAPACK's LU factorisation (getrf), on the calling
// thread. Matrices are square, of f32, f64, c64 or c128, of any strides; every operand has one dtype. Destinations may
// be the operands themselves. All throw shape_error, dtype_error, device_error, and value_error for a read-only
// destination, before anything is written.
#pragma once

#include <complex>

#include "tessera/interop/any_view.hpp"
#include "tessera/linalg_views/export.hpp"

namespace tessera::linalg_views {

// out = x with a x = b; b and out are (n, m). LAPACK getrs. Throws singular_matrix, with the pivot that is zero, before
// out is written.
TESSERA_LINALG_VIEWS_API void solve(const any_view& a, const any_view& b, const any_view& out);

// out = the inverse of a. LAPACK getri. Throws singular_matrix likewise.
TESSERA_LINALG_VIEWS_API void inverse(const any_view& a, const any_view& out);

// det(a) = sign exp(log_magnitude), for matrices of any size without overflow: sign has modulus 1; a singular matrix
// gives 0 and minus infinity, an empty one 1 and 0.
struct sign_and_log {
    std::complex<double> sign;
    double log_magnitude;
};
TESSERA_LINALG_VIEWS_API sign_and_log slogdet(const any_view& a);

// det(a); 0 for a singular matrix, 1 for an empty one.
TESSERA_LINALG_VIEWS_API std::complex<double> determinant(const any_view& a);

}  // namespace tessera::linalg_views
