// Derivatives of functions of fixed arrays, by dual numbers: forward mode, on the stack. The function is generic in its
// element type:
//     const auto f = [](const auto& x) { return x[0] * sin(x[1]); };
//     fixed::gradient(f, fixed_array<double, 2>(1, 2));
#pragma once

#include <cstddef>
#include <utility>

#include "tessera/fixed/dual.hpp"
#include "tessera/fixed/fixed_array.hpp"

namespace tessera::fixed {

namespace detail {

// x with direction i along its i-th element.
template <class T, std::size_t... E> constexpr auto as_variables(const fixed_array<T, E...>& x) {
    constexpr std::size_t n = fixed_array<T, E...>::size();
    fixed_array<dual<T, n>, E...> out;
    for (std::size_t i = 0; i < n; ++i) out.data()[i] = dual<T, n>::variable(x.data()[i], i);
    return out;
}

template <class A, class B> struct joined_extents;
template <std::size_t... A, std::size_t... B> struct joined_extents<extents<A...>, extents<B...>> {
    using type = extents<A..., B...>;
};

}  // namespace detail

// f(x) and the derivative of f at x along v, each of f's shape.
template <class F, class T, std::size_t... E>
constexpr auto jvp(F&& f, const fixed_array<T, E...>& x, const fixed_array<T, E...>& v) {
    fixed_array<dual<T, 1>, E...> in;
    for (std::size_t i = 0; i < x.size(); ++i) in.data()[i] = dual<T, 1>(x.data()[i], {v.data()[i]});
    const auto y = f(in);
    if constexpr (operand<decltype(y)>) {
        fixed_array_of<T, extents_of<decltype(y)>> value, slope;
        for (std::size_t i = 0; i < y.size(); ++i) {
            value.data()[i] = y.data()[i].value();
            slope.data()[i] = y.data()[i].slope(0);
        }
        return std::pair(value, slope);
    } else {
        return std::pair(y.value(), y.slope(0));
    }
}

// f'(x) of a function of one number.
template <class F, class T>
    requires(!operand<T>)
constexpr T derivative(F&& f, const T& x) { return f(dual<T, 1>::variable(x, 0)).slope(0); }

// f(x), a number, and its gradient, of x's shape.
template <class F, class T, std::size_t... E>
constexpr std::pair<T, fixed_array<T, E...>> value_and_gradient(F&& f, const fixed_array<T, E...>& x) {
    const auto y = f(detail::as_variables(x));
    static_assert(!operand<decltype(y)>,
                  "gradient: f returns one number; jacobian is for functions that return an array");
    fixed_array<T, E...> out;
    for (std::size_t i = 0; i < x.size(); ++i) out.data()[i] = y.slope(i);
    return {y.value(), out};
}
template <class F, class T, std::size_t... E> constexpr auto gradient(F&& f, const fixed_array<T, E...>& x) {
    return value_and_gradient(f, x).second;
}

// d f_i / d x_j: f's shape, then x's.
template <class F, class T, std::size_t... E> constexpr auto jacobian(F&& f, const fixed_array<T, E...>& x) {
    const auto y = f(detail::as_variables(x));
    static_assert(operand<decltype(y)>,
                  "jacobian: f returns a fixed_array; gradient is for functions that return a number");
    using shape = typename detail::joined_extents<extents_of<decltype(y)>, extents<E...>>::type;
    fixed_array_of<T, shape> out;
    for (std::size_t i = 0; i < y.size(); ++i)
        for (std::size_t j = 0; j < x.size(); ++j) out.data()[i * x.size() + j] = y.data()[i].slope(j);
    return out;
}

// d^2 f / d x_i d x_j of a function that returns one number: x's shape twice.
template <class F, class T, std::size_t... E> constexpr auto hessian(F&& f, const fixed_array<T, E...>& x) {
    return jacobian([&f](const auto& at) { return gradient(f, at); }, x);
}

}  // namespace tessera::fixed
