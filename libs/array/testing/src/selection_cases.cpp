#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

std::vector<std::vector<dtype>> where_dtypes() {
    std::vector<std::vector<dtype>> all;
    for (const auto& a : each_dtype())
        for (const auto& b : each_dtype()) all.push_back({boolean, a[0], b[0]});
    return all;
}

// Bounds must not change the dtype of x.
std::vector<std::vector<dtype>> clip_dtypes() {
    std::vector<std::vector<dtype>> all;
    for (const auto& x : each_dtype())
        for (const auto& bound : each_dtype())
            if (takes(scalar_code::maximum, x[0]) && promote(x[0], bound[0]) == x[0])
                all.push_back({x[0], bound[0], bound[0]});
    return all;
}

scalar_value clip_one(std::span<const scalar_value> in) {
    const dtype t = in[0].dtype;
    const scalar_value above[] = {in[0], in[1].cast(t)};
    const scalar_value below[] = {evaluate_code(scalar_code::maximum, above), in[2].cast(t)};
    return evaluate_code(scalar_code::minimum, below);
}

std::vector<std::vector<sizes>> shapes_of_three() {
    return {{{3, 5}, {3, 5}, {3, 5}}, {{}, {}, {}},         {{0}, {0}, {}},          {{1}, {1}, {1}},
            {{67}, {67}, {67}},       {{3, 1}, {1, 5}, {}}, {{5}, {3, 1}, {2, 1, 5}}};
}

op_case astype_case(dtype to) {
    return {.op = "array.astype",
            .variant = name(to),
            .call = [to](std::span<const array> in) { return astype(in[0], to); },
            .reference = element_by_element([to](std::span<const scalar_value> in) { return in[0].cast(to); }),
            .shapes = unary_shapes(),
            .dtypes = each_dtype(),
            .large = {shape_for_threads},
            .derivative = to == f64 || to == c128 ? smoothness::complex : smoothness::none,
            .oracles = {"astype"}};
}

}  // namespace

void register_selection_cases(case_table& table) {
    table.add({.op = "array.where",
               .call = [](std::span<const array> in) { return where(in[0], in[1], in[2]); },
               .reference = by_code(scalar_code::select),
               .shapes = shapes_of_three(),
               .dtypes = where_dtypes(),
               .large = {shape_for_threads, shape_for_threads, shape_for_threads},
               .rejects = {{.rule = "shapes that do not broadcast",
                            .shapes = {{2, 3}, {2, 3}, {4, 3}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(2, 3)", "(4, 3)"}}},
               .derivative = smoothness::complex,
               .discrete = {0},
               .oracles = {"where"}});
    table.add({.op = "array.clip",
               .call = [](std::span<const array> in) { return clip(in[0], in[1], in[2]); },
               .reference = element_by_element(clip_one),
               .shapes = shapes_of_three(),
               .dtypes = clip_dtypes(),
               .domains = {{.low = -4, .high = 4}, {.low = -2, .high = -1}, {.low = 1, .high = 2}},
               .large = {shape_for_threads, {}, {}},
               .rejects = {{.rule = "a bound that would change the dtype",
                            .call =
                                [] {
                                    (void)clip(array({1, 2}), 0.5, 1.5);
                                },
                            .is_expected = throws<dtype_error>,
                            .mentions = {"i32", "f64"}}},
               .derivative = smoothness::real,
               .oracles = {"clip"}});
    for (int i = 0; i < dtype_count; ++i) table.add(astype_case(static_cast<dtype>(i)));
}

}  // namespace tessera::testing
