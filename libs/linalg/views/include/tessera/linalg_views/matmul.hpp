// Matrix products of views, written into the caller's memory, on the calling thread, by BLAS.
#pragma once

#include <complex>
#include <string_view>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/view_as.hpp"
#include "tessera/linalg_views/export.hpp"

namespace tessera::linalg_views {

// How a product meets what is in the destination: out = a b, or out = out + a b.
enum class into : bool { overwrite, accumulate };

// out (+)= scale a b for a (m, k), b (k, n), out (m, n) of one dtype: f32, f64, c64 or c128. Any strides: matrices with
// a unit step in one of their axes are read where they lie, others are copied first. out must not overlap a or b. k = 0
// gives zeros (leaves out when it accumulates). Throws shape_error, dtype_error, device_error, and value_error for a
// scale that is not real where the dtype is, before out is touched. BLAS gemm.
TESSERA_LINALG_VIEWS_API void matmul(const any_view& a, const any_view& b, const any_view& out,
                                     into how = into::overwrite, std::complex<double> scale = 1);

// The same for typed views of rank 2: matmul(view_of(a), view_of(b), view_of(c)).
template <class A, class ExtentsA, class B, class ExtentsB, class Out, class ExtentsOut>
void matmul(const array_view<A, ExtentsA>& a, const array_view<B, ExtentsB>& b, const array_view<Out, ExtentsOut>& out,
            into how = into::overwrite, std::complex<double> scale = 1) {
    matmul(as_any(a), as_any(b), as_any(out), how, scale);
}

// True when matmul reads (or writes) this matrix without copying it.
TESSERA_LINALG_VIEWS_API bool reads_in_place(const any_view& matrix);

// "OpenBLAS", "FLAME" or "Generic": what this component was built with.
TESSERA_LINALG_VIEWS_API std::string_view blas_name();

}  // namespace tessera::linalg_views
