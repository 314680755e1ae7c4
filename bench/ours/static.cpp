// Our side of the area static. The library is headers alone, so it is compiled as its peer is, for this machine.
#include "../peers/small_matrices.hpp"
#include <tessera/fixed/linalg.hpp>

namespace {

namespace fixed = tessera::fixed;
template <std::size_t... E> using real = tessera::fixed_array<double, E...>;

const bench::offer cases([](bench::worker& to) {
    to.add("fixed matmul 4x4 f64", [] {
        return bench::small_matrices<real<4, 4>, real<4, 4>, real<4, 4>>(
            [](const auto& a, const auto& b) { return fixed::matmul(a, b); });
    });
    to.add("fixed solve 3x3 f64", [] {
        return bench::small_matrices<real<3, 3>, real<3>, real<3>>(
            [](const auto& a, const auto& b) { return fixed::solve(a, b); });
    });
});

}  // namespace
