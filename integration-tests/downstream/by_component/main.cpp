// tessera-array, found by its name; it brings no BLAS.
#include <iostream>
#include <vector>

#include <tessera/array/elementwise.hpp>

#include "../loaded.hpp"

int main() {
    const tessera::array a{1.0F, 2.0F, 3.0F};
    const tessera::array sum = a + a * 2.0;
    std::cout << sum << '\n';
    if (sum.to_vector<float>() != std::vector{3.0F, 6.0F, 9.0F}) return 1;
    return is_loaded("blas") || is_loaded("blis") ? 2 : 0;
}
