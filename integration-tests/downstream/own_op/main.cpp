// An op of the user's own: it runs on strided input, differentiates in both modes to any order, and says what it
// declines.
#include <iostream>
#include <string_view>
#include <vector>

#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/array/views.hpp>
#include <tessera/autograd/grad.hpp>
#include <tessera/autograd/jvp.hpp>

#include "power.hpp"

using tessera::array;
using values = std::vector<double>;

namespace {

int failures = 0;

void expect(const array& got, const values& expected, const char* what) {
    if (got.to_vector<double>() == expected) return;
    std::cout << what << ": " << got << '\n';
    ++failures;
}

array sum_of_cubes(const array& x) { return tessera::sum(user::power(x, 3)); }

}  // namespace

int main() {
    const array x{{1.0, 2.0}, {3.0, 4.0}};

    expect(user::power(x, 3), {1, 8, 27, 64}, "the kernel's values");
    expect(user::power(tessera::permute_dims(x, {1, 0}), 3), {1, 27, 8, 64}, "of a transposed view");

    expect(tessera::autograd::grad(sum_of_cubes)(x), {3, 12, 27, 48}, "the gradient, 3 x^2");
    const auto sum_of_gradient = [](const array& at) {
        return tessera::sum(tessera::autograd::grad(sum_of_cubes)(at));
    };
    expect(tessera::autograd::grad(sum_of_gradient)(x), {6, 12, 18, 24}, "its gradient, 6 x");

    const array direction{{1.0, 0.0}, {0.0, 10.0}};
    const auto cube = [](const array& at) { return user::power(at, 3); };
    expect(tessera::autograd::jvp(cube, x, direction).tangent, {3, 0, 0, 480}, "the derivative along a direction");

    try {
        user::power(array{1.0F}, 3);
        std::cout << "f32 was taken\n";
        ++failures;
    } catch (const tessera::no_kernel& e) {
        const std::string_view text = e.what();
        if (text.find("user.power") == text.npos || text.find("only f64") == text.npos) {
            std::cout << "the error names neither op nor reason: " << text << '\n';
            ++failures;
        }
    }
    return failures;
}
