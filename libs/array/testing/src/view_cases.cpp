#include "case_topics.hpp"
#include "gathering.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/views.hpp"

namespace tessera::testing {
namespace {

array six() { return zeros({2, 3}, f32); }

sizes same(const sizes& shape) { return shape; }
sizes with_first_axis_last(const sizes& v) { return {v[1], v[2], v[0]}; }

op_case permute_dims_case() {
    return moving_case({.op = "array.permute_dims",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return permute_dims(x, {1, -1, 0});
                            },
                        .shape = with_first_axis_last,
                        .source =
                            [](const sizes&, const sizes& at) {
                                return sizes{at[2], at[0], at[1]};
                            },
                        .shapes = {{{2, 3, 5}}, {{1, 4, 1}}, {{2, 0, 3}}, {{1, 1, 1}}},
                        .rejects = {{.rule = "an axis left out",
                                     .call = [] { (void)permute_dims(six(), {0}); },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"(0,)", "(2, 3)"}},
                                    {.rule = "an axis given twice",
                                     .call =
                                         [] {
                                             (void)permute_dims(six(), {1, 1});
                                         },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"twice", "(1, 1)"}},
                                    {.rule = "an axis out of range",
                                     .call =
                                         [] {
                                             (void)permute_dims(six(), {0, 2});
                                         },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"axis 2", "rank 2"}}},
                        .oracles = {"transpose"}});
}

op_case flip_case() {
    return moving_case({.op = "array.flip",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return flip(x, axes{-1, 0});
                            },
                        .shape = same,
                        .source =
                            [](const sizes& shape, const sizes& at) {
                                sizes from = at;
                                from.front() = shape.front() - 1 - at.front();
                                from.back() = shape.back() - 1 - at.back();
                                return from;
                            },
                        .shapes = {{{3, 5}}, {{2, 3, 4}}, {{0, 2}}, {{1, 1}}},
                        .rejects = {{.rule = "an axis out of range",
                                     .call = [] { (void)flip(six(), -3); },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"axis -3", "rank 2"}}},
                        .oracles = {"flip"}});
}

op_case broadcast_to_case() {
    return moving_case({.op = "array.broadcast_to",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return broadcast_to(x, {2, 3, 4});
                            },
                        .shape =
                            [](const sizes&) {
                                return sizes{2, 3, 4};
                            },
                        .source =
                            [](const sizes& shape, const sizes& at) {
                                sizes from(at.end() - static_cast<std::ptrdiff_t>(shape.size()), at.end());
                                for (std::size_t a = 0; a < shape.size(); ++a)
                                    if (shape[a] == 1) from[a] = 0;
                                return from;
                            },
                        .shapes = {{{3, 1}}, {{}}, {{4}}, {{2, 3, 4}}, {{1, 3, 1}}, {{1}}},
                        .rejects = {{.rule = "a size that does not fit",
                                     .call =
                                         [] {
                                             (void)broadcast_to(six(), {2, 4});
                                         },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"(2, 3)", "(2, 4)"}},
                                    {.rule = "a lower rank",
                                     .call = [] { (void)broadcast_to(six(), {3}); },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"(2, 3)", "(3,)"}}},
                        .oracles = {"broadcast_to"}});
}

op_case squeeze_case() {
    return moving_case({.op = "array.squeeze",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return squeeze(x, axes{0, -1});
                            },
                        .shape = [](const sizes& shape) { return sizes(shape.begin() + 1, shape.end() - 1); },
                        .source =
                            [](const sizes&, const sizes& at) {
                                sizes from = at;
                                from.insert(from.begin(), 0);
                                from.push_back(0);
                                return from;
                            },
                        .shapes = {{{1, 5, 1}}, {{1, 1}}, {{1, 0, 1}}, {{1, 2, 3, 1}}},
                        .rejects = {{.rule = "an axis longer than 1",
                                     .call = [] { (void)squeeze(six(), 1); },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"axis 1", "(2, 3)"}}},
                        .oracles = {"squeeze"}});
}

op_case expand_dims_case() {
    return moving_case({.op = "array.expand_dims",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return expand_dims(x, axes{0, -1});
                            },
                        .shape =
                            [](const sizes& shape) {
                                sizes result = shape;
                                result.insert(result.begin(), 1);
                                result.push_back(1);
                                return result;
                            },
                        .source = [](const sizes&, const sizes& at) { return sizes(at.begin() + 1, at.end() - 1); },
                        .shapes = {{{3, 5}}, {{}}, {{0}}, {{1}}},
                        .rejects = {{.rule = "an axis out of range",
                                     .call = [] { (void)expand_dims(six(), 3); },
                                     .is_expected = throws<index_error>,
                                     .mentions = {"axis 3", "rank 3"}},
                                    {.rule = "a rank above 64",
                                     .call = [] { (void)expand_dims(ones(dims(64, 1)), 0); },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"65", "64"}}},
                        .oracles = {"expand_dims"}});
}

// The elements keep their row-major order.
op_case reshape_case() {
    return moving_case({.op = "array.reshape",
                        .variant = "",
                        .call =
                            [](const array& x) {
                                return reshape(x, {3, -1, 2});
                            },
                        .shape =
                            [](const sizes& shape) {
                                return sizes{3, count_of(shape) / 6, 2};
                            },
                        .source =
                            [](const sizes& shape, const sizes& at) {
                                return position_of(shape, flat_index({3, count_of(shape) / 6, 2}, at));
                            },
                        .shapes = {{{2, 3}}, {{12}}, {{3, 4, 2}}, {{0, 5}}, {{6, 1, 1}}},
                        .rejects = {{.rule = "another number of elements",
                                     .call =
                                         [] {
                                             (void)reshape(six(), {4, 2});
                                         },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"(2, 3)", "(4, 2)"}},
                                    {.rule = "elements that -1 cannot share out",
                                     .call =
                                         [] {
                                             (void)reshape(six(), {4, -1});
                                         },
                                     .is_expected = throws<shape_error>,
                                     .mentions = {"6", "4"}}},
                        .oracles = {"reshape"}});
}

op_case contiguous_case() {
    op_case c = moving_case({.op = "array.contiguous",
                             .variant = "",
                             .call = [](const array& x) { return contiguous(x.is_null() ? x : transpose(x)); },
                             .shape = [](const sizes& shape) { return sizes(shape.rbegin(), shape.rend()); },
                             .source = [](const sizes&, const sizes& at) { return sizes(at.rbegin(), at.rend()); },
                             .shapes = {{{3, 5}}, {{}}, {{0, 2}}, {{2, 3, 4}}, {{30, 40}}}});
    c.large = {shape_for_threads};
    return c;
}

}  // namespace

void register_view_cases(case_table& table) {
    table.add(permute_dims_case());
    table.add(flip_case());
    table.add(broadcast_to_case());
    table.add(squeeze_case());
    table.add(expand_dims_case());
    table.add(reshape_case());
    table.add(contiguous_case());
}

}  // namespace tessera::testing
