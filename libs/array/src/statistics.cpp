#include "tessera/array/statistics.hpp"

#include <cmath>
#include <limits>

#include "operands.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/sorting.hpp"
#include "tessera/array/views.hpp"

namespace tessera {

namespace {

void require_array(const array& x, std::string_view name) {
    if (x.is_null()) throw value_error(text(name, ": argument 0 is a null array"));
}

void require_real(const array& x, std::string_view name) {
    require_array(x, name);
    if (is_complex(x.dtype())) throw dtype_error(text(name, ": is not defined for ", x.dtype()));
}

void require_elements(const array& x, const axes& over, std::string_view name) {
    for (const int axis : over)
        if (x.extent(axis) == extent{0})
            throw shape_error(text(name, ": needs at least one element to reduce, got shape ", x.shape(), " with axis ",
                                   axis, " empty"));
}

// What x is computed in, and the dtype of a real result.
dtype wide_dtype(const array& x) { return is_narrow_float(x.dtype()) ? f32 : mean_dtype(x.dtype()); }
dtype result_dtype(const array& x) { return real_part(mean_dtype(x.dtype())); }

array square_of_modulus(const array& x) {
    return is_complex(x.dtype()) ? square(real(x)) + square(imag(x)) : square(x);
}

// With a derivative of zero at zero.
array root(const array& x) {
    const array is_zero = equal(x, 0);
    return where(is_zero, 0, sqrt(where(is_zero, 1, x)));
}

// How many elements of x make one of y.
array count_of(const array& x, const axes& over, dtype t) {
    extent count = 1;
    for (const int axis : over) count = count * x.extent(axis);
    return scalar_of(count, t, x.device());
}

array raised(const array& x, double power) {
    const array is_zero = equal(x, 0);
    return where(is_zero, power > 0 ? 0.0 : std::numeric_limits<double>::infinity(),
                 exp(log(where(is_zero, 1, x)) * power));
}

array wide_norm(const array& x, const axes& over, bool keepdims, double p) {
    if (p == 2) return root(sum(square_of_modulus(x), over, keepdims));
    if (p == 0) return astype(sum(not_equal(x, 0), over, keepdims), real_part(x.dtype()));
    const array size = abs(x);
    if (std::isinf(p)) return p > 0 ? max(size, over, keepdims) : min(size, over, keepdims);
    return p == 1 ? sum(size, over, keepdims) : raised(sum(raised(size, p), over, keepdims), 1 / p);
}

array part_along(const array& x, int axis, range part) {
    inline_vector<index_item> index(static_cast<std::size_t>(axis), whole);
    index.push_back(part);
    return slice(x, {index.data(), index.size()});
}

array element_along(const array& x, int axis, std::int64_t i) { return part_along(x, axis, range(i, i + 1)); }

}  // namespace

array var(const array& x, const reduced_axes& over, bool keepdims, double correction) {
    require_array(x, "array.var");
    const axes along = over.resolve(x.shape().size(), "array.var");
    const array wide = astype(x, wide_dtype(x));
    const array squares = sum(square_of_modulus(wide - mean(wide, along, true)), along, keepdims);
    const array count = maximum(count_of(x, along, f64) - correction, 0.0);
    return astype(squares / astype(count, squares.dtype()), result_dtype(x));
}

array stddev(const array& x, const reduced_axes& over, bool keepdims, double correction) {
    require_array(x, "array.stddev");
    const axes along = over.resolve(x.shape().size(), "array.stddev");
    return astype(root(var(astype(x, wide_dtype(x)), along, keepdims, correction)), result_dtype(x));
}

array vector_norm(const array& x, const reduced_axes& over, bool keepdims, double p) {
    constexpr std::string_view name = "array.vector_norm";
    require_array(x, name);
    if (std::isnan(p)) throw value_error(text(name, ": p must be a number, got ", p));
    const axes along = over.resolve(x.shape().size(), name);
    if (std::isinf(p)) require_elements(x, along, name);
    return astype(wide_norm(astype(x, wide_dtype(x)), along, keepdims, p), result_dtype(x));
}

array logsumexp(const array& x, const reduced_axes& over, bool keepdims) {
    constexpr std::string_view name = "array.logsumexp";
    require_real(x, name);
    const axes along = over.resolve(x.shape().size(), name);
    require_elements(x, along, name);
    const array wide = astype(x, wide_dtype(x));
    array top = max(wide, along, true);
    top = where(isfinite(top), top, 0);  // infinite ones would give inf - inf
    const array y = log(sum(exp(wide - top), along, true)) + top;
    return astype(keepdims ? y : squeeze(y, along), result_dtype(x));
}

array nansum(const array& x, const reduced_axes& over, bool keepdims) {
    require_array(x, "array.nansum");
    return sum(is_inexact(x.dtype()) ? where(isnan(x), 0, x) : x, over.resolve(x.shape().size(), "array.nansum"),
               keepdims);
}

array diff(const array& x, int n, int axis) {
    constexpr std::string_view name = "array.diff";
    require_array(x, name);
    if (n < 0) throw value_error(text(name, ": n must not be negative, got ", n));
    const int along = normalize_axis(axis, x.shape().size(), name);
    array y = x;
    for (int i = 0; i < n; ++i) {
        const array after = part_along(y, along, range(1, none)), before = part_along(y, along, range(none, -1));
        y = y.dtype() == boolean ? not_equal(after, before) : after - before;
    }
    return y;
}

array quantile(const array& x, double q, std::optional<int> axis, bool keepdims, quantile_method method) {
    constexpr std::string_view name = "array.quantile";
    require_real(x, name);
    if (!(q >= 0 && q <= 1)) throw value_error(text(name, ": q must be between 0 and 1, got ", q));
    if (!axis) {
        const array y = quantile(reshape(x, {-1}), q, 0, false, method);
        return keepdims ? reshape(y, dims(x.shape().size(), extent{1})) : y;
    }
    const int along = normalize_axis(*axis, x.shape().size(), name);
    const std::int64_t n = x.extent(along).value();
    if (n == 0)
        throw shape_error(
            text(name, ": needs at least one element, got shape ", x.shape(), " with axis ", along, " empty"));
    const array sorted = sort(astype(x, wide_dtype(x)), along);
    const double place = q * static_cast<double>(n - 1);
    const auto low = static_cast<std::int64_t>(std::floor(place));
    const double part = place - static_cast<double>(low);
    const array a = element_along(sorted, along, low), b = element_along(sorted, along, std::min(low + 1, n - 1));
    array y = a;
    switch (method) {
    case quantile_method::linear:
        if (part > 0) y = part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
        break;
    case quantile_method::lower: break;
    case quantile_method::higher: y = part > 0 ? b : a; break;
    case quantile_method::nearest:
        y = element_along(sorted, along, static_cast<std::int64_t>(std::nearbyint(place)));
        break;
    case quantile_method::midpoint:
        if (part > 0) y = (a + b) * 0.5;
        break;
    }
    const array last = element_along(sorted, along, n - 1);  // where a NaN would be
    y = astype(where(isnan(last), last, y), result_dtype(x));
    return keepdims ? y : squeeze(y, along);
}

array median(const array& x, std::optional<int> axis, bool keepdims) {
    require_real(x, "array.median");
    return quantile(x, 0.5, axis, keepdims);
}

}  // namespace tessera
