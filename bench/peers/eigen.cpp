// Eigen with its own kernels, compiled for this machine: Eigen chooses its instruction set at compile time.
#include "dense.hpp"
#include "small_matrices.hpp"
#include <Eigen/Core>
#include <Eigen/LU>

namespace {

template <class T> void multiply(std::size_t n, const T* a, const T* b, T* c) {
    using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto size = static_cast<Eigen::Index>(n);
    Eigen::Map<matrix>(c, size, size).noalias() =
        Eigen::Map<const matrix>(a, size, size) * Eigen::Map<const matrix>(b, size, size);
}

template <int Rows, int Columns> using fixed = Eigen::Matrix<double, Rows, Columns, Columns == 1 ? 0 : Eigen::RowMajor>;

void add_small_matrices(bench::worker& to) {
    to.add("fixed matmul 4x4 f64", [] {
        return bench::small_matrices<fixed<4, 4>, fixed<4, 4>, fixed<4, 4>>(
            [](const auto& a, const auto& b) -> fixed<4, 4> { return a * b; });
    });
    to.add("fixed solve 3x3 f64", [] {
        return bench::small_matrices<fixed<3, 3>, fixed<3, 1>, fixed<3, 1>>(
            [](const auto& a, const auto& b) -> fixed<3, 1> { return a.partialPivLu().solve(b); });
    });
}

}  // namespace

int main() {
    bench::worker worker("Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) +
                         "." + std::to_string(EIGEN_MINOR_VERSION) + ", " + Eigen::SimdInstructionSetsInUse());
    bench::add_square_products(worker, multiply<float>, multiply<double>);
    add_small_matrices(worker);
    return worker.serve();
}
