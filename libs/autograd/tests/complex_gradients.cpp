// Complex numbers: cotangents pair by Re<ct, v>, so x -= rate * grad goes down.
#include "expect.hpp"

namespace tessera::autograd {

namespace {

using complex = std::complex<double>;
using unary_function = array (*)(const array&);

array points() { return array{complex(0.4, 0.7), complex(-0.9, 0.3), complex(0.2, -1.1)}; }
array others() { return array{complex(1.4, -0.2), complex(0.5, 0.6), complex(-0.7, 0.8)}; }

}  // namespace

TEST(complex_gradients, of_the_squared_modulus_is_twice_the_number) {  // L = |z|^2, dL/dRe + i dL/dIm = 2 z
    const array g = grad([](const array& z) { return sum(real(z * conj(z))); })(points());
    EXPECT_EQ(g.dtype(), c128);
    const auto got = g.to_vector<complex>(), z = points().to_vector<complex>();
    for (std::size_t i = 0; i < z.size(); ++i) EXPECT_LT(std::abs(got[i] - 2.0 * z[i]), 1e-15);
}

TEST(complex_gradients, of_the_real_part_is_one_and_of_the_imaginary_part_i) {
    EXPECT_EQ(grad([](const array& z) { return real(z); })(complex(2, 3)).item<complex>(), complex(1, 0));
    EXPECT_EQ(grad([](const array& z) { return imag(z); })(complex(2, 3)).item<complex>(), complex(0, 1));
}

TEST(complex_gradients, of_a_holomorphic_function_is_the_conjugate_slope) {  // L = Re z^2: 2 conj(z)
    const complex z(0.5, -2);
    const complex got = grad([](const array& x) { return real(x * x); })(z).item<complex>();
    EXPECT_LT(std::abs(got - 2.0 * std::conj(z)), 1e-15);
}

TEST(complex_gradients, step_downhill) {
    const auto loss = [](const array& z) { return sum(square(abs(z * z - others()))); };
    array z = points();
    double last = loss(z).item<double>();
    for (int i = 0; i < 20; ++i) {
        z = z - 0.01 * grad(loss)(z);
        const double now = loss(z).item<double>();
        EXPECT_LT(now, last);
        last = now;
    }
}

TEST(complex_gradients, of_real_inputs_to_complex_functions_are_real) {
    const auto f = [](const array& x) { return sum(real(astype(x, c128) * points())); };
    const array g = grad(f)(vec({1, 2, 3}));
    EXPECT_EQ(g.dtype(), f64);
    expect_values(g, {0.4, -0.9, 0.2});
}

TEST(complex_gradients, agree_with_differences_for_functions_of_one_array) {
    for (const unary_function f :
         {unary_function(positive), unary_function(negative), unary_function(abs), unary_function(sign),
          unary_function(square), unary_function(reciprocal), unary_function(sqrt), unary_function(exp),
          unary_function(log), unary_function(sin), unary_function(cos), unary_function(tanh), unary_function(conj),
          unary_function(real), unary_function(imag)})
        EXPECT_LT(check_gradients(f, points(), {.order = 2}), 1e-6);
}

TEST(complex_gradients, of_sign_are_zero_at_zero) {
    const array z{std::complex<double>(0, 0), std::complex<double>(3, 4)};
    const array one{std::complex<double>(1, 0), std::complex<double>(1, 0)};
    const auto tangent = jvp(sign, z, one).tangent.to_vector<std::complex<double>>();
    EXPECT_EQ(tangent[0], 0.0);
    EXPECT_NEAR(std::abs(tangent[1] - std::complex<double>(0.128, -0.096)), 0, 1e-15);
    const auto gradient = grad([](const array& x) { return sum(real(sign(x))); })(z).to_vector<std::complex<double>>();
    EXPECT_EQ(gradient[0], 0.0);
    const auto second = hvp([](const array& x) { return sum(real(sign(x))); }, z, one);
    EXPECT_EQ(second.to_vector<std::complex<double>>()[0], 0.0);
}

TEST(complex_gradients, agree_with_differences_for_the_rest) {
    const auto both = std::tuple{points(), others()};
    EXPECT_LT(check_gradients([](const array& a, const array& b) { return a * b / (a + b) - b; }, both, {.order = 2}),
              1e-6);
    const auto mixed = std::tuple{points(), vec({1, -2, 3})};
    EXPECT_LT(check_gradients([](const array& a, const array& x) { return a * x + x / a; }, mixed, {.order = 2}), 1e-6);
    EXPECT_LT(check_gradients(
                  [](const array& z) {
                      return std::vector{sum(z * z), mean(z * z), prod(z)};
                  },
                  points(), {.order = 2}),
              1e-6);
    EXPECT_LT(check_gradients([](const array& z) { return where(real(z) > 0.0, z * z, 1.0); }, points()), 1e-6);
}

}  // namespace tessera::autograd
