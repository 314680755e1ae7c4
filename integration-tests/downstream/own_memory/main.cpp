// A user's std::vector and Eigen matrices, read and written where they lie.
#include <iostream>
#include <vector>

#include <Eigen/Core>

#include <tessera/array/elementwise.hpp>
#include <tessera/array/host_memory.hpp>
#include <tessera/interop/eigen.hpp>
#include <tessera/interop/span.hpp>
#include <tessera/linalg_views/matmul.hpp>

using namespace tessera;

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::cout << "not so: " << what << '\n';
    ++failures;
}

void multiplies_a_vector_by_an_eigen_matrix() {
    const std::vector<double> a{1, 2, 3, 4, 5, 6};
    const array_view rows(a.data(), extents<2, 3>());
    Eigen::MatrixXd b(3, 2);
    b << 1, 0, 0, 1, 1, 1;
    Eigen::MatrixXd product(2, 2);

    linalg_views::matmul(rows, view_of(b), view_of(product));

    Eigen::MatrixXd expected(2, 2);
    expected << 4, 5, 10, 11;
    expect(product == expected, "the product is in the Eigen matrix");
    expect(linalg_views::reads_in_place(as_any(rows)), "BLAS reads the vector where it lies");
    const auto columns = view_of(b);
    expect(linalg_views::reads_in_place(as_any(columns)), "BLAS reads Eigen's columns where they lie");
}

void looks_at_a_vector_through_an_array() {
    std::vector<float> values{1, 2, 3, 4};
    const array_view view = view_of(values);
    bool released = false;
    {
        const array x = borrow(as_any(view), view.size(), [&] { released = true; });
        expect(x.view().first<float>() == values.data(), "the array looks at the vector");
        values[0] = 10;
        expect((x + 1.0).to_vector<float>() == std::vector{11.0F, 3.0F, 4.0F, 5.0F}, "an op reads the vector");
        multiply(x, 2.0, x);
        expect(values == std::vector{20.0F, 4.0F, 6.0F, 8.0F}, "an op with out writes the vector");
        expect(!released, "the memory is held as long as the array");
    }
    expect(released, "the memory is given back with the array");
}

void looks_at_an_eigen_matrix_through_an_array() {
    Eigen::MatrixXd m(2, 3);
    m << 1, 2, 3, 4, 5, 6;
    const auto view = view_of(m);

    const array x = borrow(as_any(view), m.size());

    expect(x.view().first<double>() == m.data(), "the array looks at the matrix");
    expect(x.to_vector<double>() == std::vector<double>{1, 2, 3, 4, 5, 6}, "its rows are the matrix's rows");
    const auto back = x.view_as<double, dynamic_extent, dynamic_extent>();
    expect(eigen_map(back).data() == m.data(), "and Eigen looks at the array");
    expect(eigen_map(back) == m, "with the same elements");
}

}  // namespace

int main() {
    multiplies_a_vector_by_an_eigen_matrix();
    looks_at_a_vector_through_an_array();
    looks_at_an_eigen_matrix_through_an_array();
    return failures;
}
