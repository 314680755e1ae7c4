// Elements as unsigned numbers in the order that sorting keeps: NaN last whichever way, zeros of both signs equal.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "tessera/dtype/types.hpp"

namespace tessera::cpu_kernels {

template <class T>
using order_key =
    std::conditional_t<sizeof(T) == 1, std::uint8_t,
                       std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                          std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

template <class T> constexpr order_key<T> top_bit = static_cast<order_key<T>>(order_key<T>{1} << (8 * sizeof(T) - 1));
template <class T> constexpr order_key<T> key_of_nan = std::numeric_limits<order_key<T>>::max();

template <class T> order_key<T> key_of(T x, bool descending) {
    using Key = order_key<T>;
    Key key{};
    if constexpr (std::is_integral_v<T>) {
        key = static_cast<Key>(x);
        if constexpr (std::is_signed_v<T>) key = static_cast<Key>(key ^ top_bit<T>);
    } else {
        const auto wide = cast_to<compute_type<T>>(x);
        if (wide != wide) return key_of_nan<T>;
        const Key bits = wide == 0 ? Key{0} : std::bit_cast<Key>(x);
        key = (bits & top_bit<T>) != 0 ? static_cast<Key>(~bits) : static_cast<Key>(bits | top_bit<T>);
    }
    return descending ? static_cast<Key>(~key) : key;
}

// An element with that key.
template <class T> T element_of(order_key<T> key, bool descending) {
    using Key = order_key<T>;
    if constexpr (std::is_integral_v<T>) {
        if (descending) key = static_cast<Key>(~key);
        if constexpr (std::is_signed_v<T>) key = static_cast<Key>(key ^ top_bit<T>);
        return static_cast<T>(key);
    } else {
        if (key == key_of_nan<T>) return std::numeric_limits<T>::quiet_NaN();
        if (descending) key = static_cast<Key>(~key);
        const bool positive = (key & top_bit<T>) != 0;
        return std::bit_cast<T>(positive ? static_cast<Key>(key ^ top_bit<T>) : static_cast<Key>(~key));
    }
}

// Calls visit(std::type_identity<T>{}) for the dtypes that have an order; does nothing for complex ones.
template <class Visit> void with_ordered_type(dtype d, const Visit& visit) {
    with_type(d, [&](auto tag) {
        if constexpr (!is_complex_type<typename decltype(tag)::type>) visit(tag);
    });
}

}  // namespace tessera::cpu_kernels
