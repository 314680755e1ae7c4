// Views: the same elements seen in another shape or order, without copying them. Only reshape may have to copy.
// Axes count from the back when negative.
#pragma once

#include <optional>

#include "tessera/array/array.hpp"

namespace tessera {

// ---- slicing
// ---------------------------------------------------------------------------------------------------------
//     slice(x, {1})                            x[1]
//     slice(x, {whole, range(1, 5)})           x[:, 1:5]
//     slice(x, {ellipsis, range(none, none, -1), newaxis})   x[..., ::-1, None]

inline constexpr std::nullopt_t none = std::nullopt;

// start, start + step, ... before stop, with Python's meaning of negative and missing ends.
struct range {
    std::optional<std::int64_t> start, stop;
    std::int64_t step = 1;
    constexpr range(std::optional<std::int64_t> from, std::optional<std::int64_t> to, std::int64_t by = 1)
        : start(from), stop(to), step(by) {}
};
enum class whole_axis { value };
enum class new_axis { value };
enum class other_axes { value };
inline constexpr whole_axis whole = whole_axis::value;     // every element of an axis
inline constexpr new_axis newaxis = new_axis::value;       // an axis of size 1
inline constexpr other_axes ellipsis = other_axes::value;  // as many whole axes as are left; once

// One entry of a slice; an integer picks an element and drops its axis.
struct index_item {
    enum class kinds : std::uint8_t { integer, range, added, others };

    std::int64_t start, stop, step;
    kinds kind;
    bool has_start, has_stop;

    index_item() = default;
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    constexpr index_item(Integer at)
        : start(std::in_range<std::int64_t>(at) ? static_cast<std::int64_t>(at) : INT64_MAX), stop(0), step(1),
          kind(kinds::integer), has_start(true), has_stop(false) {}
    constexpr index_item(const range& r)
        : start(r.start.value_or(0)), stop(r.stop.value_or(0)), step(r.step), kind(kinds::range),
          has_start(r.start.has_value()), has_stop(r.stop.has_value()) {}
    constexpr index_item(whole_axis) : index_item(range(none, none)) {}
    constexpr index_item(new_axis) : index_item(0) { kind = kinds::added; }
    constexpr index_item(other_axes) : index_item(0) { kind = kinds::others; }

    friend bool operator==(const index_item&, const index_item&) = default;
    auto fields() const { return std::tie(start, stop, step, kind, has_start, has_stop); }
};

// NumPy's basic indexing; axes without an entry are whole. Throws index_error for an integer out of range, more entries
// than axes or two ellipses, value_error for a step of 0.
TESSERA_ARRAY_API array slice(const array& x, std::span<const index_item> index);
inline array slice(const array& x, std::initializer_list<index_item> index) {
    return slice(x, std::span<const index_item>(index.begin(), index.size()));
}
// Zeros of that shape with x where slice(zeros, index) would look. x has the shape of that slice.
TESSERA_ARRAY_API array unslice(const array& x, const dims& shape, std::span<const index_item> index);
inline array unslice(const array& x, const dims& shape, std::initializer_list<index_item> index) {
    return unslice(x, shape, std::span<const index_item>(index.begin(), index.size()));
}

// ---- order of axes
// --------------------------------------------------------------------------------------------------- Axis i of the
// result is axis order[i] of x.
TESSERA_ARRAY_API array permute_dims(const array& x, const axes& order);
TESSERA_ARRAY_API array transpose(const array& x);         // all axes reversed
TESSERA_ARRAY_API array matrix_transpose(const array& x);  // the last two swapped; rank >= 2
TESSERA_ARRAY_API array moveaxis(const array& x, int source, int destination);
TESSERA_ARRAY_API array moveaxis(const array& x, const axes& source, const axes& destination);
TESSERA_ARRAY_API array swapaxes(const array& x, int a, int b);
TESSERA_ARRAY_API array flip(const array& x);  // along every axis
TESSERA_ARRAY_API array flip(const array& x, int axis);
TESSERA_ARRAY_API array flip(const array& x, const axes& along);

// ---- shape
// ----------------------------------------------------------------------------------------------------------- The sizes
// asked of reshape; one may be -1, which stands for what is left.
class TESSERA_ARRAY_API new_shape {
public:
    struct size {
        extent value;
        bool rest = false;
        template <std::integral Integer>
        constexpr size(Integer n) : value(is_rest(n) ? extent{0} : extent{n}), rest(is_rest(n)) {}
        constexpr size(extent e) : value(e) {}

    private:
        template <class Integer> static constexpr bool is_rest(Integer n) { return std::cmp_equal(n, -1); }
    };

    new_shape() = default;  // rank 0
    new_shape(const dims& sizes) : sizes_(sizes) {}
    new_shape(std::initializer_list<size> sizes) {
        for (const size& s : sizes) add(s);
    }
    explicit new_shape(std::span<const std::int64_t> sizes) {
        for (const std::int64_t s : sizes) add(s);
    }

    // The shape for that many elements. Throws shape_error when they do not fill it.
    dims resolve(extent elements, std::string_view op_name) const;

private:
    void add(const size& s);
    dims sizes_;
    int rest_at_ = -1;
};

// The elements in row-major order in another shape. A view when strides can say it, else a copy.
// Throws shape_error when the number of elements differs.
TESSERA_ARRAY_API array reshape(const array& x, const new_shape& shape);

// x repeated along new leading axes and axes of size 1, as NumPy broadcasts. Throws shape_error when it does not fit.
TESSERA_ARRAY_API array broadcast_to(const array& x, const dims& shape);

TESSERA_ARRAY_API array squeeze(const array& x);  // drops every axis of size 1
// Throws shape_error when a dropped axis is longer than 1.
TESSERA_ARRAY_API array squeeze(const array& x, int axis);
TESSERA_ARRAY_API array squeeze(const array& x, const axes& dropped);
// Axes of size 1; the numbers are those of the result.
TESSERA_ARRAY_API array expand_dims(const array& x, int axis);
TESSERA_ARRAY_API array expand_dims(const array& x, const axes& added);

// x in row-major order without gaps; x itself when it is so already.
TESSERA_ARRAY_API array contiguous(const array& x);

// The attributes of permute_dims (the order), flip, squeeze and expand_dims, for compilers: axes in [0, rank).
struct axis_attributes {
    axes along;
    auto fields() const { return std::tie(along); }
};

}  // namespace tessera
