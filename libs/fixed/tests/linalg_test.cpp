// Products and solves of every size up to 9, against plain loops and residuals.
#include <complex>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "tessera/fixed/linalg.hpp"

namespace {

using namespace tessera;

template <class A, class B>
concept multiplies = requires(const A& a, const B& b) {
    fixed::matmul(a, b);
};
template <class A, class B>
concept solves = requires(const A& a, const B& b) {
    fixed::solve(a, b);
};
template <std::size_t... E> using real = fixed_array<double, E...>;

static_assert(multiplies<real<2, 3>, real<3, 4>> && multiplies<real<3>, real<3, 4>> && multiplies<real<2, 3>, real<3>>);
static_assert(!multiplies<real<2, 3>, real<2, 3>> && !multiplies<real<3>, real<2>> && !multiplies<real<>, real<2>>);
static_assert(!multiplies<real<2, 2, 2>, real<2, 2>>);
static_assert(solves<real<3, 3>, real<3>> && solves<real<3, 3>, real<3, 2>>);
static_assert(!solves<real<3, 2>, real<3>> && !solves<real<3, 3>, real<2>> &&
              !solves<real<3, 3>, fixed_array<float, 3>>);
static_assert(fixed::matmul(real<2, 2>{{1, 2}, {3, 4}}, real<2>(5, 6)) == real<2>(17, 39));

// Uniform in [-1, 1), from a small generator.
template <class T, std::size_t... E> fixed_array<T, E...> random_values(std::uint32_t seed) {
    fixed_array<T, E...> out;
    for (T& v : out) {
        seed = seed * 1664525U + 1013904223U;
        v = static_cast<T>(static_cast<double>(seed >> 8) / (1U << 23) - 1.0);
    }
    return out;
}

template <class F, std::size_t... N> void for_sizes(F&& f, std::index_sequence<N...>) {
    (f.template operator()<N + 1>(), ...);
}

TEST(fixed_linalg, products_of_every_size) {
    for_sizes(
        []<std::size_t N>() {
            const auto a = random_values<double, N, 3>(1);
            const auto b = random_values<double, 3, N + 1>(2);
            const auto c = fixed::matmul(a, b);
            const auto row = fixed::matmul(real<3>(1, 2, 3), b);
            const auto column = fixed::matmul(a, real<3>(1, 2, 3));
            for (std::size_t i = 0; i < N; ++i) {
                EXPECT_NEAR(column(i), a(i, 0) + 2 * a(i, 1) + 3 * a(i, 2), 1e-14);
                for (std::size_t j = 0; j <= N; ++j) {
                    double expected = 0;
                    for (std::size_t k = 0; k < 3; ++k) expected += a(i, k) * b(k, j);
                    EXPECT_NEAR(c(i, j), expected, 1e-15);
                    EXPECT_NEAR(row(j), b(0, j) + 2 * b(1, j) + 3 * b(2, j), 1e-14);
                }
            }
        },
        std::make_index_sequence<9>());
}

// |a x - b| stays below this many units of rounding times n, |a| and |x|: pivoted elimination of random matrices.
constexpr double residual_units = 16;

template <class T> void check_solves() {
    using std::abs;
    const double unit = std::numeric_limits<decltype(abs(T()))>::epsilon();
    for_sizes(
        [unit]<std::size_t N>() {
            for (std::uint32_t seed = 0; seed < 20; ++seed) {
                const auto a = random_values<T, N, N>(seed);
                const auto b = random_values<T, N, 2>(seed + 100);
                const auto x = fixed::solve(a, b);
                const auto r = fixed::matmul(a, x) - b;
                const double scale = static_cast<double>(fixed::norm(a) * fixed::norm(x));
                EXPECT_LE(static_cast<double>(fixed::norm(r)), residual_units * static_cast<double>(N) * unit * scale);
                const auto identity = fixed::matmul(a, fixed::inv(a)) - fixed::eye<T, N>();
                const double inverse_scale = static_cast<double>(fixed::norm(a) * fixed::norm(fixed::inv(a)));
                EXPECT_LE(static_cast<double>(fixed::norm(identity)),
                          residual_units * static_cast<double>(N) * unit * inverse_scale);
            }
        },
        std::make_index_sequence<9>());
}

TEST(fixed_linalg, solves_and_inverts_every_size_f64) { check_solves<double>(); }
TEST(fixed_linalg, solves_and_inverts_every_size_f32) { check_solves<float>(); }

TEST(fixed_linalg, pivots) {
    const real<3, 3> a{{0, 2, 1}, {1, 0, 0}, {0, 0, 4}};
    EXPECT_EQ(fixed::solve(a, real<3>(5, 7, 4)), real<3>(7, 2, 1));
    EXPECT_EQ(fixed::det(a), -8);
    // Without pivoting the small pivot would swamp the rest.
    const real<2, 2> tiny{{1e-20, 1}, {1, 1}};
    EXPECT_EQ(fixed::solve(tiny, real<2>(1, 2)), real<2>(1, 1));
    // A determinant that underflows is no singular matrix.
    EXPECT_EQ(fixed::solve(fixed::eye<double, 2>() * 1e-200, real<2>(1e-200, 2e-200)), real<2>(1, 2));
}

TEST(fixed_linalg, complex_systems) {
    using c = std::complex<double>;
    const fixed_array<c, 2, 2> a{{c(0, 1), c(2, 0)}, {c(1, 1), c(0, -1)}};
    const fixed_array<c, 2> x(c(1, 2), c(3, -1));
    const auto found = fixed::solve(a, fixed::matmul(a, x));
    EXPECT_NEAR(std::abs(found[0] - x[0]) + std::abs(found[1] - x[1]), 0, 1e-14);
    EXPECT_NEAR(std::abs(fixed::det(a) - c(-1, -2)), 0, 1e-15);
}

template <class Act> void expect_singular(Act act, const char* text) {
    try {
        act();
        FAIL() << "nothing was thrown";
    } catch (const singular_matrix& e) { EXPECT_STREQ(e.what(), text); }
}

TEST(fixed_linalg, singular_matrices_are_named) {
    const real<2, 2> a{{1, 2}, {2, 4}};
    EXPECT_EQ(fixed::det(a), 0);
    expect_singular([&] { static_cast<void>(fixed::solve(a, real<2>(1, 1))); },
                    "fixed::solve: the (2, 2) matrix is singular: a pivot is zero");
    expect_singular([&] { static_cast<void>(fixed::inv(a)); },
                    "fixed::inv: the (2, 2) matrix is singular: a pivot is zero");
}

TEST(fixed_linalg, vectors) {
    const real<3> x(1, 2, 3), y(4, 5, 6);
    EXPECT_EQ(fixed::dot(x, y), 32);
    EXPECT_EQ(fixed::cross(x, y), real<3>(-3, 6, -3));
    EXPECT_EQ(fixed::outer(x, real<2>(1, 10)), (real<3, 2>{{1, 10}, {2, 20}, {3, 30}}));
    EXPECT_EQ(fixed::norm(real<2>(3, 4)), 5);
    EXPECT_EQ(fixed::trace(real<2, 2>(1, 2, 3, 4)), 5);
    EXPECT_EQ(fixed::transpose(real<2, 3>(1, 2, 3, 4, 5, 6)), (real<3, 2>(1, 4, 2, 5, 3, 6)));
}

}  // namespace
