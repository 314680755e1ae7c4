// Composites: each case stands under the op that a device meets first, and names the function.
#include <algorithm>
#include <cmath>
#include <limits>

#include "case_topics.hpp"
#include "reduction_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/statistics.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

dtype real_result(dtype t) { return real_part(mean_dtype(t)); }

long double size_of(const scalar_value& v) { return std::abs(number(v)); }

folded variance_of(dtype t, std::span<const scalar_value> row, long double correction) {
    wide mean = 0;
    for (const scalar_value& v : row) mean += number(v);
    mean /= static_cast<long double>(row.size());
    long double total = 0, scale = 0;
    for (const scalar_value& v : row) {
        total += std::norm(number(v) - mean);
        scale += std::pow(size_of(v) + std::abs(mean), 2);
    }
    const long double count = std::max(static_cast<long double>(row.size()) - correction, 0.0L);
    return {narrowed(total / count, real_result(t)), static_cast<double>(count > 0 ? scale / count : 0)};
}
folded var_of(dtype t, std::span<const scalar_value> row) { return variance_of(t, row, 0); }
folded sample_var_of(dtype t, std::span<const scalar_value> row) { return variance_of(t, row, 1); }

folded deviation_of(dtype t, std::span<const scalar_value> row) {
    const auto c = is_complex(t) ? c128 : f64;
    const folded v = variance_of(c, row, 0);
    return {narrowed(std::sqrt(v.value.as<double>()), real_result(t)), std::sqrt(v.scale)};
}

template <class Each, class Finish>
folded norm_of(dtype t, std::span<const scalar_value> row, Each each, Finish finish) {
    long double total = 0;
    for (const scalar_value& v : row) total += each(size_of(v));
    const long double norm = finish(total);
    return {narrowed(norm, real_result(t)), static_cast<double>(norm)};
}
folded norm2_of(dtype t, std::span<const scalar_value> row) {
    return norm_of(
        t, row, [](long double x) { return x * x; }, [](long double x) { return std::sqrt(x); });
}
folded norm1_of(dtype t, std::span<const scalar_value> row) {
    return norm_of(
        t, row, [](long double x) { return x; }, [](long double x) { return x; });
}
// The error of a logarithm is multiplied by the power.
folded norm3_of(dtype t, std::span<const scalar_value> row) {
    folded norm = norm_of(
        t, row, [](long double x) { return x * x * x; }, [](long double x) { return std::cbrt(x); });
    norm.scale *= 6;
    return norm;
}
folded greatest_of(dtype t, std::span<const scalar_value> row) {
    long double greatest = 0;
    for (const scalar_value& v : row) greatest = std::max(greatest, size_of(v));
    return {narrowed(greatest, real_result(t)), static_cast<double>(greatest)};
}

folded logsumexp_of(dtype t, std::span<const scalar_value> row) {
    long double top = -std::numeric_limits<long double>::infinity(), total = 0;
    for (const scalar_value& v : row) top = std::max(top, number(v).real());
    for (const scalar_value& v : row) total += std::exp(number(v).real() - top);
    return {narrowed(std::log(total) + top, real_result(t)), static_cast<double>(std::abs(top) + std::log(total) + 1)};
}

folded nansum_of(dtype t, std::span<const scalar_value> row) {
    const dtype result = sum_dtype(t);
    if (!is_inexact(t)) {
        std::uint64_t total = 0;
        for (const scalar_value& v : row) total += v.cast(result).as<std::uint64_t>();
        return {result == i64 ? scalar_value(static_cast<std::int64_t>(total)) : scalar_value(total), 0};
    }
    wide total = 0;
    double scale = 0;
    for (const scalar_value& v : row) {
        if (std::isnan(number(v).real()) || std::isnan(number(v).imag())) continue;
        total += number(v);
        scale += static_cast<double>(size_of(v));
    }
    return {narrowed(total, result), scale};
}

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr reduction statistics[] = {
    {.op = "array.mean",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return var(x, over, keepdims); },
     .each = var_of,
     .oracle = "var",
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .function = "array.var",
     .label = "var"},
    {.op = "array.mean",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return var(x, over, keepdims, 1); },
     .each = sample_var_of,
     .oracle = "var",
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .function = "array.var",
     .label = "sample_var"},
    {.op = "array.mean",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return stddev(x, over, keepdims); },
     .each = deviation_of,
     .oracle = "std",
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .function = "array.stddev",
     .label = "stddev"},
    {.op = "array.square",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return vector_norm(x, over, keepdims); },
     .each = norm2_of,
     .oracle = "norm2",
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .function = "array.vector_norm",
     .label = "norm_2"},
    {.op = "array.abs",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return vector_norm(x, over, keepdims, 1); },
     .each = norm1_of,
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .domain = {.low = -4, .high = 4, .gap = 0.5},
     .function = "array.vector_norm",
     .label = "norm_1"},
    {.op = "array.abs",
     .call = [](const array& x, const reduced_axes& over, bool keepdims) { return vector_norm(x, over, keepdims, 3); },
     .each = norm3_of,
     .promises = accuracy::function,
     .specials = special::none,
     .derivative = smoothness::complex,
     .domain = {.low = -4, .high = 4, .gap = 0.5},
     .function = "array.vector_norm",
     .label = "norm_3"},
    {.op = "array.abs",
     .call = [](const array& x, const reduced_axes& over,
                bool keepdims) { return vector_norm(x, over, keepdims, infinity); },
     .each = greatest_of,
     .promises = accuracy::accumulation,
     .specials = special::none,
     .derivative = smoothness::complex,
     .takes_empty = false,
     .domain = {.low = -4, .high = 4, .gap = 0.5},
     .function = "array.vector_norm",
     .label = "norm_inf"},
    {.op = "array.max",
     .call = logsumexp,
     .each = logsumexp_of,
     .oracle = "logsumexp",
     .promises = accuracy::function,
     .specials = special::none,
     .derivative = smoothness::real,
     .takes_complex = false,
     .takes_empty = false,
     .function = "array.logsumexp",
     .label = "logsumexp"},
    {.op = "array.isnan",
     .call = nansum,
     .each = nansum_of,
     .oracle = "nansum",
     .promises = accuracy::accumulation,
     .specials = special::non_finite,
     .derivative = smoothness::complex,
     .function = "array.nansum",
     .label = "nansum"},
};

}  // namespace

void register_statistics_cases(case_table& table) {
    for (const reduction& r : statistics) add_reduction_cases(table, r);
}

}  // namespace tessera::testing
