#include <algorithm>
#include <cmath>

#include "case_topics.hpp"
#include "reduction_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

// Integers wrap in 64 bits, which u64 does for either sign.
scalar_value integer_result(std::uint64_t v, dtype t) {
    return t == i64 ? scalar_value(static_cast<std::int64_t>(v)) : scalar_value(v);
}

folded sum_of(dtype t, std::span<const scalar_value> row) {
    const dtype result = sum_dtype(t);
    if (!is_inexact(t)) {
        std::uint64_t total = 0;
        for (const scalar_value& v : row) total += v.cast(result).as<std::uint64_t>();
        return {integer_result(total, result), 0};
    }
    wide total = 0;
    double scale = 0;
    for (const scalar_value& v : row) {
        total += number(v);
        scale += static_cast<double>(std::abs(number(v)));
    }
    return {narrowed(total, result), scale};
}

folded product_of(dtype t, std::span<const scalar_value> row) {
    const dtype result = sum_dtype(t);
    if (!is_inexact(t)) {
        std::uint64_t total = 1;
        for (const scalar_value& v : row) total *= v.cast(result).as<std::uint64_t>();
        return {integer_result(total, result), 0};
    }
    wide total = 1;
    for (const scalar_value& v : row) {
        if (is_complex(t))
            total *= number(v);
        else
            total = total.real() * number(v).real();
    }
    return {narrowed(total, result), static_cast<double>(std::abs(total))};
}

folded mean_of(dtype t, std::span<const scalar_value> row) {
    wide total = 0;
    double scale = 0;
    for (const scalar_value& v : row) {
        total += number(v);
        scale += static_cast<double>(std::abs(number(v)));
    }
    const auto count = static_cast<long double>(row.size());
    const wide mean(total.real() / count, is_complex(t) ? total.imag() / count : 0);
    return {narrowed(mean, mean_dtype(t)), scale / static_cast<double>(row.size())};
}

template <scalar_code Code> folded extreme_of(dtype t, std::span<const scalar_value> row) {
    scalar_value best = row.empty() ? scalar_value(0).cast(t) : row.front();
    for (const scalar_value& v : row) {
        const scalar_value both[] = {best, v};
        best = evaluate_code(Code, both);
    }
    return {best, 0};
}

// The first element that no other one beats.
template <scalar_code Better> folded arg_extreme_of(dtype, std::span<const scalar_value> row) {
    const auto is_nan = [](const scalar_value& v) {
        const scalar_value one[] = {v};
        return evaluate_code(scalar_code::isnan, one).as<bool>();
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < row.size() && !is_nan(row[best]); ++i) {
        const scalar_value both[] = {row[i], row[best]};
        if (is_nan(row[i]) || evaluate_code(Better, both).as<bool>()) best = i;
    }
    return {scalar_value(static_cast<std::int64_t>(best)), 0};
}

bool is_true(const scalar_value& v) { return v.as<bool>(); }
folded any_of(dtype, std::span<const scalar_value> row) { return {scalar_value(std::ranges::any_of(row, is_true)), 0}; }
folded all_of(dtype, std::span<const scalar_value> row) { return {scalar_value(std::ranges::all_of(row, is_true)), 0}; }

constexpr reduction reductions[] = {
    {.op = "array.sum",
     .call = sum,
     .each = sum_of,
     .oracle = "sum",
     .promises = accuracy::accumulation,
     .specials = special::non_finite,
     .derivative = smoothness::complex},
    {.op = "array.prod",
     .call = prod,
     .each = product_of,
     .oracle = "prod",
     .promises = accuracy::accumulation,
     .specials = special::non_finite,
     .derivative = smoothness::complex,
     .takes_long = false,
     .domain = {.low = -1.5, .high = 1.5, .gap = 0.5}},
    {.op = "array.mean",
     .call = mean,
     .each = mean_of,
     .oracle = "mean",
     .promises = accuracy::accumulation,
     .specials = special::non_finite,
     .derivative = smoothness::complex},
    {.op = "array.max",
     .call = max,
     .each = extreme_of<scalar_code::maximum>,
     .oracle = "max",
     .derivative = smoothness::real,
     .takes_complex = false,
     .takes_empty = false},
    {.op = "array.min",
     .call = min,
     .each = extreme_of<scalar_code::minimum>,
     .oracle = "min",
     .derivative = smoothness::real,
     .takes_complex = false,
     .takes_empty = false},
    {.op = "array.any", .call = any, .each = any_of, .oracle = "any", .derivative = smoothness::constant},
    {.op = "array.all", .call = all, .each = all_of, .oracle = "all", .derivative = smoothness::constant},
};

struct arg_reduction {
    std::string_view op;
    array (*call)(const array&, std::optional<int>, bool);
    fold each;
    std::string_view oracle;
};
constexpr arg_reduction arg_reductions[] = {
    {"array.argmax", argmax, arg_extreme_of<scalar_code::greater>, "argmax"},
    {"array.argmin", argmin, arg_extreme_of<scalar_code::less>, "argmin"},
};

op_case arg_reduction_case(const arg_reduction& r, std::string_view variant, std::optional<int> axis, bool keepdims) {
    const over_axes way{variant, axis ? std::optional(std::vector{*axis}) : std::nullopt, keepdims, {}};
    std::vector<std::vector<sizes>> shapes{{{3, 5}}, {{1, 1}}, {{2, 70}}, {{70, 2}}, {{0, 2}}, {{2, 4100}}};
    if (!axis) shapes = {{{3, 5}}, {{}}, {{1}}, {{67}}, {{9000}}, {{2, 3, 4}}};
    if (axis == 0) shapes[4] = {{2, 0}};
    return {.op = r.op,
            .variant = variant,
            .call = [r, axis, keepdims](std::span<const array> in) { return r.call(in[0], axis, keepdims); },
            .reference = [r, way](std::span<const host_tensor> in) { return reduce(in[0], way, r.each); },
            .shapes = std::move(shapes),
            .dtypes = reduction_dtypes(false),
            .large = {{900, 800}},
            .rejects = {{.rule = "no elements",
                         .call = [r] { (void)r.call(zeros({0}, f32), std::nullopt, false); },
                         .is_expected = throws<shape_error>,
                         .mentions = {"(0,)"}},
                        {.rule = "an axis out of range",
                         .call =
                             [r] {
                                 (void)r.call(zeros({2, 3}, f32), -3, false);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {"axis -3", "rank 2"}}},
            .derivative = smoothness::constant,
            .oracles = {r.oracle}};
}

}  // namespace

void register_reduction_cases(case_table& table) {
    for (const reduction& r : reductions) add_reduction_cases(table, r);
    for (const arg_reduction& r : arg_reductions) {
        table.add(arg_reduction_case(r, "all", std::nullopt, false));
        table.add(arg_reduction_case(r, "last_axis", -1, false));
        table.add(arg_reduction_case(r, "first_axis_kept", 0, true));
    }
}

}  // namespace tessera::testing
