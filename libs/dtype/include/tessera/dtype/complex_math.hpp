// Complex arithmetic with the formulas that every Tessera component and device uses. std::complex's operators are not
// used because their handling of infinities (C Annex G) differs from NumPy's and forbids vectorisation.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "tessera/dtype/narrow_floats.hpp"

namespace tessera {

// (a + bi)(c + di) = (ac - bd) + (ad + bc)i, as written.
template <class R>
[[gnu::always_inline]] constexpr std::complex<R> complex_multiply(std::complex<R> x, std::complex<R> y) {
    return {x.real() * y.real() - x.imag() * y.imag(), x.real() * y.imag() + x.imag() * y.real()};
}

// Smith's division: scaled by the larger part of the divisor, so that it overflows only where the quotient does.
// R. L. Smith, Algorithm 116, CACM 5 (1962). A zero divisor gives each part divided by zero.
template <class R> constexpr std::complex<R> complex_divide(std::complex<R> x, std::complex<R> y) {
    const R a = x.real(), b = x.imag(), c = y.real(), d = y.imag();
    if (c == 0 && d == 0) return {a / std::abs(c), b / std::abs(c)};
    if (std::abs(c) >= std::abs(d)) {
        const R ratio = d / c;
        const R scale = R{1} / (c + d * ratio);
        return {(a + b * ratio) * scale, (b - a * ratio) * scale};
    }
    const R ratio = c / d;
    const R scale = R{1} / (d + c * ratio);
    return {(a * ratio + b) * scale, (b * ratio - a) * scale};
}

// The modulus, without overflow or underflow on the way; infinity when either part is infinite, even beside a NaN.
constexpr float complex_abs(std::complex<float> z) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    if (std::abs(z.real()) == infinity || std::abs(z.imag()) == infinity) return infinity;
    const double re = z.real(), im = z.imag();
    return static_cast<float>(std::sqrt(re * re + im * im));  // neither the squares nor their sum leave double's range
}

constexpr double complex_abs(std::complex<double> z) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double re = std::abs(z.real()), im = std::abs(z.imag());
    if (re == infinity || im == infinity) return infinity;
    const double larger = re > im ? re : im;
    const int exponent = larger > 0x1p+510 ? -600 : larger < 0x1p-450 ? 600 : 0;
    const double scale = detail::power_of_two<double>(exponent);
    const double x = re * scale, y = im * scale;
    return std::sqrt(x * x + y * y) * detail::power_of_two<double>(-exponent);
}

// z / |z|: the point of the unit circle in z's direction; 0 for 0. One infinite part gives that axis, two give NaN.
template <class R> constexpr std::complex<R> complex_sign(std::complex<R> z) {
    constexpr R infinity = std::numeric_limits<R>::infinity();
    constexpr R nan = std::numeric_limits<R>::quiet_NaN();
    const R re = std::abs(z.real()), im = std::abs(z.imag());
    if (re != re || im != im || (re == infinity && im == infinity)) return {nan, nan};
    if (re == infinity) return {z.real() > 0 ? R{1} : R{-1}, R{0}};
    if (im == infinity) return {R{0}, z.imag() > 0 ? R{1} : R{-1}};
    if (re == 0 && im == 0) return {R{0}, R{0}};
    // Brought near 1 first: the modulus of a finite z may overflow, or be too coarse a subnormal.
    constexpr R large = std::numeric_limits<R>::max() / 4, small = std::numeric_limits<R>::min() * 4;
    constexpr int digits = std::numeric_limits<R>::digits;
    const R larger = re > im ? re : im;
    const R scale = larger > large ? R{0.25} : larger < small ? detail::power_of_two<R>(2 * digits) : R{1};
    const std::complex<R> scaled(z.real() * scale, z.imag() * scale);
    const R modulus = complex_abs(scaled);
    return {scaled.real() / modulus, scaled.imag() / modulus};
}

// The root with a real part >= 0; the sign of the imaginary part is z's, also for zeros (C99 G.6.4.2).
// sqrt(x + iy) = t + i y / 2t with t = sqrt((x + |z|) / 2) for x >= 0, and mirrored for x < 0, where nothing cancels.
template <class R> constexpr std::complex<R> complex_sqrt(std::complex<R> z) {
    constexpr R infinity = std::numeric_limits<R>::infinity();
    R x = z.real(), y = z.imag();
    if (x == 0 && y == 0) return {R{0}, y};
    if (std::abs(y) == infinity) return {infinity, y};
    if (x != x) return {x, x};
    if (x == infinity) return {x, y == y ? std::copysign(R{0}, y) : y};
    if (x == -infinity) return {y == y ? R{0} : y, std::copysign(infinity, y)};
    if (y != y) return {y, y};
    // Powers of four, so that the root's scale is exact.
    R unscale = 1;
    const R larger = std::max(std::abs(x), std::abs(y));
    constexpr int digits = std::numeric_limits<R>::digits;
    if (larger > std::numeric_limits<R>::max() / 4) {
        x *= R{0.0625}, y *= R{0.0625}, unscale = 4;
    } else if (larger < std::numeric_limits<R>::min() * detail::power_of_two<R>(digits)) {
        constexpr R up = detail::power_of_two<R>(4 * (digits / 2));
        x *= up, y *= up, unscale = detail::power_of_two<R>(-2 * (digits / 2));
    }
    const R modulus = complex_abs(std::complex<R>(x, y));
    const R t = std::sqrt((std::abs(x) + modulus) * R{0.5});
    const R other = std::abs(y) / (t * 2);
    return x >= 0 ? std::complex<R>(t * unscale, std::copysign(other * unscale, y))
                  : std::complex<R>(other * unscale, std::copysign(t * unscale, y));
}

}  // namespace tessera
