#include "tessera/array/ops.hpp"
#include "tessera/linalg/matmul.hpp"
#include "tessera/linalg/solve.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {

void register_linalg_oracles(oracle_registry& registry) {
    registry.add("linalg/dense", "solve", [](const oracle_case& c) {
        return answer(c, {{"x", solve(input(c, "a"), input(c, "b"))}});
    });
    registry.add("linalg/dense", "inv", [](const oracle_case& c) { return answer(c, inv(input(c, "a"))); });
    registry.add("linalg/dense", "det", [](const oracle_case& c) { return answer(c, det(input(c, "a"))); });
    registry.add("linalg/dense", "slogdet", [](const oracle_case& c) {
        const auto [sign, logabsdet] = slogdet(input(c, "a"));
        return answer(c, {{"sign", sign}, {"logabs", logabsdet}});
    });
    // Products of fp8 numbers, summed in f32 and left there.
    const auto product = [](const oracle_case& c) {
        return answer(c, matmul(astype(input(c, "a"), f32), astype(input(c, "b"), f32)));
    };
    registry.add("dtype/convert", "dot_f32", product);
    registry.add("dtype/convert", "matmul_f32", product);
}

}  // namespace tessera::testing
