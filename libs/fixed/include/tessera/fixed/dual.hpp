// Dual numbers: a value and its derivatives along N directions, carried through ordinary code; forward mode without
// allocation. dual<dual<double, 2>, 2> carries second derivatives.
//     dual<double, 1> x(3.0, {1.0});   auto y = x * sin(x);   y.slope(0)   is d y / d x
#pragma once

#include <array>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstddef>
#include <numbers>
#include <type_traits>

namespace tessera::fixed {

template <class T, std::size_t N> class dual;

namespace detail {
template <class T> struct scalar_of_dual { using type = T; };
template <class T, std::size_t N> struct scalar_of_dual<dual<T, N>> { using type = typename scalar_of_dual<T>::type; };
}  // namespace detail

// Comparisons look at values alone, so that control flow goes as it would without derivatives.
template <class T, std::size_t N = 1> class dual {
public:
    using value_type = T;
    using scalar = typename detail::scalar_of_dual<T>::type;  // below every level
    static constexpr std::size_t directions() { return N; }

    constexpr dual() = default;
    // A constant: its slopes are zero.
    template <class U>
        requires(std::convertible_to<U, T>)
    constexpr dual(const U& value) : value_(static_cast<T>(value)) {}
    constexpr dual(const T& value, const std::array<T, N>& slopes) : value_(value), slopes_(slopes) {}

    // The independent variable whose direction is `direction`.
    static constexpr dual variable(const T& value, std::size_t direction) {
        dual out(value);
        out.slopes_[direction] = T(1);
        return out;
    }

    constexpr const T& value() const { return value_; }
    constexpr const T& slope(std::size_t direction) const { return slopes_[direction]; }
    constexpr const std::array<T, N>& slopes() const { return slopes_; }

    // f(x) from f's value and slope at x: the chain rule.
    constexpr dual chain(const T& value, const T& derivative) const {
        dual out(value);
        for (std::size_t i = 0; i < N; ++i) out.slopes_[i] = derivative * slopes_[i];
        return out;
    }
    // f(a, b) likewise.
    static constexpr dual chain(const T& value, const dual& a, const T& by_a, const dual& b, const T& by_b) {
        dual out(value);
        for (std::size_t i = 0; i < N; ++i) out.slopes_[i] = by_a * a.slopes_[i] + by_b * b.slopes_[i];
        return out;
    }

    friend constexpr dual operator+(const dual& x) { return x; }
    friend constexpr dual operator-(const dual& x) { return x.chain(-x.value_, T(-1)); }
    friend constexpr dual operator+(const dual& a, const dual& b) {
        dual out(a.value_ + b.value_);
        for (std::size_t i = 0; i < N; ++i) out.slopes_[i] = a.slopes_[i] + b.slopes_[i];
        return out;
    }
    friend constexpr dual operator-(const dual& a, const dual& b) {
        dual out(a.value_ - b.value_);
        for (std::size_t i = 0; i < N; ++i) out.slopes_[i] = a.slopes_[i] - b.slopes_[i];
        return out;
    }
    friend constexpr dual operator*(const dual& a, const dual& b) {
        return chain(a.value_ * b.value_, a, b.value_, b, a.value_);
    }
    friend constexpr dual operator/(const dual& a, const dual& b) {
        const T inverse = T(1) / b.value_;
        const T quotient = a.value_ / b.value_;
        return chain(quotient, a, inverse, b, -quotient * inverse);
    }

    // With constants, whose slopes need no arithmetic.
    friend constexpr dual operator+(const dual& a, scalar b) { return {a.value_ + b, a.slopes_}; }
    friend constexpr dual operator+(scalar a, const dual& b) { return {a + b.value_, b.slopes_}; }
    friend constexpr dual operator-(const dual& a, scalar b) { return {a.value_ - b, a.slopes_}; }
    friend constexpr dual operator-(scalar a, const dual& b) { return b.chain(a - b.value_, T(-1)); }
    friend constexpr dual operator*(const dual& a, scalar b) { return a.chain(a.value_ * b, T(b)); }
    friend constexpr dual operator*(scalar a, const dual& b) { return b.chain(a * b.value_, T(a)); }
    friend constexpr dual operator/(const dual& a, scalar b) { return a.chain(a.value_ / b, T(1) / b); }
    friend constexpr dual operator/(scalar a, const dual& b) {
        const T quotient = a / b.value_;
        return b.chain(quotient, -quotient / b.value_);
    }

    constexpr dual& operator+=(const dual& b) { return *this = *this + b; }
    constexpr dual& operator-=(const dual& b) { return *this = *this - b; }
    constexpr dual& operator*=(const dual& b) { return *this = *this * b; }
    constexpr dual& operator/=(const dual& b) { return *this = *this / b; }

    friend constexpr bool operator==(const dual& a, const dual& b) { return a.value_ == b.value_; }
    friend constexpr auto operator<=>(const dual& a, const dual& b) { return a.value_ <=> b.value_; }
    friend constexpr bool operator==(const dual& a, scalar b) { return a.value_ == b; }
    friend constexpr auto operator<=>(const dual& a, scalar b) { return a.value_ <=> b; }

    // Functions. At a kink the slope is that of PyTorch: abs 0 at 0.
    friend dual abs(const dual& x) {
        using std::abs;
        const T slope = x.value_ == scalar(0) ? T(0) : x.value_ < scalar(0) ? T(-1) : T(1);
        return x.chain(abs(x.value_), slope);
    }
    friend dual sqrt(const dual& x) {
        using std::sqrt;
        const T root = sqrt(x.value_);
        return x.chain(root, scalar(0.5) / root);
    }
    friend dual exp(const dual& x) {
        using std::exp;
        const T y = exp(x.value_);
        return x.chain(y, y);
    }
    friend dual expm1(const dual& x) {
        using std::expm1;
        const T y = expm1(x.value_);
        return x.chain(y, y + scalar(1));
    }
    friend dual log(const dual& x) {
        using std::log;
        return x.chain(log(x.value_), T(1) / x.value_);
    }
    friend dual log1p(const dual& x) {
        using std::log1p;
        return x.chain(log1p(x.value_), T(1) / (x.value_ + scalar(1)));
    }
    friend dual sin(const dual& x) {
        using std::cos, std::sin;
        return x.chain(sin(x.value_), cos(x.value_));
    }
    friend dual cos(const dual& x) {
        using std::cos, std::sin;
        return x.chain(cos(x.value_), -sin(x.value_));
    }
    friend dual tan(const dual& x) {
        using std::tan;
        const T y = tan(x.value_);
        return x.chain(y, y * y + scalar(1));
    }
    friend dual atan(const dual& x) {
        using std::atan;
        return x.chain(atan(x.value_), T(1) / (x.value_ * x.value_ + scalar(1)));
    }
    friend dual sinh(const dual& x) {
        using std::cosh, std::sinh;
        return x.chain(sinh(x.value_), cosh(x.value_));
    }
    friend dual cosh(const dual& x) {
        using std::cosh, std::sinh;
        return x.chain(cosh(x.value_), sinh(x.value_));
    }
    friend dual tanh(const dual& x) {
        using std::tanh;
        const T y = tanh(x.value_);
        return x.chain(y, scalar(1) - y * y);
    }
    friend dual erf(const dual& x) {
        using std::erf, std::exp;
        return x.chain(erf(x.value_), exp(-(x.value_ * x.value_)) * (scalar(2) * std::numbers::inv_sqrtpi_v<scalar>));
    }
    friend dual atan2(const dual& y, const dual& x) {
        using std::atan2;
        const T square = x.value_ * x.value_ + y.value_ * y.value_;
        return chain(atan2(y.value_, x.value_), y, x.value_ / square, x, -y.value_ / square);
    }
    friend dual hypot(const dual& a, const dual& b) {
        using std::hypot;
        const T length = hypot(a.value_, b.value_);
        if (length == scalar(0)) return dual(length);
        return chain(length, a, a.value_ / length, b, b.value_ / length);
    }
    friend dual pow(const dual& x, scalar exponent) {
        using std::pow;
        if (exponent == scalar(0)) return dual(T(1));
        return x.chain(pow(x.value_, exponent), pow(x.value_, exponent - scalar(1)) * exponent);
    }
    friend dual pow(const dual& x, const dual& exponent) {
        using std::log, std::pow;
        const T y = pow(x.value_, exponent.value_);
        const T by_x =
            exponent.value_ == scalar(0) ? T(0) : exponent.value_ * pow(x.value_, exponent.value_ - scalar(1));
        const T by_exponent = x.value_ == scalar(0) ? T(0) : y * log(x.value_);
        return chain(y, x, by_x, exponent, by_exponent);
    }

private:
    T value_{};
    std::array<T, N> slopes_{};
};

}  // namespace tessera::fixed

namespace tessera {
using fixed::dual;
}  // namespace tessera
