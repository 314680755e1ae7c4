// Eigen's matrices as views and views as Eigen's maps, both storage orders, no copies. Needs Eigen 3.3 or later, which
// only who includes this header has to have.
//     Eigen::MatrixXd a(3, 4);    auto v = view_of(a);         // array_view<double, extents<dynamic, dynamic>>
//     auto m = eigen_map(v);                                   // any strides, for expressions
//     Eigen::Ref<Eigen::MatrixXd> r = eigen_map<Eigen::MatrixXd>(v);   // Eigen's own layout, checked
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <Eigen/Core>

#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/extents.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace detail {

constexpr std::size_t extent_of_eigen(int size) {
    return size == Eigen::Dynamic ? dynamic_extent : static_cast<std::size_t>(size);
}
constexpr int eigen_size_of(std::size_t extent) {
    return extent == dynamic_extent ? Eigen::Dynamic : static_cast<int>(extent);
}

// Matrix, Array, Map, Ref, Block: whatever has its elements in memory.
template <class Derived>
concept eigen_in_memory = (Derived::Flags & Eigen::DirectAccessBit) != 0;

template <class Derived> auto view_of_eigen(Derived& m) {
    using T = std::remove_pointer_t<decltype(m.data())>;
    constexpr std::size_t rows = extent_of_eigen(Derived::RowsAtCompileTime);
    constexpr std::size_t columns = extent_of_eigen(Derived::ColsAtCompileTime);
    if constexpr (Derived::IsVectorAtCompileTime) {
        using E = extents<extent_of_eigen(Derived::SizeAtCompileTime)>;
        const std::int64_t size[] = {m.size()};
        return array_view<T, E>(m.data(), E(size), {m.innerStride()});
    } else {
        using E = extents<rows, columns>;
        const std::int64_t sizes[] = {m.rows(), m.cols()};
        const std::int64_t inner = m.innerStride(), outer = m.outerStride();
        return Derived::IsRowMajor ? array_view<T, E>(m.data(), E(sizes), {outer, inner})
                                   : array_view<T, E>(m.data(), E(sizes), {inner, outer});
    }
}

// Eigen allows row-major columns and column-major rows for sizes known at compile time only the other way round.
template <class T, std::size_t Rows, std::size_t Columns>
using eigen_plain = Eigen::Matrix<std::remove_const_t<T>, eigen_size_of(Rows), eigen_size_of(Columns),
                                  Columns == 1 && Rows != 1 ? Eigen::ColMajor : Eigen::RowMajor>;

template <class T, class Plain> using with_const_of = std::conditional_t<std::is_const_v<T>, const Plain, Plain>;

template <class T, class Extents> void check_eigen_strides(const array_view<T, Extents>& v) {
    for (std::size_t i = 0; i < v.rank(); ++i) {
        if (v.stride(i) < 0) {
            throw view_mismatch(
                text("eigen_map: Eigen's strides are not negative, got ", std::span<const std::int64_t>(v.strides())));
        }
    }
}

}  // namespace detail

// Rank 1 for what is a vector at compile time, rank 2 for all others; extents static where Eigen's sizes are. Elements
// are const when m or what it maps is. m outlives the view; resizing m invalidates it.
template <class Derived>
    requires detail::eigen_in_memory<Derived>
auto view_of(Eigen::PlainObjectBase<Derived>& m) { return detail::view_of_eigen(m.derived()); }
template <class Derived>
    requires detail::eigen_in_memory<Derived>
auto view_of(const Eigen::PlainObjectBase<Derived>& m) { return detail::view_of_eigen(m.derived()); }
template <class Derived>
auto view_of(const Eigen::PlainObjectBase<Derived>&& m) = delete;  // the elements would die with the temporary

// Map, Ref and Block share their elements as a view does, so their own const does not matter.
template <class Derived>
    requires(detail::eigen_in_memory<Derived> && !std::is_base_of_v<Eigen::PlainObjectBase<Derived>, Derived>)
auto view_of(const Eigen::DenseBase<Derived>& m) { return detail::view_of_eigen(const_cast<Derived&>(m.derived())); }

// The view as an Eigen::Map with run-time strides: a matrix for rank 2, a column vector for rank 1. Throws
// view_mismatch for negative strides.
template <class T, std::size_t Rows, std::size_t Columns>
auto eigen_map(const array_view<T, extents<Rows, Columns>>& v) {
    using plain = detail::eigen_plain<T, Rows, Columns>;
    using strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    detail::check_eigen_strides(v);
    constexpr bool row_major = plain::IsRowMajor;
    return Eigen::Map<detail::with_const_of<T, plain>, Eigen::Unaligned, strides>(
        v.data_handle(), v.extent(0), v.extent(1), strides(v.stride(row_major ? 0 : 1), v.stride(row_major ? 1 : 0)));
}

template <class T, std::size_t Size> auto eigen_map(const array_view<T, extents<Size>>& v) {
    using plain = Eigen::Matrix<std::remove_const_t<T>, detail::eigen_size_of(Size), 1>;
    detail::check_eigen_strides(v);
    return Eigen::Map<detail::with_const_of<T, plain>, Eigen::Unaligned, Eigen::InnerStride<>>(
        v.data_handle(), v.extent(0), Eigen::InnerStride<>(v.stride(0)));
}

// The view as a Map in the layout of Plain (Eigen::MatrixXd, Eigen::VectorXf ...), to which an Eigen::Ref<Plain> binds
// without a copy. Throws view_mismatch when the sizes are not Plain's or elements of one inner vector are not adjacent.
template <class Plain, class T, class Extents>
    requires(std::is_same_v<typename Plain::Scalar, std::remove_const_t<T>>&& Extents::rank() <= 2)
auto eigen_map(const array_view<T, Extents>& v) {
    using mapped = detail::with_const_of<T, Plain>;
    detail::check_eigen_strides(v);
    const auto mismatch = [&] {
        return view_mismatch(text("eigen_map: shape ", v.extents().sizes(), " with strides ",
                                  std::span<const std::int64_t>(v.strides()), " has not the layout of the asked type"));
    };
    const auto fits = [](std::int64_t size, int fixed) { return fixed == Eigen::Dynamic || size == fixed; };
    if constexpr (Extents::rank() == 1) {
        static_assert(Plain::IsVectorAtCompileTime, "a view of rank 1 is a vector");
        if (!fits(v.extent(0), Plain::SizeAtCompileTime) || (v.extent(0) > 1 && v.stride(0) != 1)) throw mismatch();
        return Eigen::Map<mapped>(v.data_handle(), v.extent(0));
    } else {
        constexpr std::size_t inner = Plain::IsRowMajor ? 1 : 0;
        if (!fits(v.extent(0), Plain::RowsAtCompileTime) || !fits(v.extent(1), Plain::ColsAtCompileTime) ||
            (v.extent(inner) > 1 && v.stride(inner) != 1))
            throw mismatch();
        return Eigen::Map<mapped, Eigen::Unaligned, Eigen::OuterStride<>>(v.data_handle(), v.extent(0), v.extent(1),
                                                                          Eigen::OuterStride<>(v.stride(1 - inner)));
    }
}

}  // namespace tessera
