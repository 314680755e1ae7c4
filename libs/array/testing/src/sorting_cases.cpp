#include <algorithm>
#include <numeric>

#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/sorting.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

bool is_nan(const scalar_value& v) {
    const scalar_value one[] = {v};
    return evaluate_code(scalar_code::isnan, one).as<bool>();
}

bool is_less(const scalar_value& a, const scalar_value& b) {
    const scalar_value both[] = {a, b};
    return evaluate_code(scalar_code::less, both).as<bool>();
}

// NaN after everything, whichever the direction.
bool comes_before(const scalar_value& a, const scalar_value& b, bool descending) {
    if (is_nan(a) || is_nan(b)) return !is_nan(a);
    return descending ? is_less(b, a) : is_less(a, b);
}

using line = std::vector<scalar_value>;

std::vector<std::size_t> order_of(const line& values, bool descending) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return comes_before(values[a], values[b], descending); });
    return order;
}

// Calls fill(line, result of `length`) for every line along the axis.
template <class Fill>
expectation line_by_line(const host_tensor& x, std::size_t axis, dtype out, std::int64_t length, const Fill& fill) {
    sizes shape = x.shape, starts = x.shape;
    shape[axis] = length;
    starts[axis] = 1;
    expectation result{tensor(out, shape)};
    for (std::int64_t i = 0; i < count_of(starts); ++i) {
        sizes at = position_of(starts, i);
        line values;
        for (at[axis] = 0; at[axis] < x.shape[axis]; ++at[axis])
            values.push_back(element_at(x, flat_index(x.shape, at)));
        const line sorted = fill(values);
        for (at[axis] = 0; at[axis] < length; ++at[axis])
            set_element(result.value, flat_index(shape, at), sorted[static_cast<std::size_t>(at[axis])]);
    }
    return result;
}

std::size_t axis_of(const host_tensor& x, int axis) { return axis < 0 ? x.shape.size() - 1 : 0; }

expectation sorted(const host_tensor& x, int axis, bool descending, std::optional<std::int64_t> most) {
    const std::int64_t n = x.shape[axis_of(x, axis)];
    return line_by_line(x, axis_of(x, axis), x.dtype, most.value_or(n), [&](const line& values) {
        line result;
        for (const std::size_t i : order_of(values, descending)) result.push_back(values[i]);
        return result;
    });
}

expectation order(const host_tensor& x, int axis, bool descending, std::optional<std::int64_t> most) {
    const std::int64_t n = x.shape[axis_of(x, axis)];
    return line_by_line(x, axis_of(x, axis), i64, most.value_or(n), [&](const line& values) {
        line result;
        for (const std::size_t i : order_of(values, descending)) result.emplace_back(static_cast<std::int64_t>(i));
        return result;
    });
}

std::vector<std::vector<dtype>> ordered_dtypes() {
    std::vector<std::vector<dtype>> all = each_dtype();
    std::erase_if(all, [](const auto& types) { return is_complex(types[0]); });
    return all;
}

// Lines that are compared, and lines that are counted digit by digit.
std::vector<std::vector<sizes>> line_shapes(int axis) {
    if (axis == 0) return {{{5, 3}}, {{7}}, {{0, 2}}, {{2, 0}}, {{1}}, {{300, 2}}, {{2, 130}}};
    return {{{3, 5}}, {{7}}, {{2, 0}}, {{0, 2}}, {{1}}, {{2, 300}}, {{3000}}};
}

rejection axis_out_of_range(array (*call)(const array&, int, bool)) {
    return {.rule = "an axis out of range",
            .call =
                [call] {
                    (void)call(zeros({2, 3}, f32), 2, false);
                },
            .is_expected = throws<index_error>,
            .mentions = {"axis 2", "rank 2"}};
}

op_case sorting_case(std::string_view variant, int axis, bool descending, bool gives_indices) {
    return {.op = gives_indices ? "array.argsort" : "array.sort",
            .variant = variant,
            .call =
                [=](std::span<const array> in) {
                    return gives_indices ? argsort(in[0], axis, descending) : sort(in[0], axis, descending);
                },
            .reference =
                [=](std::span<const host_tensor> in) {
                    return gives_indices ? order(in[0], axis, descending, {}) : sorted(in[0], axis, descending, {});
                },
            .shapes = line_shapes(axis),
            .dtypes = ordered_dtypes(),
            .large = {{300, 700}},
            .rejects = {axis_out_of_range(gives_indices ? argsort : sort)},
            .derivative = gives_indices ? smoothness::constant : smoothness::real,
            .oracles = {gives_indices ? "argsort" : "sort"}};
}

op_case topk_case(std::string_view variant, bool largest, bool gives_indices) {
    return {.op = "array.topk",
            .variant = variant,
            .call =
                [=](std::span<const array> in) {
                    const topk_result top = topk(in[0], 2, -1, largest);
                    return gives_indices ? top.indices : top.values;
                },
            .reference =
                [=](std::span<const host_tensor> in) {
                    return gives_indices ? order(in[0], -1, largest, 2) : sorted(in[0], -1, largest, 2);
                },
            .shapes = {{{3, 5}}, {{2}}, {{0, 2}}, {{2, 300}}, {{40}}},
            .dtypes = ordered_dtypes(),
            .large = {{300, 700}},
            .rejects = {{.rule = "more than there are",
                         .shapes = {{3, 1}},
                         .is_expected = throws<shape_error>,
                         .mentions = {"k is 2", "axis 1", "(3, 1)"}}},
            .derivative = gives_indices ? smoothness::constant : smoothness::real,
            .oracles = {"topk"}};
}

op_case searchsorted_case(search_side side) {
    std::vector<std::vector<dtype>> types;
    for (const auto& a : ordered_dtypes())
        for (const auto& b : ordered_dtypes()) types.push_back({a[0], b[0]});
    return {.op = "array.searchsorted",
            .variant = side == search_side::left ? "left" : "right",
            .call = [side](std::span<const array> in) { return searchsorted(sort(in[0]), in[1], side); },
            .function = "array.sort",
            .reference =
                [side](std::span<const host_tensor> in) {
                    const dtype met = promote(in[0].dtype, in[1].dtype);
                    line a;
                    for (std::int64_t i = 0; i < count_of(in[0].shape); ++i)
                        a.push_back(element_at(in[0], i).cast(met));
                    expectation result{tensor(i64, in[1].shape)};
                    for (std::int64_t i = 0; i < count_of(in[1].shape); ++i) {
                        const scalar_value v = element_at(in[1], i).cast(met);
                        const auto before = std::ranges::count_if(a, [&](const scalar_value& x) {
                            return comes_before(x, v, false) ||
                                   (side == search_side::right && !comes_before(v, x, false));
                        });
                        set_element(result.value, i, scalar_value(static_cast<std::int64_t>(before)));
                    }
                    return result;
                },
            .shapes = {{{5}, {3, 4}}, {{7}, {}}, {{0}, {3}}, {{4}, {0}}, {{67}, {130}}},
            .dtypes = std::move(types),
            .large = {{300}, {640, 500}},
            .rejects = {{.rule = "a table of rank 2",
                         .call =
                             [] {
                                 (void)searchsorted(zeros({2, 3}), 1.0);
                             },
                         .is_expected = throws<shape_error>,
                         .mentions = {"rank 1", "(2, 3)"}}},
            .derivative = smoothness::constant,
            .oracles = {"searchsorted"}};
}

}  // namespace

void register_sorting_cases(case_table& table) {
    for (const bool gives_indices : {false, true}) {
        table.add(sorting_case("last_axis", -1, false, gives_indices));
        table.add(sorting_case("first_axis_descending", 0, true, gives_indices));
        table.add(sorting_case("descending", -1, true, gives_indices));
    }
    table.add(topk_case("largest_values", true, false));
    table.add(topk_case("smallest_values", false, false));
    table.add(topk_case("largest_indices", true, true));
    table.add(searchsorted_case(search_side::left));
    table.add(searchsorted_case(search_side::right));
}

}  // namespace tessera::testing
