#include <algorithm>

#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/dtype/promotion.hpp"

namespace tessera::testing {
namespace {

array six() { return zeros({2, 3}, f32); }

// Operands beside each other along an axis, in their promoted dtype.
expectation joined(std::span<const host_tensor> in, std::size_t axis) {
    dtype met = in[0].dtype;
    sizes shape = in[0].shape;
    shape[axis] = 0;
    for (const host_tensor& part : in) {
        met = promote(met, part.dtype);
        shape[axis] += part.shape[axis];
    }
    expectation result{tensor(met, shape)};
    std::int64_t start = 0;
    for (const host_tensor& part : in) {
        for (std::int64_t i = 0; i < count_of(part.shape); ++i) {
            sizes at = position_of(part.shape, i);
            at[axis] += start;
            set_element(result.value, flat_index(shape, at), element_at(part, i).cast(met));
        }
        start += part.shape[axis];
    }
    return result;
}

std::vector<std::vector<dtype>> pairs() {
    std::vector<std::vector<dtype>> all;
    for (const auto& a : each_dtype())
        for (const auto& b : each_dtype()) all.push_back({a[0], b[0]});
    return all;
}

op_case concat_case() {
    return {
        .op = "array.concat",
        .call = [](std::span<const array> in) { return concat(in, -1); },
        .reference = [](std::span<const host_tensor> in) { return joined(in, in[0].shape.size() - 1); },
        .shapes = {{{2, 3}, {2, 4}}, {{0}, {3}}, {{1}, {1}}, {{3, 0}, {3, 0}}, {{2, 2, 35}, {2, 2, 1}}},
        .dtypes = pairs(),
        .large = {{640, 500}, {640, 500}},
        .rejects = {{.rule = "other axes that differ",
                     .shapes = {{2, 3}, {4, 3}},
                     .is_expected = throws<shape_error>,
                     .mentions = {"(2, 3)", "(4, 3)"}},
                    {.rule = "rank 0", .shapes = {{}, {}}, .is_expected = throws<shape_error>, .mentions = {"rank 0"}},
                    {.rule = "nothing to join",
                     .call = [] { (void)concat(std::span<const array>(), 0); },
                     .is_expected = throws<shape_error>,
                     .mentions = {"at least one"}}},
        .derivative = smoothness::complex,
        .oracles = {"concat"}};
}

op_case stack_case() {
    return {.op = "array.concat",
            .variant = "stack",
            .call = [](std::span<const array> in) { return stack(in, 1); },
            .function = "array.stack",
            .reference =
                [](std::span<const host_tensor> in) {
                    std::vector<host_tensor> expanded(in.begin(), in.end());
                    for (host_tensor& t : expanded) t.shape.insert(t.shape.begin() + 1, 1);
                    return joined(expanded, 1);
                },
            .shapes = {{{2, 3}, {2, 3}}, {{0}, {0}}, {{1}, {1}}, {{2, 2, 35}, {2, 2, 35}}},
            .dtypes = pairs(),
            .derivative = smoothness::complex,
            .oracles = {"stack"}};
}

std::vector<std::vector<dtype>> indexed_dtypes() {
    std::vector<std::vector<dtype>> all;
    for (const auto& x : each_dtype())
        for (const auto& index : each_dtype())
            if (is_integer(index[0])) all.push_back({x[0], index[0]});
    return all;
}

// Indices below 4; the indexed axis has 4 elements or more.
constexpr interval below_four{.low = 0, .high = 3};

op_case take_case() {
    return {.op = "array.take",
            .call = [](std::span<const array> in) { return take(in[0], in[1], 0); },
            .reference =
                [](std::span<const host_tensor> in) {
                    const host_tensor &x = in[0], &indices = in[1];
                    sizes shape = indices.shape;
                    shape.insert(shape.end(), x.shape.begin() + 1, x.shape.end());
                    expectation result{tensor(x.dtype, shape)};
                    const std::int64_t row = count_of(x.shape) / x.shape[0];
                    for (std::int64_t i = 0; i < count_of(indices.shape); ++i)
                        for (std::int64_t j = 0; j < row; ++j)
                            set_element(result.value, i * row + j,
                                        element_at(x, element_at(indices, i).as<std::int64_t>() * row + j));
                    return result;
                },
            .shapes = {{{4, 3}, {5}}, {{4}, {}}, {{5, 2}, {2, 3}}, {{4, 0}, {2}}, {{4, 2}, {0}}, {{4}, {67}}},
            .dtypes = indexed_dtypes(),
            .domains = {interval{}, below_four},
            .large = {{8, 700}, {800}},
            .rejects = {{.rule = "an index out of range",
                         .call =
                             [] {
                                 (void)take(six(), array({0, 3}), 1);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {"index 3", "axis 1", "size 3"}},
                        {.rule = "an axis out of range",
                         .call = [] { (void)take(six(), array({0}), 2); },
                         .is_expected = throws<index_error>,
                         .mentions = {"axis 2", "rank 2"}}},
            .derivative = smoothness::complex,
            .discrete = {1},
            .oracles = {"take"}};
}

op_case scatter_add_case() {
    std::vector<std::vector<dtype>> types = indexed_dtypes();
    std::erase_if(types, [](const auto& t) { return t[0] == boolean; });
    std::stable_partition(types.begin(), types.end(), [](const auto& t) { return t[1] == i64; });
    return {
        .op = "array.scatter_add",
        .call = [](std::span<const array> in) { return scatter_add(in[0], in[1], 0, 4); },
        .reference =
            [](std::span<const host_tensor> in) {
                const host_tensor &values = in[0], &indices = in[1];
                const std::int64_t count = count_of(indices.shape);
                const auto lead = static_cast<std::ptrdiff_t>(indices.shape.size());
                sizes shape(values.shape.begin() + lead, values.shape.end());
                const std::int64_t row = count_of(shape);
                shape.insert(shape.begin(), 4);
                const dtype sums = is_narrow_float(values.dtype) ? f32 : values.dtype;
                host_tensor total = tensor(sums, shape);
                for (std::int64_t i = 0; i < count; ++i)
                    for (std::int64_t j = 0; j < row; ++j) {
                        const std::int64_t to = element_at(indices, i).as<std::int64_t>() * row + j;
                        const scalar_value both[] = {element_at(total, to), element_at(values, i * row + j).cast(sums)};
                        set_element(total, to, evaluate_code(scalar_code::add, both));
                    }
                expectation result{tensor(values.dtype, shape)};
                for (std::int64_t i = 0; i < count_of(shape); ++i)
                    set_element(result.value, i, element_at(total, i).cast(values.dtype));
                return result;
            },
        .shapes = {{{5, 3}, {5}}, {{}, {}}, {{2, 3, 2}, {2, 3}}, {{0, 2}, {0}}, {{67}, {67}}},
        .dtypes = std::move(types),
        .domains = {interval{}, below_four},
        .large = {{800, 700}, {800}},
        .rejects = {{.rule = "values without the indices' shape",
                     .call =
                         [] {
                             (void)scatter_add(six(), array({0, 1, 2}), 0, 4);
                         },
                     .is_expected = throws<shape_error>,
                     .mentions = {"(2, 3)", "(3,)"}},
                    {.rule = "an index out of range",
                     .call =
                         [] {
                             (void)scatter_add(six(), array({0, 9}), 0, 4);
                         },
                     .is_expected = throws<index_error>,
                     .mentions = {"index 9", "size 4"}}},
        .derivative = smoothness::complex,
        .discrete = {1}};
}

op_case one_hot_case(dtype to) {
    std::vector<std::vector<dtype>> integers = each_dtype();
    std::erase_if(integers, [](const auto& types) { return !is_integer(types[0]); });
    return {.op = "array.one_hot",
            .variant = name(to),
            .call = [to](std::span<const array> in) { return one_hot(in[0], 4, to); },
            .reference =
                [to](std::span<const host_tensor> in) {
                    sizes shape = in[0].shape;
                    shape.push_back(4);
                    expectation result{tensor(to, shape)};
                    for (std::int64_t i = 0; i < count_of(in[0].shape); ++i)
                        set_element(result.value, 4 * i + element_at(in[0], i).as<std::int64_t>(),
                                    scalar_value(1).cast(to));
                    return result;
                },
            .shapes = {{{3, 5}}, {{}}, {{0}}, {{1}}, {{67}}},
            .dtypes = std::move(integers),
            .domains = {below_four},
            .rejects = {{.rule = "an index that is no class",
                         .call =
                             [to] {
                                 (void)one_hot(array({0, 4}), 4, to);
                             },
                         .is_expected = throws<index_error>,
                         .mentions = {"index 4", "4 classes"}},
                        {.rule = "a negative index",
                         .call = [to] { (void)one_hot(array({-1}), 4, to); },
                         .is_expected = throws<index_error>,
                         .mentions = {"index -1", "4 classes"}}},
            .discrete = {0}};
}

}  // namespace

void register_manipulation_cases(case_table& table) {
    table.add(concat_case());
    table.add(stack_case());
    table.add(take_case());
    table.add(scatter_add_case());
    for (int i = 0; i < dtype_count; ++i) table.add(one_hot_case(static_cast<dtype>(i)));
}

}  // namespace tessera::testing
