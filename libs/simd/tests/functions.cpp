// Functions of one variable against long double, and their special values.
#include <gtest/gtest.h>

#include <numbers>

#include "sample.hpp"

namespace tessera::simd::testing {
namespace {

struct function_case {
    scalar_code code;
    long double (*exact)(long double);
    double bound_f32, bound_f64;  // ulp
};

// The bounds of tessera/simd/loops.hpp.
constexpr function_case functions[] = {
    {scalar_code::exp, [](long double x) { return std::exp(x); }, 1.5, 1.5},
    {scalar_code::log, [](long double x) { return std::log(x); }, 1.5, 1.5},
    {scalar_code::sin, [](long double x) { return std::sin(x); }, 2.5, 2.5},
    {scalar_code::cos, [](long double x) { return std::cos(x); }, 2.5, 2.5},
    {scalar_code::tanh, [](long double x) { return std::tanh(x); }, 2.0, 2.0},
    {scalar_code::expm1, [](long double x) { return std::expm1(x); }, 2.0, 2.0},
    {scalar_code::log1p, [](long double x) { return std::log1p(x); }, 2.5, 2.5},
    {scalar_code::atan, [](long double x) { return std::atan(x); }, 2.0, 2.0},
    {scalar_code::erf, [](long double x) { return std::erf(x); }, 2.0, 2.0},
    {scalar_code::erfc, [](long double x) { return std::erfc(x); }, 4.0, 6.0},
    {scalar_code::sigmoid, [](long double x) { return 1 / (1 + std::exp(-x)); }, 3.0, 3.0},
    {scalar_code::softplus, [](long double x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))); }, 4.0,
     4.0},
    {scalar_code::exp2, [](long double x) { return std::exp2(x); }, 4.0, 4.0},
    {scalar_code::log2, [](long double x) { return std::log2(x); }, 4.0, 4.0},
    {scalar_code::log10, [](long double x) { return std::log10(x); }, 4.0, 4.0},
    {scalar_code::tan, [](long double x) { return std::tan(x); }, 4.0, 4.0},
    {scalar_code::asin, [](long double x) { return std::asin(x); }, 4.0, 4.0},
    {scalar_code::acos, [](long double x) { return std::acos(x); }, 4.0, 4.0},
    {scalar_code::sinh, [](long double x) { return std::sinh(x); }, 4.0, 4.0},
    {scalar_code::cosh, [](long double x) { return std::cosh(x); }, 4.0, 4.0},
    {scalar_code::asinh, [](long double x) { return std::asinh(x); }, 4.0, 4.0},
    {scalar_code::acosh, [](long double x) { return std::acosh(x); }, 4.0, 4.0},
    {scalar_code::atanh, [](long double x) { return std::atanh(x); }, 4.0, 4.0},
    {scalar_code::cbrt, [](long double x) { return std::cbrt(x); }, 4.0, 4.0},
    {scalar_code::exp10, [](long double x) { return std::pow(10.0L, x); }, 4.0, 4.0},
};

// Any bit pattern; then where each function works: moderate numbers, numbers near 1, neighbours of multiples of pi/2,
// the ends of exp's range.
template <class T> T argument(std::size_t i, std::mt19937_64& random) {
    const std::uint64_t bits = random();
    const double unit = static_cast<double>(bits >> 11) * 0x1p-52 - 1;
    switch (i % 6) {
    case 0: {
        T any;
        std::memcpy(&any, &bits, sizeof any);
        return any;
    }
    case 1: return static_cast<T>(unit * 10);
    case 2: return static_cast<T>(1 + unit / 4);
    case 3: {
        const auto turns = static_cast<double>(bits % (1U << 20 >> bits % 20));
        const T x = static_cast<T>(turns * (std::numbers::pi / 2));
        return (bits & 1U << 30) != 0 ? std::nextafter(x, T{0}) : x;
    }
    case 4: return static_cast<T>(unit * (sizeof(T) == 4 ? 105 : 750));
    default: return static_cast<T>(unit * 1e6);
    }
}

template <class T> void expect_within(const function_case& f, double bound, std::string_view target) {
    constexpr std::size_t n = 60000;
    std::vector<T> x(n), y(n);
    std::mt19937_64 random(11);
    for (std::size_t i = 0; i < n; ++i) x[i] = argument<T>(i, random);
    const operand in{x.data(), 1};
    find_loop(f.code, dtype_of<T>)(y.data(), 1, &in, n);
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double error = ulps(y[i], f.exact(static_cast<long double>(x[i])));
        if (error > worst) worst = error, at = i;
    }
    EXPECT_LE(worst, bound) << name(f.code) << "(" << x[at] << ") of " << name(dtype_of<T>) << " on " << target
                            << " gives " << y[at];
}

TEST(functions, stay_within_their_bounds_over_the_whole_range) {
    for_each_target([](std::string_view target) {
        for (const function_case& f : functions) {
            expect_within<float>(f, f.bound_f32, target);
            expect_within<double>(f, f.bound_f64, target);
        }
    });
}

template <class T> T apply(scalar_code code, T x) {
    T y;
    const operand in{&x, 1};
    find_loop(code, dtype_of<T>)(&y, 1, &in, 1);
    return y;
}

template <class T> class special_values : public ::testing::Test {};
using floats = ::testing::Types<float, double>;
TYPED_TEST_SUITE(special_values, floats);

TYPED_TEST(special_values, are_those_of_C) {
    using T = TypeParam;
    using enum scalar_code;
    constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
    for_each_target([&](std::string_view target) {
        SCOPED_TRACE(target);
        for (const function_case& f : functions) EXPECT_TRUE(std::isnan(apply(f.code, nan))) << name(f.code);

        EXPECT_TRUE(same_value(apply(scalar_code::exp, T{0}), T{1}));
        EXPECT_TRUE(same_value(apply(scalar_code::exp, infinity), infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::exp, -infinity), T{0}));
        EXPECT_TRUE(same_value(apply(scalar_code::exp, T{800}), infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::exp, T{-800}), T{0}));

        EXPECT_TRUE(same_value(apply(scalar_code::log, T{1}), T{0}));
        EXPECT_TRUE(same_value(apply(scalar_code::log, T{0}), -infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::log, -T{0}), -infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::log, infinity), infinity));
        EXPECT_TRUE(std::isnan(apply(scalar_code::log, T{-1})));
        EXPECT_TRUE(std::isnan(apply(scalar_code::log, -infinity)));
        EXPECT_TRUE(std::isnan(apply(scalar_code::log, -std::numeric_limits<T>::denorm_min())));

        EXPECT_TRUE(same_value(apply(scalar_code::sin, -T{0}), -T{0}));
        EXPECT_TRUE(same_value(apply(scalar_code::sin, T{0}), T{0}));
        EXPECT_TRUE(same_value(apply(scalar_code::cos, -T{0}), T{1}));
        EXPECT_TRUE(std::isnan(apply(scalar_code::sin, infinity)));
        EXPECT_TRUE(std::isnan(apply(scalar_code::cos, -infinity)));

        EXPECT_TRUE(same_value(apply(scalar_code::tanh, -T{0}), -T{0}));
        EXPECT_TRUE(same_value(apply(scalar_code::tanh, infinity), T{1}));
        EXPECT_TRUE(same_value(apply(scalar_code::tanh, -infinity), T{-1}));
        for (const scalar_code odd : {scalar_code::expm1, scalar_code::log1p, scalar_code::atan, scalar_code::erf}) {
            SCOPED_TRACE(name(odd));
            for (const T zero : {T{0}, -T{0}, std::numeric_limits<T>::denorm_min() * 64})
                EXPECT_TRUE(odd == scalar_code::erf && zero != 0 ? true : same_value(apply(odd, zero), zero));
        }
        EXPECT_TRUE(same_value(apply(scalar_code::expm1, -infinity), T{-1}));
        EXPECT_TRUE(same_value(apply(scalar_code::expm1, infinity), infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::log1p, T{-1}), -infinity));
        EXPECT_TRUE(same_value(apply(scalar_code::log1p, infinity), infinity));
        EXPECT_TRUE(std::isnan(apply(scalar_code::log1p, T{-2})));
        EXPECT_TRUE(same_value(apply(scalar_code::atan, infinity), static_cast<T>(std::numbers::pi / 2)));
        EXPECT_TRUE(same_value(apply(scalar_code::erf, -infinity), T{-1}));
        EXPECT_TRUE(same_value(apply(scalar_code::erfc, -infinity), T{2}));
        EXPECT_TRUE(same_value(apply(sigmoid, -infinity), T{0}));
        EXPECT_TRUE(same_value(apply(sigmoid, infinity), T{1}));
        EXPECT_TRUE(same_value(apply(softplus, -infinity), T{0}));
        EXPECT_TRUE(same_value(apply(softplus, infinity), infinity));

        const T tiny = std::numeric_limits<T>::denorm_min();
        EXPECT_TRUE(same_value(apply(scalar_code::tanh, tiny), tiny));
        EXPECT_TRUE(same_value(apply(scalar_code::sin, tiny), tiny));
    });
}

TEST(functions, never_leave_the_range_of_tanh) {
    for_each_target([](std::string_view target) {
        for (float x = 1; x < 20; x += 1.0F / 1024) {
            EXPECT_LE(apply(scalar_code::tanh, x), 1.0F) << x << " on " << target;
            EXPECT_LE(apply(scalar_code::tanh, double{x}), 1.0) << x << " on " << target;
        }
    });
}

}  // namespace
}  // namespace tessera::simd::testing
