// Derivatives by dual numbers against central differences and known formulas.
#include <cmath>

#include <gtest/gtest.h>

#include "tessera/fixed/derivatives.hpp"
#include "tessera/fixed/linalg.hpp"

namespace {

using namespace tessera;
using vec2 = fixed_array<double, 2>;
using vec3 = fixed_array<double, 3>;

// Central differences with this step carry an error of about step^2 of the third derivative.
constexpr double step = 1e-5;
constexpr double difference_tolerance = 1e-8;

template <class F> void check_function(F f, double x) {
    const double expected = (f(x + step) - f(x - step)) / (2 * step);
    EXPECT_NEAR(fixed::derivative(f, x), expected, difference_tolerance * (1 + std::abs(expected))) << "at " << x;
    // The second derivative by nesting.
    const auto slope = [&f](const auto& at) { return fixed::derivative(f, at); };
    const double second = (slope(x + step) - slope(x - step)) / (2 * step);
    EXPECT_NEAR(fixed::derivative(slope, x), second, difference_tolerance * (1 + std::abs(second))) << "at " << x;
}

TEST(dual, every_function_and_its_second_derivative) {
    using namespace std;
    for (const double x : {0.3, 0.9, 1.7}) {
        check_function([](const auto& v) { return sqrt(v); }, x);
        check_function([](const auto& v) { return exp(v) + expm1(v); }, x);
        check_function([](const auto& v) { return log(v) + log1p(v); }, x);
        check_function([](const auto& v) { return sin(v) * cos(v); }, x);
        check_function([](const auto& v) { return tan(v * 0.5); }, x);
        check_function([](const auto& v) { return atan(v) + atan2(v, 2.0 - v); }, x);
        check_function([](const auto& v) { return sinh(v) / cosh(v); }, x);
        check_function([](const auto& v) { return tanh(v) - erf(v); }, x);
        check_function([](const auto& v) { return pow(v, 2.5) + pow(v, v); }, x);
        check_function([](const auto& v) { return hypot(v, v * v) + abs(-v); }, x);
        check_function([](const auto& v) { return (3 - v) * 2 / (1 / v + v / 4 - 7) + (-v + 1); }, x);
    }
}

TEST(dual, edges) {
    EXPECT_EQ(fixed::derivative([](const auto& v) { return abs(v); }, 0.0), 0);
    EXPECT_EQ(fixed::derivative([](const auto& v) { return abs(v); }, -2.0), -1);
    EXPECT_EQ(fixed::derivative([](const auto& v) { return pow(v, 0.0); }, 0.0), 0);
    EXPECT_EQ(fixed::derivative([](const auto& v) { return pow(v, 2.0); }, 0.0), 0);
    EXPECT_EQ(fixed::derivative([](const auto& v) { return hypot(v, v); }, 0.0), 0);
    // Control flow follows values.
    EXPECT_EQ(fixed::derivative([](const auto& v) { return v > 1 ? v * v : -v; }, 3.0), 6);
}

TEST(dual, gradients_jacobians_hessians) {
    const auto rosenbrock = [](const auto& x) {
        const auto gap = x[1] - x[0] * x[0];
        return (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * gap * gap;
    };
    const vec2 at(-1.2, 1);
    const auto [value, slope] = fixed::value_and_gradient(rosenbrock, at);
    EXPECT_NEAR(value, 24.2, 1e-12);
    EXPECT_NEAR(slope[0], -215.6, 1e-11);
    EXPECT_NEAR(slope[1], -88, 1e-11);
    const auto h = fixed::hessian(rosenbrock, at);
    EXPECT_NEAR(h(0, 0), 1330, 1e-10);
    EXPECT_NEAR(h(0, 1), 480, 1e-10);
    EXPECT_EQ(h(0, 1), h(1, 0));
    EXPECT_NEAR(h(1, 1), 200, 1e-10);

    const auto spherical = [](const auto& x) {
        using T = std::remove_cvref_t<decltype(x[0])>;
        return fixed_array<T, 3>(x[0] * sin(x[1]) * cos(x[2]), x[0] * sin(x[1]) * sin(x[2]), x[0] * cos(x[1]));
    };
    const vec3 p(2, 0.7, 0.4);
    const auto j = fixed::jacobian(spherical, p);
    EXPECT_NEAR(fixed::det(j), 4 * std::sin(0.7), 1e-14);  // r^2 sin(theta)
    const auto [y, along] = fixed::jvp(spherical, p, vec3(1, 2, 3));
    EXPECT_EQ(y, spherical(p));
    EXPECT_NEAR(fixed::norm(along - fixed::matmul(j, vec3(1, 2, 3))), 0, 1e-14);
}

// d (a^-1 b) = -a^-1 da a^-1 b: the solver is generic code, duals go through it.
TEST(dual, through_a_solve) {
    const auto f = [](const auto& a) {
        using T = std::remove_cvref_t<decltype(a(0, 0))>;
        return fixed::solve(a, fixed_array<T, 2>(1.0, 2.0));
    };
    const fixed_array<double, 2, 2> a{{3, 1}, {1, 2}};
    const auto j = fixed::jacobian(f, a);  // (2, 2, 2)
    const auto x = f(a);
    const auto inverse = fixed::inv(a);
    for (int i = 0; i < 2; ++i)
        for (int k = 0; k < 2; ++k)
            for (int l = 0; l < 2; ++l) EXPECT_NEAR(j(i, k, l), -inverse(i, k) * x[static_cast<std::size_t>(l)], 1e-15);
    const auto log_det = [](const auto& m) { return log(fixed::det(m)); };
    const auto slope = fixed::gradient(log_det, a);
    EXPECT_NEAR(fixed::norm(slope - fixed::transpose(inverse)), 0, 1e-15);
}

TEST(dual, allocates_nothing_and_holds_values_in_place) {
    static_assert(std::is_trivially_copyable_v<dual<dual<double, 2>, 2>>);
    static_assert(sizeof(dual<double, 3>) == 4 * sizeof(double));
    static_assert(dual<double, 1>::variable(3, 0) * dual<double, 1>::variable(3, 0) == 9.0);
}

}  // namespace
