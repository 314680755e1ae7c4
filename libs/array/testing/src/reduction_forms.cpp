#include "reduction_forms.hpp"

#include <deque>

#include "tessera/array/creation.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

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

}  // namespace

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

wide number(const scalar_value& v) { return wide(v.as<std::complex<double>>()); }

scalar_value narrowed(wide v, dtype t) {
    return scalar_value(std::complex<double>(static_cast<double>(v.real()), static_cast<double>(v.imag()))).cast(t);
}

std::vector<std::vector<dtype>> reduction_dtypes(bool takes_complex) {
    std::vector<std::vector<dtype>> all = each_dtype();
    std::erase_if(all, [&](const auto& types) { return !takes_complex && is_complex(types[0]); });
    return all;
}

namespace {

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

// "var_last_axis" for a composite.
std::string_view variant_of(const reduction& r, const over_axes& way) {
    if (r.label.empty()) return way.name;
    static std::deque<std::string> made;  // cases refer to them
    return made.emplace_back(text(r.label, "_", way.name));
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
            .variant = variant_of(r, way),
            .call = [r, &way](std::span<const array> in) { return r.call(in[0], axes_of(way), way.keepdims); },
            .function = r.function,
            .reference = [r, &way](std::span<const host_tensor> in) { return reduce(in[0], way, r.each); },
            .shapes = shapes_for(r, way),
            .dtypes = reduction_dtypes(r.takes_complex),
            .promises = r.promises,
            .domains = {r.domain},
            .specials = r.specials,
            .large = way.name == "outer_axes_kept" ? std::vector<sizes>{{90, 80, 100}} : std::vector<sizes>{{900, 800}},
            .rejects = std::move(rejects),
            .derivative = r.derivative,
            .oracles = r.oracle.empty() ? std::vector<std::string_view>() : std::vector{r.oracle}};
}

}  // namespace

void add_reduction_cases(case_table& table, const reduction& r) {
    for (const over_axes& way : ways()) table.add(reduction_case(r, way));
}

}  // namespace tessera::testing
