// A typed strided view of somebody else's array: the vocabulary of mdspan with the strides always at run time.
//     array_view<float, extents<dynamic_extent, 3>> points(data, extents<dynamic_extent, 3>(n));   // row-major
//     points(i, 2) = 1;   points.extent(0);   points.stride(0);
// Copies share the elements. In debug builds (no NDEBUG) operator() throws index_error for an index out of bounds.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/dtype.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/extents.hpp"
#include "tessera/interop/layout.hpp"

namespace tessera {

template <class T, class Extents> class array_view {
public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;
    using extents_type = Extents;
    using index_type = std::int64_t;
    using strides_type = std::array<index_type, Extents::rank()>;

    static constexpr std::size_t rank() { return Extents::rank(); }
    static constexpr std::size_t static_extent(std::size_t axis) { return Extents::static_extent(axis); }

    // No data; the static extents stand.
    constexpr array_view() { row_major_strides(extents_.sizes(), strides_); }

    // Dense elements in row-major order. The caller's memory holds them all; nothing is checked or copied.
    constexpr array_view(T* data, const Extents& sizes) : data_(data), extents_(sizes) {
        row_major_strides(extents_.sizes(), strides_);
    }

    // data is the address of the first element; strides are in elements, may be 0 (repeat) or negative.
    constexpr array_view(T* data, const Extents& sizes, const strides_type& strides)
        : data_(data), extents_(sizes), strides_(strides) {}

    // From a view with other static extents, or of the elements without const.
    template <class U, class Other>
        requires(std::is_convertible_v<U (*)[], T (*)[]>&& std::is_constructible_v<Extents, const Other&>)
    constexpr explicit(!std::is_convertible_v<const Other&, Extents>) array_view(const array_view<U, Other>& other)
        : data_(other.data_handle()), extents_(other.extents()), strides_(other.strides()) {}

    template <std::convertible_to<index_type>... Indices>
        requires(sizeof...(Indices) == Extents::rank())
    constexpr T& operator()(Indices... indices) const {
        const std::array<index_type, rank()> at{static_cast<index_type>(indices)...};
#ifndef NDEBUG
        check_index(at);
#endif
        index_type offset = 0;
        for (std::size_t i = 0; i < rank(); ++i) offset += at[i] * strides_[i];
        return data_[offset];
    }

    constexpr T& operator[](index_type index) const requires(Extents::rank() == 1) { return (*this)(index); }

    constexpr T* data_handle() const { return data_; }
    constexpr const Extents& extents() const { return extents_; }
    constexpr index_type extent(std::size_t axis) const { return extents_.extent(axis); }
    constexpr index_type stride(std::size_t axis) const { return strides_[axis]; }
    constexpr const strides_type& strides() const { return strides_; }
    constexpr bool is_contiguous() const { return tessera::is_contiguous(extents_.sizes(), strides_); }

    // Number of elements; 1 for rank 0.
    constexpr index_type size() const {
        index_type n = 1;
        for (std::size_t i = 0; i < rank(); ++i) n *= extent(i);
        return n;
    }
    constexpr bool empty() const { return size() == 0; }

private:
    void check_index(const std::array<index_type, Extents::rank()>& at) const {
        for (std::size_t i = 0; i < rank(); ++i) {
            if (at[i] < 0 || at[i] >= extent(i)) {
                throw index_error(text("array_view: index ", std::span<const index_type>(at),
                                       " is out of bounds of shape ", extents_.sizes()));
            }
        }
    }

    T* data_ = nullptr;
    Extents extents_;
    strides_type strides_{};
};

template <class T, std::size_t... E> array_view(T*, const extents<E...>&) -> array_view<T, extents<E...>>;

// The same array without its type. It points into v, so it is valid as long as v is; read-only when T is const.
template <element T, class Extents> any_view as_any(const array_view<T, Extents>& v) {
    using pointer = std::remove_const_t<T>*;
    return {.data = const_cast<pointer>(v.data_handle()),
            .offset = 0,
            .shape = v.extents().sizes().data(),
            .strides = v.strides().data(),
            .rank = static_cast<std::int32_t>(Extents::rank()),
            .dtype = dtype_of<T>,
            .device = cpu,
            .flags = std::is_const_v<T> ? std::uint32_t{view_read_only} : 0U};
}
template <element T, class Extents> any_view as_any(const array_view<T, Extents>&&) = delete;

}  // namespace tessera
