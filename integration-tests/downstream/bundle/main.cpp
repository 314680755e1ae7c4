// linalg and autograd through the bundle: the gradient of |A x|^2 with respect to x is 2 A^T A x.
#include <iostream>
#include <vector>

#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/autograd/grad.hpp>
#include <tessera/linalg/matmul.hpp>

using tessera::array;

int main() {
    const array a{{1.0, 2.0}, {3.0, 4.0}};
    const array x{1.0, -1.0};
    const auto squared_length = [&](const array& at) { return tessera::sum(tessera::square(tessera::matmul(a, at))); };

    const array gradient = tessera::autograd::grad(squared_length)(x);

    std::cout << gradient << '\n';
    return gradient.to_vector<double>() == std::vector{-8.0, -12.0} ? 0 : 1;
}
