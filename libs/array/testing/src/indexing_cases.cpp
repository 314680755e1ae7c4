#include <algorithm>
#include <array>

#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

array six() { return zeros({2, 3}, f32); }

// Indices below 4, negative ones too where the dtype has them; the indexed axis has 4 elements or more.
constexpr interval within_four{.low = -4, .high = 3};

std::vector<dtype> index_dtypes() {
    std::vector<dtype> all{i64};
    for (const auto& t : each_dtype())
        if (is_integer(t[0]) && t[0] != i64) all.push_back(t[0]);
    return all;
}

std::int64_t index_at(const host_tensor& indices, std::int64_t i, std::int64_t size) {
    const auto index = element_at(indices, i).as<std::int64_t>();
    return index < 0 ? index + size : index;
}

op_case take_along_axis_case(std::string_view variant, int axis) {
    std::vector<std::vector<dtype>> types;
    for (const auto& x : each_dtype())
        for (const dtype index : index_dtypes()) types.push_back({x[0], index});
    std::vector<std::vector<sizes>> shapes{{{4, 3}, {5, 3}},       {{4}, {7}},       {{4, 200}, {2, 200}},
                                           {{5, 1, 2}, {2, 3, 1}}, {{4, 0}, {2, 0}}, {{4, 2}, {0, 2}}};
    if (axis != 0) {
        for (auto& both : shapes)
            for (sizes& s : both) std::rotate(s.begin(), s.begin() + 1, s.end());
    }
    return {.op = "array.take_along_axis",
            .variant = variant,
            .call = [axis](std::span<const array> in) { return take_along_axis(in[0], in[1], axis); },
            .reference =
                [axis](std::span<const host_tensor> in) {
                    const host_tensor &x = in[0], &indices = in[1];
                    const std::size_t along = axis < 0 ? x.shape.size() - 1 : 0;
                    sizes shape = indices.shape;
                    for (std::size_t a = 0; a < shape.size(); ++a)
                        if (a != along) shape[a] = shape[a] == 1 ? x.shape[a] : shape[a];
                    expectation result{tensor(x.dtype, shape)};
                    for (std::int64_t i = 0; i < count_of(shape); ++i) {
                        sizes to = position_of(shape, i), from = to;
                        for (std::size_t a = 0; a < shape.size(); ++a) {
                            if (indices.shape[a] == 1 && a != along) to[a] = 0;
                            if (x.shape[a] == 1 && a != along) from[a] = 0;
                        }
                        from[along] = index_at(indices, flat_index(indices.shape, to), x.shape[along]);
                        set_element(result.value, i, element_at(x, flat_index(x.shape, from)));
                    }
                    return result;
                },
            .shapes = std::move(shapes),
            .dtypes = std::move(types),
            .domains = {interval{}, within_four},
            .large = {{700, 700}, {700, 700}},
            .rejects = {{.rule = "an index out of range",
                         .call =
                             [axis] {
                                 const array far = axis == 0 ? array({{0, 0, 2}}) : array({{0, -4}, {1, 1}});
                                 (void)take_along_axis(six(), far, axis);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {axis == 0 ? "index 2" : "index -4", axis == 0 ? "size 2" : "size 3"}},
                        {.rule = "indices of another rank",
                         .call =
                             [axis] {
                                 (void)take_along_axis(six(), array({0, 1}), axis);
                             },
                         .is_expected = throws<shape_error>,
                         .mentions = {"(2,)", "(2, 3)"}},
                        {.rule = "an axis out of range",
                         .call = [] { (void)take_along_axis(six(), array({{0}}), 2); },
                         .is_expected = throws<index_error>,
                         .mentions = {"axis 2", "rank 2"}}},
            .derivative = smoothness::complex,
            .discrete = {1}};
}

scalar_value put_together(scatter_mode mode, const scalar_value& x, const scalar_value& v) {
    const scalar_value both[] = {x, v};
    switch (mode) {
    case scatter_mode::set: return v;
    case scatter_mode::add: return evaluate_code(scalar_code::add, both);
    case scatter_mode::minimum: return evaluate_code(scalar_code::minimum, both);
    case scatter_mode::maximum: break;
    }
    return evaluate_code(scalar_code::maximum, both);
}

// Values of the indices' shape, put along the axis one after the other.
expectation put(std::span<const host_tensor> in, std::size_t axis, scatter_mode mode) {
    const host_tensor &x = in[0], &indices = in[1], &values = in[2];
    const dtype wide = mode == scatter_mode::add && is_narrow_float(x.dtype) ? f32 : x.dtype;
    host_tensor sums = tensor(wide, x.shape);
    for (std::int64_t i = 0; i < count_of(x.shape); ++i) set_element(sums, i, element_at(x, i).cast(wide));
    sizes places = x.shape;
    places[axis] = indices.shape[axis];
    for (std::int64_t i = 0; i < count_of(places); ++i) {
        sizes to = position_of(places, i), which = to,
              from(to.end() - static_cast<std::ptrdiff_t>(values.shape.size()), to.end());
        for (std::size_t a = 0; a < to.size(); ++a)
            if (indices.shape[a] == 1) which[a] = 0;
        for (std::size_t a = 0; a < from.size(); ++a)
            if (values.shape[a] == 1) from[a] = 0;
        to[axis] = index_at(indices, flat_index(indices.shape, which), x.shape[axis]);
        const std::int64_t at = flat_index(x.shape, to);
        const scalar_value value = element_at(values, flat_index(values.shape, from)).cast(x.dtype).cast(wide);
        set_element(sums, at, put_together(mode, element_at(sums, at), value));
    }
    expectation result{tensor(x.dtype, x.shape)};
    for (std::int64_t i = 0; i < count_of(x.shape); ++i)
        set_element(result.value, i, element_at(sums, i).cast(x.dtype));
    return result;
}

struct scatter_form {
    std::string_view variant;
    scatter_mode mode;
    smoothness derivative;
};
constexpr scatter_form scatter_forms[] = {
    {"set", scatter_mode::set, smoothness::complex},
    {"add", scatter_mode::add, smoothness::complex},
    {"minimum", scatter_mode::minimum, smoothness::real},
    {"maximum", scatter_mode::maximum, smoothness::real},
};

bool takes_dtype(scatter_mode mode, dtype t) {
    switch (mode) {
    case scatter_mode::set: return true;
    case scatter_mode::add: return t != boolean;
    case scatter_mode::minimum:
    case scatter_mode::maximum: break;
    }
    return !is_complex(t);
}

op_case put_along_axis_case(const scatter_form& form) {
    const scatter_mode mode = form.mode;
    std::vector<std::vector<dtype>> types;
    for (const auto& x : each_dtype())
        for (const dtype index : index_dtypes())
            for (const auto& v : each_dtype())
                if (takes_dtype(mode, x[0]) && promote(x[0], v[0]) == x[0] && (index == i64 || v[0] == x[0]))
                    types.push_back({x[0], index, v[0]});
    return {.op = "array.put_along_axis",
            .variant = form.variant,
            .call = [mode](std::span<const array> in) { return put_along_axis(in[0], in[1], in[2], 0, mode); },
            .reference = [mode](std::span<const host_tensor> in) { return put(in, 0, mode); },
            .shapes = {{{4, 3}, {5, 3}, {5, 3}},
                       {{4}, {9}, {9}},
                       {{4, 200}, {2, 1}, {2, 200}},
                       {{5, 3, 2}, {2, 3, 1}, {1, 2}},
                       {{4, 0}, {2, 0}, {2, 0}},
                       {{4, 2}, {0, 2}, {0, 2}}},
            .dtypes = std::move(types),
            .domains = {interval{}, within_four},
            .large = {{4, 90'000}, {5, 90'000}, {5, 90'000}},
            .rejects = {{.rule = "an index out of range",
                         .call =
                             [mode] {
                                 (void)put_along_axis(six(), array({{0, 3}, {1, 1}}), 1.0, 1, mode);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {"index 3", "axis 1", "size 3"}},
                        {.rule = "values that would change the dtype",
                         .call =
                             [mode] {
                                 (void)put_along_axis(zeros({2, 3}, i32), array({{0}, {1}}), 1.5, 1, mode);
                             },
                         .is_expected = throws<dtype_error>,
                         .mentions = {"i32", "f64"}},
                        {.rule = "values that do not broadcast to the indices",
                         .call =
                             [mode] {
                                 (void)put_along_axis(six(), array({{0}, {1}}), zeros({5}, f32), 1, mode);
                             },
                         .is_expected = throws<shape_error>,
                         .mentions = {"(5,)", "(2, 1)"}},
                        {.rule = "indices of another rank",
                         .call =
                             [mode] {
                                 (void)put_along_axis(six(), array({0, 1}), 1.0, 1, mode);
                             },
                         .is_expected = throws<shape_error>,
                         .mentions = {"(2,)", "(2, 3)"}}},
            .derivative = form.derivative,
            .discrete = {1}};
}

op_case index_add_case() {
    std::vector<std::vector<dtype>> types;
    for (const auto& x : each_dtype())
        for (const dtype index : index_dtypes())
            for (const auto& v : each_dtype())
                if (x[0] != boolean && promote(x[0], v[0]) == x[0] && (index == i64 || v[0] == x[0]))
                    types.push_back({x[0], index, v[0]});
    return {
        .op = "array.put_along_axis",
        .variant = "index_add",
        .call = [](std::span<const array> in) { return index_add(in[0], in[1], in[2], 1); },
        .function = "array.index_add",
        .reference =
            [](std::span<const host_tensor> in) {
                std::vector<host_tensor> all(in.begin(), in.end());
                all[1].shape = sizes(all[0].shape.size(), 1);
                all[1].shape[1] = in[1].shape[0];
                return put(all, 1, scatter_mode::add);
            },
        .shapes = {{{2, 4}, {5}, {2, 5}}, {{3, 4, 5}, {9}, {3, 9, 5}}, {{2, 4}, {0}, {2, 0}}, {{0, 4}, {2}, {0, 2}}},
        .dtypes = std::move(types),
        .domains = {interval{}, within_four},
        .rejects = {{.rule = "values of another shape",
                     .call =
                         [] {
                             (void)index_add(six(), array({0, 1}), six(), 1);
                         },
                     .is_expected = throws<shape_error>,
                     .mentions = {"(2, 2)", "(2, 3)", "axis 1"}},
                    {.rule = "indices that are not a list",
                     .call =
                         [] {
                             (void)index_add(six(), array({{0, 1}}), six(), 1);
                         },
                     .is_expected = throws<shape_error>,
                     .mentions = {"rank 1", "(1, 2)"}}},
        .derivative = smoothness::complex,
        .discrete = {1}};
}

bool is_true(const scalar_value& v) { return v.as<bool>(); }

op_case nonzero_case() {
    return {.op = "array.nonzero",
            .call = [](std::span<const array> in) { return stack(nonzero(in[0])); },
            .function = "array.not_equal",
            .reference =
                [](std::span<const host_tensor> in) {
                    std::vector<sizes> found;
                    for (std::int64_t i = 0; i < count_of(in[0].shape); ++i)
                        if (is_true(element_at(in[0], i))) found.push_back(position_of(in[0].shape, i));
                    const auto rank = static_cast<std::int64_t>(in[0].shape.size());
                    const auto count = static_cast<std::int64_t>(found.size());
                    expectation result{tensor(i64, {rank, count})};
                    for (std::int64_t a = 0; a < rank; ++a)
                        for (std::int64_t k = 0; k < count; ++k)
                            set_element(result.value, a * count + k,
                                        scalar_value(found[static_cast<std::size_t>(k)][static_cast<std::size_t>(a)]));
                    return result;
                },
            .shapes = {{{3, 5}}, {{0}}, {{1}}, {{67}}, {{2, 0}}, {{2, 3, 4}}},
            .dtypes = each_dtype(),
            .domains = {{.low = -2, .high = 2}},
            .large = {{640, 625}},
            .rejects = {{.rule = "rank 0", .shapes = {{}}, .is_expected = throws<shape_error>, .mentions = {"rank 0"}}},
            .derivative = smoothness::constant};
}

}  // namespace

void register_indexing_cases(case_table& table) {
    table.add(take_along_axis_case("first_axis", 0));
    table.add(take_along_axis_case("last_axis", -1));
    for (const scatter_form& form : scatter_forms) table.add(put_along_axis_case(form));
    table.add(index_add_case());
    table.add(nonzero_case());
}

}  // namespace tessera::testing
