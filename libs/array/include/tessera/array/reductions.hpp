// Reductions over axes, with NumPy's meaning.
//     sum(x)    sum(x, 0)    sum(x, {0, -1})    sum(x, all_axes, true)    mean(x, -1, true)
// Without axes all are reduced; over {} none is, and every element is a reduction of itself. Negative axes count from
// the back. keepdims keeps reduced axes with size 1. Axes out of range or given twice throw index_error.
// The order of the operations depends on the shape alone: threads, strides and instruction sets give the same bits.
// The forms with `out` write into an array of exactly the result's dtype, shape and device.
#pragma once

#include <optional>

#include "tessera/array/array.hpp"

namespace tessera {

struct all_axes_tag {};
inline constexpr all_axes_tag all_axes{};

// The axes a reduction runs over: one, a list, or all of them.
class reduced_axes {
public:
    template <std::same_as<int> Int>
    reduced_axes(Int axis) : listed_{axis}, all_(false) {}  // not of bool: see keepdims
    reduced_axes(std::initializer_list<int> listed) : listed_(listed), all_(false) {}
    reduced_axes(const axes& listed) : listed_(listed), all_(false) {}
    reduced_axes(const std::optional<axes>& listed) : all_(!listed) {
        if (listed) listed_ = *listed;
    }
    reduced_axes(all_axes_tag) : all_(true) {}

    bool is_all() const { return all_; }
    // Sorted axes in [0, rank). Throws index_error.
    axes resolve(std::size_t rank, std::string_view op_name) const;

private:
    axes listed_;
    bool all_;
};

// ---- sums; booleans and integers give i64, unsigned integers u64 ----------------------------------------------------
TESSERA_ARRAY_API array sum(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API array prod(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API void sum(const array& x, const reduced_axes& over, bool keepdims, const array& out);
TESSERA_ARRAY_API void prod(const array& x, const reduced_axes& over, bool keepdims, const array& out);

// The sum divided by the number of elements, NaN when there is none. Booleans and integers are averaged in f64.
TESSERA_ARRAY_API array mean(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API void mean(const array& x, const reduced_axes& over, bool keepdims, const array& out);

// ---- extremes; a NaN wins; not of complex ---------------------------------------------------------------------------
// Throw shape_error when they would reduce no elements at all. Tied elements share their derivative.
TESSERA_ARRAY_API array max(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API array min(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API void max(const array& x, const reduced_axes& over, bool keepdims, const array& out);
TESSERA_ARRAY_API void min(const array& x, const reduced_axes& over, bool keepdims, const array& out);

// The i64 index of the first greatest (least) element along an axis; without an axis, in x flattened in row-major
// order. Throw shape_error when the axis is empty.
TESSERA_ARRAY_API array argmax(const array& x, std::optional<int> axis = std::nullopt, bool keepdims = false);
TESSERA_ARRAY_API array argmin(const array& x, std::optional<int> axis = std::nullopt, bool keepdims = false);
TESSERA_ARRAY_API void argmax(const array& x, std::optional<int> axis, bool keepdims, const array& out);
TESSERA_ARRAY_API void argmin(const array& x, std::optional<int> axis, bool keepdims, const array& out);

// ---- truth of elements, which are true unless zero; booleans --------------------------------------------------------
TESSERA_ARRAY_API array any(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API array all(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);
TESSERA_ARRAY_API void any(const array& x, const reduced_axes& over, bool keepdims, const array& out);
TESSERA_ARRAY_API void all(const array& x, const reduced_axes& over, bool keepdims, const array& out);

// The attributes of all these ops, for kernels: the axes sorted and in [0, rank).
struct reduction_attributes {
    tessera::axes axes;
    bool keepdims;
    auto fields() const { return std::tie(axes, keepdims); }
};

}  // namespace tessera
