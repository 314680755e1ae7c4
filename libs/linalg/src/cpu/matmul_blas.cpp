#include "batches.hpp"
#include "matmul.hpp"
#include "tessera/linalg_views/matmul.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr bool blas_takes(dtype d) { return d == f32 || d == f64 || is_complex(d); }

void run(const kernel_args& args) {
    const any_view &a = args.in[0], &b = args.in[1], &out = args.out[0];
    const double flops = 2.0 * static_cast<double>(out.shape[out.rank - 2]) *
                         static_cast<double>(out.shape[out.rank - 1]) * static_cast<double>(a.shape[a.rank - 1]);
    const double per_ns = a.dtype == f32 ? 80.0 : a.dtype == f64 ? 40.0 : a.dtype == c64 ? 20.0 : 10.0;
    for_each_product(a, b, out, flops / per_ns,
                     [](const any_view& x, const any_view& y, const any_view& to) { linalg_views::matmul(x, y, to); });
}

}  // namespace

kernel matmul_blas() {
    return {.run = run,
            .declines = [](const kernel_args& args) -> const char* {
                return blas_takes(args.in[0].dtype) ? nullptr : "BLAS has f32, f64, c64 and c128 only";
            },
            .label = "blas",
            .priority = 1};
}

}  // namespace tessera::cpu_kernels
