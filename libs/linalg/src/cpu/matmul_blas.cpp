#include <complex>

#include "batches.hpp"
#include "matmul.hpp"
#include "tessera/dtype/convert.hpp"
#include "tessera/linalg_views/matmul.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr bool blas_takes(dtype d) { return d == f32 || d == f64 || is_complex(d); }

double estimated_ns(const any_view& a, const any_view& out) {
    const double flops = 2.0 * static_cast<double>(out.shape[out.rank - 2]) *
                         static_cast<double>(out.shape[out.rank - 1]) * static_cast<double>(a.shape[a.rank - 1]);
    return flops / (a.dtype == f32 ? 80.0 : a.dtype == f64 ? 40.0 : a.dtype == c64 ? 20.0 : 10.0);
}

void run(const kernel_args& args) {
    const any_view &a = args.in[0], &b = args.in[1], &out = args.out[0];
    for_each_product(a, b, out, estimated_ns(a, out),
                     [](const any_view& x, const any_view& y, const any_view& to) { linalg_views::matmul(x, y, to); });
}

std::complex<double> number_in(const any_view& v) {
    std::complex<double> x;
    convert(v.dtype, v.first<std::byte>(), 1, c128, &x, 1, 1);
    return x;
}

// The product goes on top of c, which is where the result is to be, or is copied there.
void run_accumulating(const kernel_args& args) {
    const any_view &c = args.in[0], &a = args.in[1], &b = args.in[2], &out = args.out[0];
    if (out.size() == 0) return;
    if (c.first<std::byte>() != out.first<std::byte>()) args.on.copy(c, out);
    const std::complex<double> scale = number_in(args.in[3]);
    for_each_product(a, b, out, estimated_ns(a, out), [&](const any_view& x, const any_view& y, const any_view& to) {
        linalg_views::matmul(x, y, to, linalg_views::into::accumulate, scale);
    });
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

kernel addmm_blas() { return {.run = run_accumulating, .label = "blas", .reuse = reuse_first}; }

}  // namespace tessera::cpu_kernels
