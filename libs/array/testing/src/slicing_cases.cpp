#include "case_topics.hpp"
#include "gathering.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/views.hpp"

namespace tessera::testing {
namespace {

array six() { return zeros({2, 3}, f32); }

op_case integer_case() {
    return moving_case({.op = "array.slice",
                        .variant = "integer",
                        .call =
                            [](const array& x) {
                                return slice(x, {-1, newaxis});
                            },
                        .shape =
                            [](const sizes& shape) {
                                sizes result = shape;
                                result.front() = 1;
                                return result;
                            },
                        .source =
                            [](const sizes& shape, const sizes& at) {
                                sizes from = at;
                                from.front() = shape.front() - 1;
                                return from;
                            },
                        .shapes = {{{3, 5}}, {{4}}, {{2, 0}}, {{1, 2, 3}}},
                        .rejects = {{.rule = "an index out of range",
                                     .call =
                                         [] {
                                             (void)slice(six(), {0, 3});
                                         },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"index 3", "axis 1", "size 3"}},
                                    {.rule = "more entries than axes",
                                     .call =
                                         [] {
                                             (void)slice(six(), {0, 0, 0});
                                         },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"3 entries", "rank 2"}}},
                        .oracles = {"getitem"}});
}

// Every second element from the second one on; then the first axis backwards, its last left out.
op_case range_case() {
    return moving_case({.op = "array.slice",
                        .variant = "steps",
                        .call =
                            [](const array& x) {
                                return slice(x, {range(-2, none, -1), ellipsis, range(1, none, 2)});
                            },
                        .shape =
                            [](const sizes& shape) {
                                sizes result = shape;
                                result.front() = std::max<std::int64_t>(shape.front() - 1, 0);
                                result.back() = shape.back() / 2;
                                return result;
                            },
                        .source =
                            [](const sizes& shape, const sizes& at) {
                                sizes from = at;
                                from.front() = shape.front() - 2 - at.front();
                                from.back() = 1 + 2 * at.back();
                                return from;
                            },
                        .shapes = {{{3, 5}}, {{1, 4}}, {{0, 3}}, {{4, 2, 7}}, {{3, 1}}},
                        .rejects = {{.rule = "a step of 0",
                                     .call = [] { (void)slice(six(), {range(0, 1, 0)}); },
                                     .is_expected = throws<value_error>,
                                     .mentions = {"step", "0"}},
                                    {.rule = "two ellipses",
                                     .call =
                                         [] {
                                             (void)slice(six(), {ellipsis, ellipsis});
                                         },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"ellipsis"}}}});
}

// Zeros of (4, 5) with x at rows 1 and 3, columns 3, 2, 1.
op_case unslice_case() {
    constexpr std::int64_t rows = 4, columns = 5;
    return {.op = "array.unslice",
            .call =
                [](std::span<const array> in) {
                    return unslice(in[0], {rows, columns}, {range(1, none, 2), range(3, 0, -1)});
                },
            .reference =
                [](std::span<const host_tensor> in) {
                    expectation result{tensor(in[0].dtype, {rows, columns})};
                    for (std::int64_t i = 0; i < 2; ++i)
                        for (std::int64_t j = 0; j < 3; ++j)
                            set_element(result.value, (1 + 2 * i) * columns + 3 - j, element_at(in[0], i * 3 + j));
                    return result;
                },
            .shapes = {{{2, 3}}},
            .dtypes = each_dtype(),
            .rejects = {{.rule = "another shape than the slice has",
                         .shapes = {{3, 3}},
                         .is_expected = throws<shape_error>,
                         .mentions = {"(3, 3)", "(4, 5)", "(2, 3)"}}},
            .derivative = smoothness::complex};
}

}  // namespace

void register_slicing_cases(case_table& table) {
    table.add(integer_case());
    table.add(range_case());
    table.add(unslice_case());
}

}  // namespace tessera::testing
