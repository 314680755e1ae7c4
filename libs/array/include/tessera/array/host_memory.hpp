// Arrays from the caller's memory and back. Included by array.hpp.
#pragma once

#include <memory>
#include <ranges>

#include "tessera/array/array.hpp"

namespace tessera {

// A copy of what the view shows, on that device. Throws value_error when the view has no data, shape_error when it is
// none.
TESSERA_ARRAY_API array from_view(const any_view& v, device where = cpu);

namespace detail {
// Copies values of that dtype, row-major, into a new array. Throws shape_error unless count fills the shape.
TESSERA_ARRAY_API array from_values(const void* values, std::size_t count, dtype t, const dims& shape, device where,
                                    std::string_view name);
// All elements converted to t, in row-major order, to host memory that holds them.
TESSERA_ARRAY_API void copy_to_host(const array& x, dtype t, void* to);
[[noreturn]] TESSERA_ARRAY_API void refuse_ragged(std::size_t row, std::size_t length, std::size_t first_length);
}  // namespace detail

// A copy of a vector, array, span or other contiguous range, row-major; without a shape of rank 1.
template <std::ranges::contiguous_range Range>
    requires(element<std::ranges::range_value_t<Range>>&& std::ranges::sized_range<Range>)
array from_span(const Range& values, const dims& shape, device where = cpu) {
    return detail::from_values(std::ranges::data(values), std::ranges::size(values),
                               dtype_of<std::ranges::range_value_t<Range>>, shape, where, "from_span");
}
template <std::ranges::contiguous_range Range>
    requires(element<std::ranges::range_value_t<Range>>&& std::ranges::sized_range<Range>)
array from_span(const Range& values) { return from_span(values, dims{extent(std::ranges::size(values))}); }

// An array over memory that stays the caller's: buffer_elements elements that begin at v.data. `release` is called
// once, when the last array that looks at the memory is gone; until then the memory must stay. Nothing but an op's
// `out` writes it, and never when v is read-only. Throws shape_error when an element lies outside of the buffer, and
// does not release.
TESSERA_ARRAY_API array borrow(const any_view& v, std::int64_t buffer_elements, std::function<void()> release = {});

// Row-major data of that shape; a pointer to const gives a read-only array.
template <element T> array borrow(T* data, const dims& shape, std::function<void()> release = {});
// The element at (i, j, ...) is data[i * steps[0] + j * steps[1] + ...], within buffer_elements from data.
template <element T>
array borrow(T* data, const dims& shape, const strides& steps, std::int64_t buffer_elements,
             std::function<void()> release = {});

namespace detail {
TESSERA_ARRAY_API array borrow_typed(void* data, dtype t, bool read_only, const dims& shape, const strides* steps,
                                     std::int64_t buffer_elements, std::function<void()> release);
}  // namespace detail

template <element T> array borrow(T* data, const dims& shape, std::function<void()> release) {
    return detail::borrow_typed(const_cast<std::remove_const_t<T>*>(data), dtype_of<T>, std::is_const_v<T>, shape,
                                nullptr, 0, std::move(release));
}
template <element T>
array borrow(T* data, const dims& shape, const strides& steps, std::int64_t buffer_elements,
             std::function<void()> release) {
    return detail::borrow_typed(const_cast<std::remove_const_t<T>*>(data), dtype_of<T>, std::is_const_v<T>, shape,
                                &steps, buffer_elements, std::move(release));
}

template <element T> array::array(std::initializer_list<T> values) {
    *this =
        detail::from_values(values.begin(), values.size(), dtype_of<T>, {tessera::extent(values.size())}, cpu, "array");
}

template <element T> array::array(std::initializer_list<std::initializer_list<T>> rows) {
    const std::size_t columns = rows.size() == 0 ? 0 : rows.begin()->size();
    const auto values = std::make_unique<T[]>(rows.size() * columns);
    T* next = values.get();
    for (const auto& row : rows) {
        if (row.size() != columns)
            detail::refuse_ragged(static_cast<std::size_t>(&row - rows.begin()), row.size(), columns);
        next = std::copy(row.begin(), row.end(), next);
    }
    *this = detail::from_values(values.get(), rows.size() * columns, dtype_of<T>,
                                {tessera::extent(rows.size()), tessera::extent(columns)}, cpu, "array");
}

template <element T> std::vector<T> array::to_vector() const {
    const auto count = static_cast<std::size_t>(size().value());
    if constexpr (std::is_same_v<T, bool>) {  // its vector has no bool elements to point at
        const auto values = std::make_unique<bool[]>(count);
        detail::copy_to_host(*this, boolean, values.get());
        return std::vector<bool>(values.get(), values.get() + count);
    } else {
        std::vector<T> values(count);
        detail::copy_to_host(*this, dtype_of<T>, values.data());
        return values;
    }
}

}  // namespace tessera
