// Arithmetic of shapes and strides that cannot overflow unseen, and the check that a view stays in its buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

// The product of the sizes; 1 for none. Throws shape_error, beginning with `op`, for a negative size and when the
// product of the sizes that are not 0 leaves int64 (so that strides never overflow either).
inline std::int64_t element_count(std::span<const std::int64_t> sizes, std::string_view op = "element_count") {
    std::int64_t product = 1;
    bool is_empty = false;
    for (const std::int64_t size : sizes) {
        if (size < 0) throw shape_error(text(op, ": sizes are not negative, got ", sizes));
        if (size == 0) {
            is_empty = true;
        } else if (__builtin_mul_overflow(product, size, &product)) {
            throw shape_error(text(op, ": the number of elements of ", sizes, " does not fit 63 bits"));
        }
    }
    return is_empty ? 0 : product;
}

// The bytes of that many elements. Throws shape_error when they do not fit int64.
inline std::int64_t byte_count(std::span<const std::int64_t> sizes, dtype d, std::string_view op = "byte_count") {
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(element_count(sizes, op), static_cast<std::int64_t>(item_size(d)), &bytes))
        throw shape_error(text(op, ": the bytes of ", sizes, " of ", d, " do not fit 63 bits"));
    return bytes;
}

// Writes the strides, in elements, of a dense array with the last axis fastest; out is as long as sizes. An axis of
// size 0 counts as 1, so that the other strides stay meaningful. The sizes have passed element_count.
constexpr void row_major_strides(std::span<const std::int64_t> sizes, std::span<std::int64_t> out) {
    std::int64_t step = 1;
    for (std::size_t i = sizes.size(); i-- > 0;) {
        out[i] = step;
        step *= sizes[i] > 0 ? sizes[i] : 1;
    }
}

// Whether the elements lie densely in row-major order; strides of axes of size 1 do not matter, nor any when empty.
constexpr bool is_contiguous(std::span<const std::int64_t> sizes, std::span<const std::int64_t> steps) {
    for (const std::int64_t size : sizes)
        if (size == 0) return true;
    std::int64_t step = 1;
    for (std::size_t i = sizes.size(); i-- > 0;) {
        if (sizes[i] != 1 && steps[i] != step) return false;
        step *= sizes[i];
    }
    return true;
}
inline bool is_contiguous(const any_view& v) { return is_contiguous(v.sizes(), v.steps()); }

// Throws shape_error when an element of v lies outside a buffer of buffer_elements elements that begins at v.data, and
// for anything that is no view: a negative or too large rank, missing sizes or strides, negative sizes, no data.
inline void check_within(const any_view& v, std::int64_t buffer_elements, std::string_view op = "check_within") {
    if (v.rank < 0 || v.rank > 64) throw shape_error(text(op, ": rank is 0 to 64, got ", v.rank));
    if (v.rank > 0 && (v.shape == nullptr || v.strides == nullptr))
        throw shape_error(text(op, ": a view of rank ", v.rank, " has no ", v.shape == nullptr ? "shape" : "strides"));
    if (buffer_elements < 0) throw shape_error(text(op, ": a buffer of ", buffer_elements, " elements"));
    if (element_count(v.sizes(), op) == 0) return;
    if (v.data == nullptr) throw shape_error(text(op, ": a view of shape ", v.sizes(), " has no data"));

    std::int64_t lowest = v.offset, highest = v.offset;
    bool overflows = false;
    for (std::int32_t i = 0; i < v.rank; ++i) {
        std::int64_t reach = 0;
        overflows = overflows || __builtin_mul_overflow(v.shape[i] - 1, v.strides[i], &reach);
        std::int64_t& end = reach < 0 ? lowest : highest;
        overflows = overflows || __builtin_add_overflow(end, reach, &end);
    }
    if (overflows || lowest < 0 || highest >= buffer_elements) {
        throw shape_error(text(op, ": shape ", v.sizes(), " with strides ", v.steps(), " from offset ", v.offset,
                               " reaches outside of a buffer of ", buffer_elements, " elements"));
    }
}

}  // namespace tessera
