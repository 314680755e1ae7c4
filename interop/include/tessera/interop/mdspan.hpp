// std::mdspan and views, without copies, where the standard library (or the reference implementation in
// std::experimental) has mdspan; elsewhere has_mdspan is false and nothing else is declared.
//     auto m = mdspan_of(view);      auto v = view_of(m);
#pragma once

#if __has_include(<version>)
#include <version>
#endif
#if defined(__cpp_lib_mdspan)
#include <mdspan>
#define TESSERA_MDSPAN_NAMESPACE ::std
#elif __has_include(<experimental/mdspan>)
#include <experimental/mdspan>
#define TESSERA_MDSPAN_NAMESPACE ::std::experimental
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

#if defined(TESSERA_MDSPAN_NAMESPACE)

inline constexpr bool has_mdspan = true;

// Throws view_mismatch when a stride is not positive or axes overlap: layout_stride has only distinct elements.
template <class T, std::size_t... E> auto mdspan_of(const array_view<T, extents<E...>>& v) {
    namespace md = TESSERA_MDSPAN_NAMESPACE;
    using shape = md::extents<std::int64_t, E...>;
    using mapping = md::layout_stride::mapping<shape>;
    std::array<std::int64_t, sizeof...(E)> sizes{};
    for (std::size_t i = 0; i < sizeof...(E); ++i) {
        sizes[i] = v.extent(i);
        // Distinct means: the axes can be ordered so that each stride passes the whole extent of the one before.
        bool distinct = v.stride(i) > 0;
        for (std::size_t j = 0; j < sizeof...(E); ++j) {
            if (j == i || v.extent(i) <= 1 || v.extent(j) <= 1) continue;
            const bool before = v.stride(j) < v.stride(i) || (v.stride(j) == v.stride(i) && j < i);
            distinct = distinct && (!before || v.stride(i) / v.extent(j) >= v.stride(j));
        }
        if (!distinct) {
            throw view_mismatch(text("mdspan_of: strides ", std::span<const std::int64_t>(v.strides()), " of shape ",
                                     v.extents().sizes(), " are not those of distinct elements"));
        }
    }
    return md::mdspan<T, shape, md::layout_stride>(v.data_handle(), mapping(shape(sizes), v.strides()));
}

template <class T, class Index, std::size_t... E, class Layout>
auto view_of(const TESSERA_MDSPAN_NAMESPACE::mdspan<T, TESSERA_MDSPAN_NAMESPACE::extents<Index, E...>, Layout>& m) {
    std::array<std::int64_t, sizeof...(E)> sizes{}, strides{};
    for (std::size_t i = 0; i < sizeof...(E); ++i) {
        sizes[i] = static_cast<std::int64_t>(m.extent(i));
        strides[i] = static_cast<std::int64_t>(m.stride(i));
    }
    return array_view<T, extents<E...>>(m.data_handle(), extents<E...>(std::span<const std::int64_t>(sizes)), strides);
}

#undef TESSERA_MDSPAN_NAMESPACE

#else

inline constexpr bool has_mdspan = false;

#endif

}  // namespace tessera
