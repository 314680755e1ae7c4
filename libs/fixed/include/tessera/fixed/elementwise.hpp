// Element-wise functions of fixed arrays, with NumPy's broadcasting decided by the compiler.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "tessera/fixed/fixed_array.hpp"

namespace tessera::fixed {

namespace detail {

// The sizes two shapes broadcast to, and whether they do.
template <std::size_t Rank> struct broadcast_result {
    std::array<std::size_t, Rank> sizes{};
    bool fits = true;
};
template <class A, class B> constexpr auto broadcast_sizes() {
    constexpr std::size_t rank = std::max(A::rank(), B::rank());
    broadcast_result<rank> out;
    for (std::size_t i = 0; i < rank; ++i) {  // from the last axis
        const std::size_t a = i < A::rank() ? A::static_extent(A::rank() - 1 - i) : 1;
        const std::size_t b = i < B::rank() ? B::static_extent(B::rank() - 1 - i) : 1;
        out.fits = out.fits && (a == b || a == 1 || b == 1);
        out.sizes[rank - 1 - i] = a == 1 ? b : a;
    }
    return out;
}
template <class A, class B> struct broadcast_pair {
    static constexpr auto result = broadcast_sizes<A, B>();
    static constexpr auto sizes = result.sizes;
    using type = typename extents_from<sizes>::type;
};
template <class... Extents> struct broadcast_all;
template <class A> struct broadcast_all<A> {
    using type = A;
    static constexpr bool fits = true;
};
template <class A, class B, class... Rest> struct broadcast_all<A, B, Rest...> {
    using first = broadcast_pair<A, B>;
    using rest = broadcast_all<typename first::type, Rest...>;
    using type = typename rest::type;
    static constexpr bool fits = first::result.fits && rest::fits;
};

}  // namespace detail

// Whether the shapes fit each other: from the last axis, sizes are equal or one of them is 1.
template <class... Extents>
concept broadcastable = detail::broadcast_all<Extents...>::fits;

template <class... Extents>
    requires broadcastable<Extents...>
using broadcast_extents = typename detail::broadcast_all<Extents...>::type;

namespace detail {

// Where an operand's elements lie for the indices of a broadcast result: 0 along repeated axes.
template <class Out, class X> struct cursor {
    static constexpr std::size_t rank = Out::rank();
    const value_type_of<X>* at;
    std::array<std::ptrdiff_t, rank> steps{};

    constexpr explicit cursor(const X& x) : at(elements(x)) {
        constexpr std::size_t missing = rank - rank_of<X>;
        for (std::size_t axis = 0; axis < rank_of<X>; ++axis)
            steps[missing + axis] = extents_of<X>::static_extent(axis) == 1 ? 0 : stride_of(x, axis);
    }
};

// Walks the result's elements in row-major order: nested loops of constant length.
template <class Out, std::size_t Axis, class T, class F, class... X>
constexpr void walk(T*& to, F& f, const std::array<std::ptrdiff_t, sizeof...(X)>& offsets,
                    const cursor<Out, X>&... in) {
    if constexpr (Axis == Out::rank()) {
        [&]<std::size_t... I>(std::index_sequence<I...>) { *to++ = f(in.at[offsets[I]]...); }
        (std::index_sequence_for<X...>{});
    } else {
        auto here = offsets;
        for (std::size_t i = 0; i < Out::static_extent(Axis); ++i) {
            walk<Out, Axis + 1>(to, f, here, in...);
            std::size_t k = 0;
            ((here[k++] += in.steps[Axis]), ...);
        }
    }
}

template <class X> inline constexpr bool is_dense = false;
template <class T, std::size_t... E> inline constexpr bool is_dense<fixed_array<T, E...>> = true;

}  // namespace detail

// f of the elements of arrays that broadcast: map(f, a, b)(i, j) == f(a(i, j), b(i, j)).
template <class F, operand... X>
    requires(sizeof...(X) > 0 && broadcastable<extents_of<X>...>)
constexpr auto map(F&& f, const X&... x) {
    using shape = broadcast_extents<extents_of<X>...>;
    using result = std::remove_cvref_t<decltype(f(std::declval<const value_type_of<X>&>()...))>;
    fixed_array_of<result, shape> out;
    if constexpr ((... && (detail::is_dense<X> && std::same_as<extents_of<X>, shape>))) {
        for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = f(x.data()[i]...);
    } else {
        result* to = out.data();
        detail::walk<shape, 0>(to, f, {}, detail::cursor<shape, X>(x)...);
    }
    return out;
}

template <std::size_t... E, operand X>
    requires(std::same_as<broadcast_extents<extents_of<X>, extents<E...>>, extents<E...>>)
constexpr auto broadcast_to(const X& x) {
    return map([](const auto& value, char) { return value; }, x, fixed_array<char, E...>());
}

namespace detail {
// A number beside an array.
template <class S, class T>
concept number_for = !operand<S> && std::convertible_to<S, T>;
}  // namespace detail

// Arithmetic and comparisons: array with array, array with number. A number takes the array's element type.
#define TESSERA_FIXED_BINARY(symbol)                                                                                   \
    template <operand A, operand B>                                                                                    \
        requires broadcastable<extents_of<A>, extents_of<B>>                                                           \
    constexpr auto operator symbol(const A& a, const B& b) {                                                           \
        return map([](const auto& x, const auto& y) { return x symbol y; }, a, b);                                     \
    }                                                                                                                  \
    template <operand A, detail::number_for<value_type_of<A>> S>                                                       \
    constexpr auto operator symbol(const A& a, const S& s) {                                                           \
        return map([y = static_cast<value_type_of<A>>(s)](const auto& x) { return x symbol y; }, a);                   \
    }                                                                                                                  \
    template <operand B, detail::number_for<value_type_of<B>> S>                                                       \
    constexpr auto operator symbol(const S& s, const B& b) {                                                           \
        return map([x = static_cast<value_type_of<B>>(s)](const auto& y) { return x symbol y; }, b);                   \
    }
TESSERA_FIXED_BINARY(+)
TESSERA_FIXED_BINARY(-)
TESSERA_FIXED_BINARY(*)
TESSERA_FIXED_BINARY(/)
TESSERA_FIXED_BINARY(<)
TESSERA_FIXED_BINARY(<=)
TESSERA_FIXED_BINARY(>)
TESSERA_FIXED_BINARY(>=)
#undef TESSERA_FIXED_BINARY

template <operand X> constexpr auto operator-(const X& x) {
    return map([](const auto& value) { return -value; }, x);
}

// In place; the other operand broadcasts to the left one's shape.
#define TESSERA_FIXED_COMPOUND(symbol)                                                                                 \
    template <class T, std::size_t... E, class B>                                                                      \
        requires requires(const fixed_array<T, E...>& a, const B& b) {                                                 \
            { a symbol b } -> std::same_as<fixed_array<T, E...>>;                                                      \
        }                                                                                                              \
    constexpr fixed_array<T, E...>& operator symbol##=(fixed_array<T, E...>& a, const B& b) { return a = a symbol b; }
TESSERA_FIXED_COMPOUND(+)
TESSERA_FIXED_COMPOUND(-)
TESSERA_FIXED_COMPOUND(*)
TESSERA_FIXED_COMPOUND(/)
#undef TESSERA_FIXED_COMPOUND

// The standard library's functions, or those found beside the element type (duals, a user's type).
#define TESSERA_FIXED_FUNCTION(name)                                                                                   \
    template <operand X> constexpr auto name(const X& x) {                                                             \
        return map(                                                                                                    \
            [](const auto& value) {                                                                                    \
                using std::name;                                                                                       \
                return name(value);                                                                                    \
            },                                                                                                         \
            x);                                                                                                        \
    }
TESSERA_FIXED_FUNCTION(abs)
TESSERA_FIXED_FUNCTION(sqrt)
TESSERA_FIXED_FUNCTION(exp)
TESSERA_FIXED_FUNCTION(expm1)
TESSERA_FIXED_FUNCTION(log)
TESSERA_FIXED_FUNCTION(log1p)
TESSERA_FIXED_FUNCTION(sin)
TESSERA_FIXED_FUNCTION(cos)
TESSERA_FIXED_FUNCTION(tan)
TESSERA_FIXED_FUNCTION(atan)
TESSERA_FIXED_FUNCTION(sinh)
TESSERA_FIXED_FUNCTION(cosh)
TESSERA_FIXED_FUNCTION(tanh)
TESSERA_FIXED_FUNCTION(erf)
#undef TESSERA_FIXED_FUNCTION

// NaN wins, as in component array.
template <operand A, operand B>
    requires broadcastable<extents_of<A>, extents_of<B>>
constexpr auto maximum(const A& a, const B& b) {
    return map([](const auto& x, const auto& y) { return x > y || x != x ? x : y; }, a, b);
}
template <operand A, operand B>
    requires broadcastable<extents_of<A>, extents_of<B>>
constexpr auto minimum(const A& a, const B& b) {
    return map([](const auto& x, const auto& y) { return x < y || x != x ? x : y; }, a, b);
}

// condition ? a : b, element by element; the condition holds bool.
template <operand C, operand A, operand B>
    requires(std::same_as<value_type_of<C>, bool>&& broadcastable<extents_of<C>, extents_of<A>, extents_of<B>>)
constexpr auto where(const C& condition, const A& a, const B& b) {
    return map([](bool c, const auto& x, const auto& y) { return c ? x : y; }, condition, a, b);
}

}  // namespace tessera::fixed
