// From an untyped view to a typed one, checked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

// The view as array_view<T, extents<E...>>, one E per axis. Throws view_mismatch, with the values, when the dtype is
// not T's, the rank is not the number of E, a static extent differs, the data is on another device than the host or
// missing, or T is not const and the view is read-only. Nothing is converted or copied.
//     auto x = view_as<const float, dynamic_extent, 3>(any);
template <element T, std::size_t... E> array_view<T, extents<E...>> view_as(const any_view& v) {
    using typed = array_view<T, extents<E...>>;
    if (v.dtype != dtype_of<T>)
        throw view_mismatch(text("view_as: elements are ", v.dtype, ", asked for ", dtype_of<T>));
    if (v.device.kind != cpu.kind && (v.flags & view_host_value) == 0)
        throw view_mismatch(text("view_as: data is on ", v.device, ", asked for ", cpu));
    if (!std::is_const_v<T> && (v.flags & view_read_only) != 0)
        throw view_mismatch(text("view_as: the view is read-only, asked for writable ", v.dtype));
    if (v.rank != static_cast<std::int32_t>(sizeof...(E)))
        throw view_mismatch(text("view_as: rank is ", v.rank, ", asked for ", sizeof...(E)));
    if (v.rank > 0 && (v.shape == nullptr || v.strides == nullptr))
        throw view_mismatch(text("view_as: a view of rank ", v.rank, " has no shape or no strides"));

    constexpr extents<E...> wanted;
    for (std::size_t i = 0; i < sizeof...(E); ++i) {
        const bool fits = wanted.static_extent(i) == dynamic_extent ? v.shape[i] >= 0 : v.shape[i] == wanted.extent(i);
        if (!fits) throw view_mismatch(text("view_as: shape is ", v.sizes(), ", asked for ", wanted));
    }
    if (v.data == nullptr && element_count(v.sizes(), "view_as") != 0)
        throw view_mismatch(text("view_as: a view of shape ", v.sizes(), " has no data"));

    typename typed::strides_type steps{};
    std::copy_n(v.strides, sizeof...(E), steps.begin());
    T* const first = v.data == nullptr ? nullptr : v.first<T>();
    return typed(first, extents<E...>(v.sizes()), steps);
}

}  // namespace tessera
