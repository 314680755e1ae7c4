// Eigen with its own kernels, compiled for this machine: Eigen chooses its instruction set at compile time.
#include "dense.hpp"
#include <Eigen/Core>

namespace {

template <class T> void multiply(std::size_t n, const T* a, const T* b, T* c) {
    using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto size = static_cast<Eigen::Index>(n);
    Eigen::Map<matrix>(c, size, size).noalias() =
        Eigen::Map<const matrix>(a, size, size) * Eigen::Map<const matrix>(b, size, size);
}

}  // namespace

int main() {
    bench::worker worker("Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) +
                         "." + std::to_string(EIGEN_MINOR_VERSION) + ", " + Eigen::SimdInstructionSetsInUse());
    bench::add_square_products(worker, multiply<float>, multiply<double>);
    return worker.serve();
}
