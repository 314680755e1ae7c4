// What compiles and what does not, element access, broadcasting, reductions.
#include <complex>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tessera/fixed/reductions.hpp"
#include "tessera/interop/span.hpp"
#include "tessera/interop/view_as.hpp"

namespace {

using namespace tessera;
using vec2 = fixed_array<double, 2>;
using vec3 = fixed_array<double, 3>;
using mat23 = fixed_array<double, 2, 3>;

template <class A, class B>
concept adds = requires(const A& a, const B& b) {
    a + b;
};
template <class A, class B>
concept adds_in_place = requires(A& a, const B& b) {
    a += b;
};
template <class X, int... Axes>
concept sums = requires(const X& x) {
    fixed::sum<Axes...>(x);
};
template <class X, std::size_t... E>
concept reshapes = requires(const X& x) {
    fixed::reshape<E...>(x);
};
template <class X, std::size_t... E>
concept broadcasts = requires(const X& x) {
    fixed::broadcast_to<E...>(x);
};

static_assert(adds<mat23, vec3> && adds<mat23, fixed_array<double, 2, 1>> && adds<mat23, double> && adds<int, mat23>);
static_assert(!adds<mat23, vec2> && !adds<vec2, vec3> && !adds<mat23, fixed_array<double, 3, 2>>);
static_assert(adds_in_place<mat23, vec3> && adds_in_place<mat23, double>);
static_assert(!adds_in_place<vec3, mat23> && !adds_in_place<vec3, vec2>);
static_assert(sums<mat23> && sums<mat23, 0> && sums<mat23, -1> && sums<mat23, 1, 0>);
static_assert(!sums<mat23, 2> && !sums<mat23, -3> && !sums<mat23, 0, 0> && !sums<mat23, 1, -1>);
static_assert(reshapes<mat23, 3, 2> && reshapes<mat23, 6> && !reshapes<mat23, 5> && !reshapes<mat23, 2, 2>);
static_assert(broadcasts<vec3, 2, 3> && !broadcasts<vec3, 3, 2> && !broadcasts<mat23, 3>);
static_assert(!std::is_constructible_v<vec3, double, double> && !std::is_constructible_v<vec2, double, double, double>);
static_assert(std::is_trivially_copyable_v<mat23> && sizeof(mat23) == 6 * sizeof(double));
static_assert(std::same_as<decltype(fixed::sum<0>(mat23())), vec3>);
static_assert(std::same_as<decltype(fixed::sum(mat23())), double>);

// All of it works at compile time.
constexpr mat23 a{{1, 2, 3}, {4, 5, 6}};
static_assert(a(1, 2) == 6 && fixed::sum(a) == 21 && fixed::sum<0>(a) == vec3(5, 7, 9) &&
              fixed::sum<-1>(a) == vec2(6, 15));
static_assert(a + vec3(10, 20, 30) == mat23{{11, 22, 33}, {14, 25, 36}});
static_assert(a * 2 - 1 == mat23(1, 3, 5, 7, 9, 11) && 1 - a == -(a - 1));

TEST(fixed_array, broadcasts_as_numpy) {
    const fixed_array<int, 2, 1, 3> x(0, 1, 2, 10, 11, 12);
    const fixed_array<int, 4, 1> y(0, 100, 200, 300);
    const auto z = x + y;
    static_assert(std::same_as<decltype(z), const fixed_array<int, 2, 4, 3>>);
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 4; ++j)
            for (int k = 0; k < 3; ++k) EXPECT_EQ(z(i, j, k), 10 * i + 100 * j + k);
    EXPECT_EQ((fixed::broadcast_to<2, 3>(vec3(1, 2, 3))), mat23(1, 2, 3, 1, 2, 3));
    vec3 w(1, 2, 3);
    w *= w;
    w /= 2;
    EXPECT_EQ(w, vec3(0.5, 2, 4.5));
}

TEST(fixed_array, reduces_every_set_of_axes) {
    fixed_array<double, 2, 3, 4> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<double>((7 * i) % 24);
    const auto middle = fixed::sum<1>(x);
    const auto ends = fixed::max<0, 2>(x);
    for (int i = 0; i < 2; ++i)
        for (int k = 0; k < 4; ++k) EXPECT_EQ(middle(i, k), x(i, 0, k) + x(i, 1, k) + x(i, 2, k));
    for (int j = 0; j < 3; ++j) {
        double best = -1;
        for (int i = 0; i < 2; ++i)
            for (int k = 0; k < 4; ++k) best = std::max(best, x(i, j, k));
        EXPECT_EQ(ends(j), best);
    }
    EXPECT_EQ(fixed::min(x), 0);
    EXPECT_EQ(fixed::mean(x), 11.5);
    EXPECT_EQ(fixed::prod(vec3(2, 3, 4)), 24);
    EXPECT_TRUE(fixed::any(x > 22.0) && !fixed::any(x > 23.0) && fixed::all(x >= 0.0));
    EXPECT_EQ(fixed::sum(fixed_array<double, 0>()), 0);
    EXPECT_TRUE(fixed::all(fixed_array<bool, 0>()));
}

TEST(fixed_array, nan_wins_in_extremes) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const vec3& x : {vec3(nan, 1, 2), vec3(1, nan, 2), vec3(1, 2, nan)}) {
        EXPECT_TRUE(std::isnan(fixed::max(x)));
        EXPECT_TRUE(std::isnan(fixed::min(x)));
        EXPECT_TRUE(std::isnan(fixed::sum(fixed::maximum(x, vec3(0, 0, 0)))));
        EXPECT_TRUE(std::isnan(fixed::sum(fixed::minimum(vec3(0, 0, 0), x))));
    }
    EXPECT_EQ(fixed::max(vec3(-3, -2, -1)), -1);
    EXPECT_EQ(fixed::min(vec3(3, 2, 1)), 1);
}

TEST(fixed_array, functions_and_where) {
    const vec3 x(-1, 0, 4);
    EXPECT_EQ(fixed::abs(x), vec3(1, 0, 4));
    EXPECT_EQ(fixed::sqrt(fixed::abs(x)), vec3(1, 0, 2));
    EXPECT_EQ(fixed::where(x < 0.0, -x, x * 10), vec3(1, 0, 40));
    using c = std::complex<float>;
    const fixed_array<c, 2> z(c(3, 4), c(0, 1));
    EXPECT_EQ(fixed::abs(z), (fixed_array<float, 2>(5, 1)));
}

TEST(fixed_array, takes_views_in_place_whatever_their_strides) {
    std::vector<double> memory{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const array_view<const double, extents<2, 3>> reversed(memory.data() + 11, extents<2, 3>(), {-6, -2});
    EXPECT_EQ(fixed::copy_of(reversed), mat23(11, 9, 7, 5, 3, 1));
    EXPECT_EQ(fixed::sum<0>(reversed), vec3(16, 12, 8));
    EXPECT_EQ(reversed + vec3(1, 2, 3), mat23(12, 11, 10, 6, 5, 4));
    EXPECT_EQ((fixed::reshape<3, 2>(reversed)(2, 1)), 1);
    // A view writes through.
    mat23 m;
    const auto v = m.view();
    v(1, 2) = 5;
    EXPECT_EQ(m(1, 2), 5);
    EXPECT_EQ((view_as<double, 2, 3>(as_any(v)).data_handle()), m.data());
    EXPECT_EQ(span_of(v).size(), 6U);
}

#ifndef NDEBUG
TEST(fixed_array, checks_indices_in_debug_builds) {
    mat23 m;
    try {
        m(0, 3) = 1;
        FAIL() << "nothing was thrown";
    } catch (const index_error& e) {
        EXPECT_STREQ(e.what(), "fixed_array: index (0, 3) is out of bounds of shape (2, 3)");
    }
}
#endif

}  // namespace
