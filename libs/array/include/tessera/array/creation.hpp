// New arrays from sizes and numbers, on any device. See host_memory.hpp for arrays from the caller's data.
// Shapes with more elements than can be addressed throw shape_error, more memory than there is out_of_memory.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

TESSERA_ARRAY_API array zeros(const dims& shape, dtype t = f64, device where = cpu);
TESSERA_ARRAY_API array ones(const dims& shape, dtype t = f64, device where = cpu);
// Contents are undefined: for destinations.
TESSERA_ARRAY_API array empty(const dims& shape, dtype t = f64, device where = cpu);
// In the dtype of the value.
TESSERA_ARRAY_API array full(const dims& shape, const scalar_value& value, device where = cpu);
template <literal_number Number> array full(const dims& shape, Number value, dtype t, device where = cpu) {
    return full(shape, scalar_value(value).cast(t), where);
}
// In the dtype a literal has by itself: bool, i64, f64 or c128.
template <literal_number Number> array full(const dims& shape, Number value) {
    constexpr dtype own = dtype_of<Number>;
    return full(shape, value, own == boolean ? boolean : is_integer(own) ? i64 : is_complex(own) ? c128 : f64);
}

// A size as a rank-0 array: what rules take for numbers made of sizes, so that a captured program keeps them open.
TESSERA_ARRAY_API array scalar_of(extent size, dtype t = i64, device where = cpu);

// Of the shape, dtype and device of x.
TESSERA_ARRAY_API array zeros_like(const array& x);
TESSERA_ARRAY_API array ones_like(const array& x);
TESSERA_ARRAY_API array empty_like(const array& x);
template <literal_number Number> array full_like(const array& x, Number value) {
    return full(x.shape(), value, x.dtype(), x.device());
}

namespace detail {
template <class Number>
concept real_literal = std::is_arithmetic_v<Number>;
[[noreturn]] TESSERA_ARRAY_API void refuse_beyond_i64(std::uint64_t end);
template <std::integral Integer> std::int64_t arange_end(Integer end) {
    if constexpr (std::unsigned_integral<Integer> && sizeof(Integer) == 8)
        if (end > static_cast<std::uint64_t>(INT64_MAX)) refuse_beyond_i64(end);
    return static_cast<std::int64_t>(end);
}
TESSERA_ARRAY_API array arange_integers(std::int64_t start, std::int64_t stop, std::int64_t step, dtype t,
                                        device where);
TESSERA_ARRAY_API array arange_reals(double start, double stop, double step, dtype t, device where);
}  // namespace detail

// start, start + step, ... before stop, computed in i64 when all three are integers, else in f64, then cast to t.
// The default dtype is i64 or f64. Throws value_error for a step of 0 or an end that is not finite.
template <detail::real_literal Start, detail::real_literal Stop, detail::real_literal Step = int>
array arange(Start start, Stop stop, Step step = 1,
             dtype t = std::is_integral_v<Start> && std::is_integral_v<Stop> && std::is_integral_v<Step> ? i64 : f64,
             device where = cpu) {
    if constexpr (std::is_integral_v<Start> && std::is_integral_v<Stop> && std::is_integral_v<Step>)
        return detail::arange_integers(detail::arange_end(start), detail::arange_end(stop), detail::arange_end(step), t,
                                       where);
    else
        return detail::arange_reals(static_cast<double>(start), static_cast<double>(stop), static_cast<double>(step), t,
                                    where);
}
// 0, 1, ... before stop.
template <detail::real_literal Stop> array arange(Stop stop) { return arange(Stop{0}, stop); }
// The same for a size, which stays open in a captured program.
TESSERA_ARRAY_API array arange(extent count, dtype t = i64, device where = cpu);

// num numbers evenly spaced from start to stop, which is the last one when endpoint, else the one after it.
// Integer dtypes round down. Throws value_error when num is negative.
TESSERA_ARRAY_API array linspace(double start, double stop, std::int64_t num = 50, bool endpoint = true, dtype t = f64,
                                 device where = cpu);

// (n, m) with ones on diagonal k: 0 the main one, positive above it.
TESSERA_ARRAY_API array eye(extent n, extent m, std::int64_t k = 0, dtype t = f64, device where = cpu);
inline array eye(extent n, dtype t = f64, device where = cpu) { return eye(n, n, 0, t, where); }

}  // namespace tessera
