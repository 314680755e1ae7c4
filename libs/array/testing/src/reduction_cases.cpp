#include <algorithm>
#include <cmath>

#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

// One result and what its rounding error is measured by.
struct folded {
    scalar_value value;
    double scale;
};
using fold = folded (*)(dtype t, std::span<const scalar_value> row);

struct over_axes {
    std::string_view name;
    std::optional<std::vector<int>> listed;  // nullopt: all
    bool keepdims;
    std::vector<std::vector<sizes>> shapes;
};

// Which axes of a shape are reduced.
std::vector<bool> reduced(const sizes& shape, const std::optional<std::vector<int>>& listed) {
    std::vector<bool> is_reduced(shape.size(), !listed);
    for (const int axis : listed.value_or(std::vector<int>()))
        is_reduced[static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(shape.size()) : axis)] = true;
    return is_reduced;
}

reduced_axes axes_of(const over_axes& way) {
    if (!way.listed) return all_axes;
    return axes(std::span<const int>(*way.listed));
}

expectation reduce(const host_tensor& x, const over_axes& over, fold each) {
    const std::vector<bool> is_reduced = reduced(x.shape, over.listed);
    sizes kept(x.shape), result_shape;
    for (std::size_t a = 0; a < x.shape.size(); ++a) {
        if (is_reduced[a]) kept[a] = 1;
        if (!is_reduced[a] || over.keepdims) result_shape.push_back(kept[a]);
    }
    std::vector<std::vector<scalar_value>> rows(static_cast<std::size_t>(count_of(kept)));
    for (std::int64_t i = 0; i < count_of(x.shape); ++i) {
        sizes at = position_of(x.shape, i);
        for (std::size_t a = 0; a < at.size(); ++a)
            if (is_reduced[a]) at[a] = 0;
        rows[static_cast<std::size_t>(flat_index(kept, at))].push_back(element_at(x, i));
    }
    expectation result;
    result.value =
        tensor(rows.empty() ? each(x.dtype, {}).value.dtype : each(x.dtype, rows[0]).value.dtype, result_shape);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const folded one = each(x.dtype, rows[i]);
        set_element(result.value, static_cast<std::int64_t>(i), one.value);
        result.scale.push_back(one.scale);
    }
    return result;
}

using wide = std::complex<long double>;

wide number(const scalar_value& v) { return wide(v.as<std::complex<double>>()); }

scalar_value narrowed(wide v, dtype t) {
    return scalar_value(std::complex<double>(static_cast<double>(v.real()), static_cast<double>(v.imag()))).cast(t);
}

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

struct reduction {
    std::string_view op;
    array (*call)(const array&, const reduced_axes&, bool);
    fold each;
    std::string_view oracle;
    accuracy promises = accuracy::exact;
    special specials = special::numbers;
    smoothness derivative = smoothness::none;
    bool takes_complex = true;
    bool takes_empty = true;
    bool takes_long = true;  // rows of more than a hundred
    interval domain = {};
};

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

// Rows of one span of 4096 elements and a tail, and of several.
const std::vector<over_axes>& ways() {
    static const std::vector<over_axes> all{
        {"all", std::nullopt, false, {{{3, 5}}, {{}}, {{1}}, {{0}}, {{67}}, {{2, 3, 4}}, {{4099}}, {{3, 4500}}}},
        {"last_axis", std::vector{-1}, false, {{{3, 5}}, {{7}}, {{2, 3, 70}}, {{2, 0}}, {{0, 2}}, {{2, 4100}}}},
        {"first_axis", std::vector{0}, false, {{{5, 3}}, {{1, 3}}, {{70, 2, 3}}, {{0, 2}}, {{2, 0}}, {{4100, 2}}}},
        {"outer_axes_kept",
         std::vector{0, 2},
         true,
         {{{3, 5, 4}}, {{1, 1, 1}}, {{20, 2, 30}}, {{2, 0, 3}}, {{50, 2, 90}}}},
        {"no_axes", std::vector<int>(), false, {{{3, 5}}, {{}}, {{0}}}},
    };
    return all;
}

std::vector<std::vector<sizes>> shapes_for(const reduction& r, const over_axes& way) {
    std::vector<std::vector<sizes>> shapes;
    for (const auto& shape : way.shapes) {
        const std::vector<bool> is_reduced = reduced(shape[0], way.listed);
        std::int64_t row = 1;
        for (std::size_t a = 0; a < shape[0].size(); ++a)
            if (is_reduced[a]) row *= shape[0][a];
        if (row == 0 && !r.takes_empty) continue;
        if (row > 100 && !r.takes_long) continue;
        shapes.push_back(shape);
    }
    return shapes;
}

std::vector<std::vector<dtype>> reduction_dtypes(bool takes_complex) {
    std::vector<std::vector<dtype>> all = each_dtype();
    std::erase_if(all, [&](const auto& types) { return !takes_complex && is_complex(types[0]); });
    return all;
}

op_case reduction_case(const reduction& r, const over_axes& way) {
    const array x = zeros({2, 3}, f32);
    std::vector<rejection> rejects{
        {.rule = "an axis out of range",
         .call = [r, x] { (void)r.call(x, 2, false); },
         .is_expected = throws<index_error>,
         .mentions = {"axis 2", "rank 2"}},
        {.rule = "an axis given twice",
         .call =
             [r, x] {
                 (void)r.call(x, {0, -2}, false);
             },
         .is_expected = throws<index_error>,
         .mentions = {"twice"}},
    };
    if (!r.takes_empty)
        rejects.push_back({.rule = "no elements",
                           .call =
                               [r] {
                                   (void)r.call(zeros({2, 0}, f32), 1, false);
                               },
                           .is_expected = throws<shape_error>,
                           .mentions = {"(2, 0)"}});
    return {.op = r.op,
            .variant = way.name,
            .call = [r, &way](std::span<const array> in) { return r.call(in[0], axes_of(way), way.keepdims); },
            .reference = [r, &way](std::span<const host_tensor> in) { return reduce(in[0], way, r.each); },
            .shapes = shapes_for(r, way),
            .dtypes = reduction_dtypes(r.takes_complex),
            .promises = r.promises,
            .domains = {r.domain},
            .specials = r.specials,
            .large = way.name == "outer_axes_kept" ? std::vector<sizes>{{90, 80, 100}} : std::vector<sizes>{{900, 800}},
            .rejects = std::move(rejects),
            .derivative = r.derivative,
            .oracles = {r.oracle}};
}

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
    for (const reduction& r : reductions)
        for (const over_axes& way : ways()) table.add(reduction_case(r, way));
    for (const arg_reduction& r : arg_reductions) {
        table.add(arg_reduction_case(r, "all", std::nullopt, false));
        table.add(arg_reduction_case(r, "last_axis", -1, false));
        table.add(arg_reduction_case(r, "first_axis_kept", 0, true));
    }
}

}  // namespace tessera::testing
