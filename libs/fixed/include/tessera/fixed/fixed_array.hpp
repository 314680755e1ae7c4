// Arrays whose shape is part of the type: on the stack, without allocation, shape errors at compile time.
//     fixed_array<double, 2, 3> a{{1, 2, 3}, {4, 5, 6}};   a(1, 2) == 6;   a + fixed_array<double, 3>(10, 20, 30);
// Every function of this library takes views with static extents as well, so elements that somebody else owns need no
// copy: fixed::sum<0>(view_as<const double, 4, 4>(x.view())).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::fixed {

namespace detail {
template <std::size_t... E> inline constexpr std::size_t product = (std::size_t{1} * ... * E);

template <class Extents> struct static_extents : std::false_type {};
template <std::size_t... E> struct static_extents<extents<E...>> : std::bool_constant<(... && (E != dynamic_extent))> {
    static constexpr std::array<std::size_t, sizeof...(E)> sizes{E...};
    static constexpr std::size_t count = product<E...>;
};

template <class T, class Extents> struct array_of_extents;
}  // namespace detail

// Row-major; E are the sizes of the axes, none for a single value. T is any regular type with the arithmetic that is
// used: floating-point, integer and complex numbers, duals, a user's own.
template <class T, std::size_t... E> class fixed_array {
    static_assert((... && (E != dynamic_extent)), "fixed_array: every size is known at compile time");

public:
    using value_type = T;
    using extents_type = tessera::extents<E...>;

    static constexpr std::size_t rank() { return sizeof...(E); }
    static constexpr std::size_t size() { return detail::product<E...>; }
    static constexpr std::size_t extent(std::size_t axis) { return detail::static_extents<extents_type>::sizes[axis]; }

    // Zeros.
    constexpr fixed_array() = default;

    // Every element, in row-major order.
    template <class... Values>
        requires(sizeof...(Values) == size() && sizeof...(Values) > 0 && (... && std::convertible_to<Values, T>))
    constexpr explicit(sizeof...(Values) == 1 && rank() > 0) fixed_array(const Values&... values)
        : elements_{static_cast<T>(values)...} {}

    // Row by row, for rank 2: {{1, 2}, {3, 4}}. The number and the length of the rows are checked by the compiler.
    template <std::size_t... Lengths>
        requires(rank() == 2 && sizeof...(Lengths) == extent(0) && (... && (Lengths == extent(1))))
    constexpr fixed_array(const T (&... rows)[Lengths]) {
        T* to = elements_.data();
        const auto append = [&to](const auto& row) {
            for (const T& value : row) *to++ = value;
        };
        (append(rows), ...);
    }

    // A copy of what a view shows.
    template <class U>
        requires(std::same_as<std::remove_const_t<U>, T>)
    constexpr explicit fixed_array(const array_view<U, extents_type>& v) {
        for (std::size_t i = 0; i < size(); ++i) elements_[i] = v.data_handle()[offset_in(v, i)];
    }

    // All elements the same.
    static constexpr fixed_array filled(const T& value) {
        fixed_array out;
        out.elements_.fill(value);
        return out;
    }

    // Throws index_error in debug builds (no NDEBUG) when an index is out of bounds.
    template <std::convertible_to<std::int64_t>... Indices>
        requires(sizeof...(Indices) == sizeof...(E))
    constexpr T& operator()(Indices... indices) { return elements_[flat(indices...)]; }
    template <std::convertible_to<std::int64_t>... Indices>
        requires(sizeof...(Indices) == sizeof...(E))
    constexpr const T& operator()(Indices... indices) const { return elements_[flat(indices...)]; }

    constexpr T& operator[](std::size_t i) requires(rank() == 1) { return (*this)(i); }
    constexpr const T& operator[](std::size_t i) const requires(rank() == 1) { return (*this)(i); }

    constexpr T* data() { return elements_.data(); }
    constexpr const T* data() const { return elements_.data(); }
    constexpr T* begin() { return data(); }
    constexpr T* end() { return data() + size(); }
    constexpr const T* begin() const { return data(); }
    constexpr const T* end() const { return data() + size(); }

    // The elements in place, valid as long as this array is; as_any and borrow of component array take it from there.
    constexpr array_view<T, extents_type> view() & { return {data(), extents_type()}; }
    constexpr array_view<const T, extents_type> view() const& { return {data(), extents_type()}; }
    constexpr array_view<const T, extents_type> view() const&& = delete;

    friend constexpr bool operator==(const fixed_array&, const fixed_array&) = default;

private:
    template <class... Indices> static constexpr std::size_t flat([[maybe_unused]] Indices... indices) {
        [[maybe_unused]] std::size_t axis = 0;
        std::size_t at = 0;
        ((at = at * extent(axis++) + static_cast<std::size_t>(indices)), ...);
#ifndef NDEBUG
        axis = 0;
        const bool inside = (... && (static_cast<std::size_t>(indices) < extent(axis++)));
        if (!inside) {
            const std::array<std::int64_t, sizeof...(E)> all{static_cast<std::int64_t>(indices)...};
            throw index_error(text("fixed_array: index ", std::span<const std::int64_t>(all),
                                   " is out of bounds of shape ", extents_type()));
        }
#endif
        return at;
    }

    template <class View> static constexpr std::int64_t offset_in(const View& v, std::size_t i) {
        std::int64_t offset = 0;
        for (std::size_t axis = rank(); axis-- > 0; i /= extent(axis))
            offset += static_cast<std::int64_t>(i % extent(axis)) * v.stride(axis);
        return offset;
    }

    std::array<T, size()> elements_{};
};

// What the functions of this library take: a fixed_array, or a view whose extents are all static.
template <class X> struct operand_traits : std::false_type {};
template <class T, std::size_t... E> struct operand_traits<fixed_array<T, E...>> : std::true_type {
    using value_type = T;
    using extents = tessera::extents<E...>;
};
template <class T, std::size_t... E>
    requires(... && (E != dynamic_extent))
struct operand_traits<array_view<T, tessera::extents<E...>>> : std::true_type {
    using value_type = std::remove_const_t<T>;
    using extents = tessera::extents<E...>;
};

template <class X>
concept operand = operand_traits<std::remove_cvref_t<X>>::value;
template <operand X> using value_type_of = typename operand_traits<std::remove_cvref_t<X>>::value_type;
template <operand X> using extents_of = typename operand_traits<std::remove_cvref_t<X>>::extents;
template <operand X> inline constexpr std::size_t rank_of = extents_of<X>::rank();
template <operand X, std::size_t Axis> inline constexpr std::size_t size_of = extents_of<X>::static_extent(Axis);

namespace detail {
template <class T, std::size_t... E> struct array_of_extents<T, extents<E...>> { using type = fixed_array<T, E...>; };

// extents<sizes[0], sizes[1], ...> of a constexpr array.
template <const auto& Sizes, class Axes = std::make_index_sequence<Sizes.size()>> struct extents_from;
template <const auto& Sizes, std::size_t... I> struct extents_from<Sizes, std::index_sequence<I...>> {
    using type = extents<Sizes[I]...>;
};

template <class T, std::size_t... E> constexpr const T* elements(const fixed_array<T, E...>& x) { return x.data(); }
template <class T, class Extents> constexpr const T* elements(const array_view<T, Extents>& x) {
    return x.data_handle();
}

// Strides of axis `axis`, constants for a fixed_array.
template <class T, std::size_t... E> constexpr std::ptrdiff_t stride_of(const fixed_array<T, E...>&, std::size_t axis) {
    std::size_t step = 1;
    for (std::size_t i = sizeof...(E); i-- > axis + 1;) step *= fixed_array<T, E...>::extent(i);
    return static_cast<std::ptrdiff_t>(step);
}
template <class T, class Extents>
constexpr std::ptrdiff_t stride_of(const array_view<T, Extents>& x, std::size_t axis) {
    return x.stride(axis);
}
}  // namespace detail

template <class T, class Extents> using fixed_array_of = typename detail::array_of_extents<T, Extents>::type;

// fixed_array x = copy_of(view).
template <operand X> constexpr auto copy_of(const X& x) { return fixed_array_of<value_type_of<X>, extents_of<X>>(x); }

// The same elements with other sizes; their product stays.
template <std::size_t... E, operand X>
    requires(detail::product<E...> == detail::static_extents<extents_of<X>>::count)
constexpr auto reshape(const X& x) {
    const auto from = copy_of(x);
    fixed_array<value_type_of<X>, E...> out;
    for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] = from.data()[i];
    return out;
}

}  // namespace tessera::fixed

namespace tessera {
using fixed::fixed_array;
}  // namespace tessera
