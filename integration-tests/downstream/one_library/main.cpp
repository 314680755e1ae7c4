// libs/array from the sources, without the rest of the repository.
#include <vector>

#include <tessera/array/elementwise.hpp>

#include "../loaded.hpp"

int main() {
    const tessera::array a{{1.0, 2.0}, {3.0, 4.0}};
    const tessera::array row{10.0, 20.0};
    if ((a + row).to_vector<double>() != std::vector{11.0, 22.0, 13.0, 24.0}) return 1;
    return is_loaded("blas") || is_loaded("blis") ? 2 : 0;
}
