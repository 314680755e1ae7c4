// The square products of the matmul area, shared by the peers that differ in one call only.
#pragma once
#include "../worker/inputs.hpp"
#include "../worker/worker.hpp"
#include <memory>
#include <string>

namespace bench {

// Multiply(n, a, b, c) writes c = a b for row-major (n, n) matrices.
template <class T, class Multiply> prepared square_product(std::size_t n, Multiply multiply) {
    auto c = std::make_shared<std::vector<T>>(n * n);
    return timed(
        [n, multiply, c, a = values<T>(n * n, 1), b = values<T>(n * n, 2)] {
            multiply(n, a.data(), b.data(), c->data());
            keep(*c);
        },
        [c] { return mean_magnitude(c->data(), c->size()); });
}

template <class Sgemm, class Dgemm> void add_square_products(worker& to, Sgemm sgemm, Dgemm dgemm) {
    for (const std::size_t n : {256, 512, 1024, 2048}) {
        to.add("sgemm " + std::to_string(n), [=] { return square_product<float>(n, sgemm); });
        to.add("dgemm " + std::to_string(n), [=] { return square_product<double>(n, dgemm); });
    }
}

}  // namespace bench
