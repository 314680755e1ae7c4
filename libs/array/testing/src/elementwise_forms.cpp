#include "elementwise_forms.hpp"

#include "tessera/dtype/promotion.hpp"

namespace tessera::testing {

std::vector<std::vector<sizes>> unary_shapes() {
    return {{{3, 5}}, {{}}, {{0}}, {{1}}, {{67}}, {{2, 0, 3}}, {{2, 3, 4}}, {{1, 4, 1}}};
}

std::vector<std::vector<sizes>> binary_shapes() {
    return {{{3, 5}, {3, 5}}, {{}, {}},         {{0}, {0}},   {{1}, {1}},       {{67}, {67}},
            {{3, 5}, {5}},    {{3, 1}, {1, 5}}, {{}, {2, 4}}, {{2, 0, 3}, {3}}, {{2, 3, 4}, {2, 1, 4}}};
}

std::vector<std::vector<dtype>> each_dtype() {
    std::vector<std::vector<dtype>> all;
    for (int i = 0; i < dtype_count; ++i) all.push_back({static_cast<dtype>(i)});
    return all;
}

op_case unary_case(unary_form form) {
    std::vector<std::vector<dtype>> accepted;
    for (const auto& types : each_dtype())
        if (takes(form.code, form.computes_in ? form.computes_in(types[0]) : types[0])) accepted.push_back(types);
    return {.op = form.op,
            .call = [call = form.call](std::span<const array> in) { return call(in[0]); },
            .reference = by_code(form.code, form.computes_in),
            .shapes = unary_shapes(),
            .dtypes = std::move(accepted),
            .promises = form.promises,
            .domains = {form.domain},
            .large = {shape_for_threads},
            .derivative = form.derivative,
            .oracles = std::move(form.oracles)};
}

op_case binary_case(binary_form form) {
    std::vector<std::vector<dtype>> accepted;
    for (const auto& a : each_dtype())
        for (const auto& b : each_dtype()) {
            const dtype met = promote(a[0], b[0]);
            if (takes(form.code, form.computes_in ? form.computes_in(met) : met)) accepted.push_back({a[0], b[0]});
        }
    return {.op = form.op,
            .call = [call = form.call](std::span<const array> in) { return call(in[0], in[1]); },
            .reference = by_code(form.code, form.computes_in),
            .shapes = binary_shapes(),
            .dtypes = std::move(accepted),
            .promises = form.promises,
            .domains = std::move(form.domains),
            .large = {shape_for_threads, shape_for_threads},
            .rejects = {{.rule = "shapes that do not broadcast",
                         .shapes = {{2, 3}, {2, 4}},
                         .is_expected = throws<shape_error>,
                         .mentions = {"(2, 3)", "(2, 4)"}}},
            .derivative = form.derivative,
            .oracles = std::move(form.oracles)};
}

}  // namespace tessera::testing
