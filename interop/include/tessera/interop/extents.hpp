// The sizes of a view's axes, each known at compile time or at run time, in the vocabulary of std::extents.
//     extents<3, dynamic_extent> e(100);     e.extent(0) == 3, e.extent(1) == 100
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

inline constexpr std::size_t dynamic_extent = std::dynamic_extent;

template <std::size_t... E> class extents {
public:
    using index_type = std::int64_t;

    static constexpr std::size_t rank() { return sizeof...(E); }
    static constexpr std::size_t rank_dynamic() { return (std::size_t{0} + ... + (E == dynamic_extent ? 1 : 0)); }
    static constexpr std::size_t static_extent(std::size_t axis) { return static_extents_[axis]; }

    // Static sizes; 0 for the dynamic ones.
    constexpr extents() {
        for (std::size_t i = 0; i < rank(); ++i) sizes_[i] = is_dynamic(i) ? 0 : fixed(i);
    }

    // The dynamic sizes alone, or all of them. Throws shape_error for negative sizes and those that contradict E.
    template <std::convertible_to<index_type>... Sizes>
        requires(sizeof...(Sizes) > 0 && (sizeof...(Sizes) == rank_dynamic() || sizeof...(Sizes) == rank()))
    constexpr explicit extents(Sizes... sizes)
        : extents(std::span<const index_type>(std::array{static_cast<index_type>(sizes)...})) {}

    constexpr explicit extents(std::span<const index_type> sizes) : extents() {
        if (sizes.size() != rank() && sizes.size() != rank_dynamic())
            throw shape_error(
                text("extents: ", rank(), " sizes or the ", rank_dynamic(), " dynamic ones, got ", sizes));
        std::size_t next = 0;
        for (std::size_t i = 0; i < rank(); ++i) {
            if (sizes.size() != rank() && !is_dynamic(i)) continue;
            const index_type size = sizes[next++];
            if (size < 0 || (!is_dynamic(i) && size != fixed(i)))
                throw shape_error(text("extents: sizes ", sizes, " do not fit ", *this));
            sizes_[i] = size;
        }
    }

    // From extents of the same rank with other axes static. Throws shape_error where they contradict E.
    template <std::size_t... Other>
        requires(sizeof...(Other) == sizeof...(E))
    constexpr explicit((... || (E != dynamic_extent && Other == dynamic_extent)))
        extents(const extents<Other...>& other)
        : extents(other.sizes()) {
        static_assert((... && (E == dynamic_extent || Other == dynamic_extent || E == Other)), "contradicting extents");
    }

    constexpr index_type extent(std::size_t axis) const { return is_dynamic(axis) ? sizes_[axis] : fixed(axis); }

    // All sizes, static ones included.
    constexpr std::span<const index_type> sizes() const { return {sizes_.data(), rank()}; }

    template <std::size_t... Other> friend constexpr bool operator==(const extents& a, const extents<Other...>& b) {
        if constexpr (sizeof...(E) != sizeof...(Other)) return false;
        for (std::size_t i = 0; i < rank(); ++i)
            if (a.extent(i) != b.extent(i)) return false;
        return true;
    }

private:
    static constexpr std::array<std::size_t, sizeof...(E) + 1> static_extents_{E..., 0};
    static constexpr bool is_dynamic(std::size_t axis) { return static_extents_[axis] == dynamic_extent; }
    static constexpr index_type fixed(std::size_t axis) { return static_cast<index_type>(static_extents_[axis]); }

    std::array<index_type, sizeof...(E)> sizes_{};
};

namespace detail {
template <class Rank> struct dynamic_extents;
template <std::size_t... I> struct dynamic_extents<std::index_sequence<I...>> {
    using type = extents<(static_cast<void>(I), dynamic_extent)...>;
};
}  // namespace detail

// Rank axes, all dynamic.
template <std::size_t Rank> using dextents = typename detail::dynamic_extents<std::make_index_sequence<Rank>>::type;

// "(3, *)": the static sizes, and * for the dynamic ones.
template <std::size_t... E> void append_text(std::string& out, const extents<E...>&) {
    out.append("(");
    std::size_t axis = 0;
    [[maybe_unused]] const auto one = [&](std::size_t size) {
        if (axis++ > 0) out.append(", ");
        if (size == dynamic_extent) {
            out.append("*");
        } else {
            append_text(out, size);
        }
    };
    (one(E), ...);
    out.append(sizeof...(E) == 1 ? ",)" : ")");
}

}  // namespace tessera
