#include <complex>

#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/cumulative.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

struct running {
    std::string_view op;
    array (*call)(const array&, std::optional<int>);
    scalar_code code;
    std::string_view oracle;
    smoothness derivative;
    interval domain = {};
    bool widens() const { return code == scalar_code::add || code == scalar_code::multiply; }
};
constexpr running all_running[] = {
    {"array.cumsum", cumsum, scalar_code::add, "cumsum", smoothness::complex},
    {"array.cumprod", cumprod, scalar_code::multiply, "cumprod", smoothness::complex, {.low = -1.5, .high = 1.5}},
    {"array.cummax", cummax, scalar_code::maximum, "cummax", smoothness::real},
    {"array.cummin", cummin, scalar_code::minimum, "cummin", smoothness::real},
};

// Element i of every line is what the elements 0 ... i fold to, in that order; narrow floats are folded in f32.
expectation folded(const host_tensor& x, std::size_t axis, const running& r) {
    const dtype out = r.widens() ? sum_dtype(x.dtype) : x.dtype;
    const dtype wide = is_narrow_float(out) ? f32 : out;
    expectation result{tensor(out, x.shape)};
    host_tensor exact = tensor(wide, x.shape);
    for (std::int64_t i = 0; i < count_of(x.shape); ++i) {
        sizes at = position_of(x.shape, i);
        scalar_value value = element_at(x, i).cast(wide);
        if (at[axis]-- > 0) {
            const scalar_value both[] = {element_at(exact, flat_index(x.shape, at)), value};
            value = evaluate_code(r.code, both);
        }
        set_element(exact, i, value);
        set_element(result.value, i, value.cast(out));
    }
    return result;
}

op_case running_case(const running& r, std::string_view variant, std::optional<int> axis) {
    std::vector<std::vector<sizes>> shapes{{{3, 5}}, {{7}}, {{2, 0}}, {{0, 2}}, {{1}}, {{5, 3, 130}}, {{2, 3, 4}}};
    if (!axis) shapes = {{{3, 5}}, {{}}, {{1}}, {{0}}, {{67}}, {{2, 3, 4}}};
    std::vector<std::vector<dtype>> types = each_dtype();
    if (!r.widens()) std::erase_if(types, [](const auto& t) { return is_complex(t[0]); });
    return {.op = r.op,
            .variant = variant,
            .call = [r, axis](std::span<const array> in) { return r.call(in[0], axis); },
            .reference =
                [r, axis](std::span<const host_tensor> in) {
                    host_tensor x = in[0];
                    if (!axis) x.shape = {count_of(x.shape)};
                    return folded(x, axis.value_or(0) < 0 ? x.shape.size() - 1 : 0, r);
                },
            .shapes = std::move(shapes),
            .dtypes = std::move(types),
            .domains = {r.domain},
            .large = {{900, 800}},
            .rejects = {{.rule = "an axis out of range",
                         .call =
                             [r] {
                                 (void)r.call(zeros({2, 3}, f32), 2);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {"axis 2", "rank 2"}}},
            .derivative = r.derivative,
            .oracles = {r.oracle}};
}

op_case recurrence_case() {
    std::vector<std::vector<dtype>> types;
    for (const auto& t : each_dtype())
        for (const auto& u : each_dtype())
            if (promote(t[0], u[0]) != boolean) types.push_back({t[0], u[0]});
    return {.op = "array.linear_recurrence",
            .call = [](std::span<const array> in) { return linear_recurrence(in[0], in[1], 0); },
            .reference =
                [](std::span<const host_tensor> in) {
                    const sizes shape = broadcast_sizes(in);
                    const dtype met = promote(in[0].dtype, in[1].dtype), wide = is_narrow_float(met) ? f32 : met;
                    // Operands as large as the result, in its dtype.
                    std::vector<host_tensor> ab;
                    for (const host_tensor& t : in) {
                        const host_tensor both[] = {t, tensor(met, shape)};
                        ab.push_back(element_by_element([met](auto pair) { return pair[0].cast(met); })(both).value);
                    }
                    expectation result{tensor(met, shape)};
                    host_tensor exact = tensor(wide, shape);
                    for (std::int64_t i = 0; i < count_of(shape); ++i) {
                        sizes at = position_of(shape, i);
                        scalar_value y = element_at(ab[1], i).cast(wide);
                        if (at[0]-- > 0) {
                            const scalar_value factors[] = {element_at(ab[0], i).cast(wide),
                                                            element_at(exact, flat_index(shape, at))};
                            const scalar_value terms[] = {evaluate_code(scalar_code::multiply, factors), y};
                            y = evaluate_code(scalar_code::add, terms);
                        }
                        set_element(exact, i, y);
                        set_element(result.value, i, y.cast(met));
                    }
                    return result;
                },
            .shapes = {{{5, 3}, {5, 3}}, {{7}, {7}}, {{4, 1}, {3}}, {{0, 2}, {0, 2}}, {{1}, {1}}, {{3, 200}, {200}}},
            .dtypes = std::move(types),
            .domains = {{.low = -1, .high = 1}},
            .large = {{900, 800}, {900, 800}},
            .rejects = {{.rule = "shapes that do not broadcast",
                         .shapes = {{2, 3}, {4, 3}},
                         .is_expected = throws<shape_error>,
                         .mentions = {"(2, 3)", "(4, 3)"}}},
            .derivative = smoothness::complex};
}

}  // namespace

void register_cumulative_cases(case_table& table) {
    for (const running& r : all_running) {
        table.add(running_case(r, "all", std::nullopt));
        table.add(running_case(r, "first_axis", 0));
        table.add(running_case(r, "last_axis", -1));
    }
    table.add(recurrence_case());
}

}  // namespace tessera::testing
