// One-dimensional views of std::span, std::vector, std::array and other contiguous containers, and back; no copies.
//     std::vector<float> v(10);   auto x = view_of(v);   x(3) = 1;   std::span<float> s = span_of(x);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>

#include "tessera/interop/array_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

// A container that owns its elements and is about to die is refused, as is std::vector<bool>.
template <std::ranges::contiguous_range Range>
    requires(std::ranges::borrowed_range<Range>&& std::ranges::sized_range<Range>)
auto view_of(Range&& range) {
    using T = std::remove_reference_t<std::ranges::range_reference_t<Range>>;
    return array_view<T, dextents<1>>(std::ranges::data(range), dextents<1>(std::ranges::ssize(range)));
}

// The elements in row-major order. Throws view_mismatch when they do not lie densely in that order.
template <class T, class Extents> std::span<T> span_of(const array_view<T, Extents>& v) {
    if (!v.is_contiguous()) {
        throw view_mismatch(text("span_of: shape ", v.extents().sizes(), " with strides ",
                                 std::span<const std::int64_t>(v.strides()), " is not contiguous"));
    }
    return {v.data_handle(), static_cast<std::size_t>(v.size())};
}

}  // namespace tessera
