// exp, log, sin, cos and tanh of complex numbers against long double, and their special values.
#include <gtest/gtest.h>

#include "sample.hpp"

namespace tessera::simd::testing {
namespace {

using exact = std::complex<long double>;

struct function_case {
    scalar_code code;
    exact (*value)(const exact&);
};

constexpr function_case functions[] = {
    {scalar_code::exp, [](const exact& z) { return std::exp(z); }},
    {scalar_code::log, [](const exact& z) { return std::log(z); }},
    {scalar_code::sin, [](const exact& z) { return std::sin(z); }},
    {scalar_code::cos, [](const exact& z) { return std::cos(z); }},
    {scalar_code::tanh, [](const exact& z) { return std::tanh(z); }},
};

// Numbers of the size that the oracles use, larger ones, and ones near the unit circle.
template <class R> std::complex<R> argument(std::size_t i, std::mt19937_64& random) {
    const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-52 - 1; };
    const double a = unit(), b = unit();
    switch (i % 3) {
    case 0: return {static_cast<R>(3 * a), static_cast<R>(3 * b)};
    case 1: return {static_cast<R>(30 * a), static_cast<R>(30 * b)};
    default:
        return {static_cast<R>(std::cos(3 * a) * (1 + 1e-4 * b)), static_cast<R>(std::sin(3 * a) * (1 + 1e-4 * b))};
    }
}

template <class R> void expect_within(const function_case& f, std::string_view target) {
    constexpr std::size_t n = 20000;
    std::vector<std::complex<R>> z(n), y(n);
    std::mt19937_64 random(5);
    for (std::size_t i = 0; i < n; ++i) z[i] = argument<R>(i, random);
    const operand in{z.data(), 1};
    find_loop(f.code, dtype_of<std::complex<R>>)(y.data(), 1, &in, n);
    long double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const exact want = f.value(exact(z[i].real(), z[i].imag()));
        const long double error = std::abs(exact(y[i].real(), y[i].imag()) - want) / std::abs(want);
        if (!(error <= worst)) worst = error, at = i;
    }
    EXPECT_LE(worst, 8 * std::numeric_limits<R>::epsilon())
        << name(f.code) << z[at] << " on " << target << " gives " << y[at];
}

TEST(complex_functions, are_within_8_epsilon_of_the_modulus) {
    for_each_target([](std::string_view target) {
        for (const function_case& f : functions) {
            expect_within<float>(f, target);
            expect_within<double>(f, target);
        }
    });
}

template <class R> std::complex<R> apply(scalar_code code, std::complex<R> z) {
    std::complex<R> y;
    const operand in{&z, 1};
    find_loop(code, dtype_of<std::complex<R>>)(&y, 1, &in, 1);
    return y;
}

template <class T> class complex_special_values : public ::testing::Test {};
using floats = ::testing::Types<float, double>;
TYPED_TEST_SUITE(complex_special_values, floats);

// A zero must have its sign; where the expected part is NaN, anything goes (C leaves most such signs and parts open).
template <class R> void expect_parts(std::complex<R> got, R re, R im, const char* what) {
    EXPECT_TRUE(same_value(got.real(), re) || re != re) << what << " gives " << got;
    EXPECT_TRUE(same_value(got.imag(), im) || im != im) << what << " gives " << got;
}

TYPED_TEST(complex_special_values, follow_annex_G) {
    using R = TypeParam;
    using C = std::complex<R>;
    constexpr R inf = std::numeric_limits<R>::infinity(), nan = std::numeric_limits<R>::quiet_NaN();
    const R pi = std::acos(R{-1});
    for_each_target([&](std::string_view target) {
        SCOPED_TRACE(target);
        expect_parts(apply(scalar_code::exp, C(0, 0)), R{1}, R{0}, "exp(0 + 0i)");
        expect_parts(apply(scalar_code::exp, C(0, -R{0})), R{1}, -R{0}, "exp(0 - 0i)");
        expect_parts(apply(scalar_code::exp, C(inf, 0)), inf, R{0}, "exp(inf + 0i)");
        expect_parts(apply(scalar_code::exp, C(-inf, 1)), R{0}, R{0}, "exp(-inf + i)");
        expect_parts(apply(scalar_code::exp, C(inf, 2)), -inf, inf, "exp(inf + 2i)");
        expect_parts(apply(scalar_code::exp, C(nan, 0)), nan, R{0}, "exp(nan + 0i)");
        expect_parts(apply(scalar_code::exp, C(inf, inf)), inf, nan, "exp(inf + inf i)");

        expect_parts(apply(scalar_code::log, C(0, 0)), -inf, R{0}, "log(0 + 0i)");
        expect_parts(apply(scalar_code::log, C(-R{0}, 0)), -inf, pi, "log(-0 + 0i)");
        expect_parts(apply(scalar_code::log, C(-R{0}, -R{0})), -inf, -pi, "log(-0 - 0i)");
        expect_parts(apply(scalar_code::log, C(-1, 0)), R{0}, pi, "log(-1 + 0i)");
        expect_parts(apply(scalar_code::log, C(inf, inf)), inf, pi / 4, "log(inf + inf i)");
        expect_parts(apply(scalar_code::log, C(-inf, 1)), inf, pi, "log(-inf + i)");
        expect_parts(apply(scalar_code::log, C(inf, nan)), inf, nan, "log(inf + nan i)");
        expect_parts(apply(scalar_code::log, C(nan, -inf)), inf, nan, "log(nan - inf i)");

        expect_parts(apply(scalar_code::sin, C(0, inf)), R{0}, inf, "sin(0 + inf i)");
        expect_parts(apply(scalar_code::sin, C(-R{0}, 0)), -R{0}, R{0}, "sin(-0 + 0i)");
        expect_parts(apply(scalar_code::sin, C(1, -inf)), inf, -inf, "sin(1 - inf i)");
        expect_parts(apply(scalar_code::cos, C(0, inf)), inf, -R{0}, "cos(0 + inf i)");
        expect_parts(apply(scalar_code::cos, C(1, inf)), inf, -inf, "cos(1 + inf i)");

        expect_parts(apply(scalar_code::tanh, C(0, 0)), R{0}, R{0}, "tanh(0 + 0i)");
        expect_parts(apply(scalar_code::tanh, C(-R{0}, -R{0})), -R{0}, -R{0}, "tanh(-0 - 0i)");
        expect_parts(apply(scalar_code::tanh, C(inf, 1)), R{1}, R{0}, "tanh(inf + i)");
        expect_parts(apply(scalar_code::tanh, C(-inf, 1)), R{-1}, R{0}, "tanh(-inf + i)");
        expect_parts(apply(scalar_code::tanh, C(nan, 0)), nan, R{0}, "tanh(nan + 0i)");
        for (const function_case& f : functions) {
            const C y = apply(f.code, C(nan, nan));
            EXPECT_TRUE(y.real() != y.real() && y.imag() != y.imag()) << name(f.code) << "(nan + nan i) gives " << y;
        }
    });
}

TYPED_TEST(complex_special_values, do_not_overflow_before_the_result_does) {
    using R = TypeParam;
    using C = std::complex<R>;
    const R x = sizeof(R) == 4 ? R{89} : R{710};  // exp(x) overflows; its product with a small factor does not
    const R small = R{1e-3F};
    for_each_target([&](std::string_view target) {
        SCOPED_TRACE(target);
        const R expected =
            static_cast<R>(std::exp(static_cast<long double>(x)) * std::sin(static_cast<long double>(small)));
        EXPECT_NEAR(apply(scalar_code::exp, C(x, small)).imag() / expected, 1, 10 * std::numeric_limits<R>::epsilon());
        EXPECT_NEAR(apply(scalar_code::sin, C(small, x)).real() / (expected / 2), 1,
                    10 * std::numeric_limits<R>::epsilon());
        const R largest = std::numeric_limits<R>::max();
        EXPECT_NEAR(apply(scalar_code::log, C(largest, largest)).imag(), std::atan(R{1}), R{1e-6F});
    });
}

}  // namespace
}  // namespace tessera::simd::testing
