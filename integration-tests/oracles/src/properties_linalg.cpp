// Solutions of equations are judged by what they leave over, in LAPACK's scale.
#include <cmath>
#include <complex>
#include <vector>

#include "elements.hpp"
#include "property.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

double epsilon_of(dtype t) { return t == f32 || t == c64 ? 0x1p-23 : 0x1p-52; }

double norm(const std::vector<std::complex<double>>& v) {
    double sum = 0;
    for (const std::complex<double>& x : v) sum += std::norm(x);
    return std::sqrt(sum);
}

}  // namespace

// ||a x - b|| / (||a|| ||x|| n eps) < 30, in Frobenius' norm, for one matrix a.
std::string check_solution(const property_question& q) {
    constexpr double threshold = 30;
    const host_tensor &a = q.asked.input("a"), &b = q.asked.input("b"), &x = answered(q.answer, "x");
    if (a.shape.size() != 2 || x.shape != b.shape) return text("a solution has the shape of b");
    const std::vector<std::complex<double>> matrix = values_of(a), solution = values_of(x);
    std::vector<std::complex<double>> rest = values_of(b);
    const auto n = static_cast<std::size_t>(a.shape[0]);
    if (n == 0) return {};
    const std::size_t columns = rest.size() / n;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            for (std::size_t k = 0; k < n; ++k) rest[i * columns + j] -= matrix[i * n + k] * solution[k * columns + j];
    const double scale = norm(matrix) * norm(solution) * static_cast<double>(n) * epsilon_of(x.dtype);
    if (norm(rest) <= threshold * scale) return {};
    return text("the residual is ", norm(rest) / scale, " of LAPACK's units, the limit is ", threshold);
}

}  // namespace tessera::oracles
