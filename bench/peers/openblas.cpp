// Raw OpenBLAS: the gemm a user would call without any library above it.
#include "dense.hpp"
#include <cblas.h>

int main() {
    openblas_set_num_threads(1);
    bench::worker worker(std::string(openblas_get_config()) + ", core " + openblas_get_corename());
    bench::add_square_products(
        worker,
        [](std::size_t n, const float* a, const float* b, float* c) {
            const auto size = static_cast<blasint>(n);
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b, size, 0, c, size);
        },
        [](std::size_t n, const double* a, const double* b, double* c) {
            const auto size = static_cast<blasint>(n);
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b, size, 0, c, size);
        });
    return worker.serve();
}
