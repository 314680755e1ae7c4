#include "case_topics.hpp"
#include "gathering.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/triangles.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

rejection of_rank_1() {
    return {.rule = "rank 1", .shapes = {{3}}, .is_expected = throws<shape_error>, .mentions = {"two axes", "(3,)"}};
}

op_case triangle_case(std::string_view op, array (*call)(const array&, std::int64_t), std::string_view variant,
                      std::int64_t k) {
    const bool lower = op == "array.tril";
    return {.op = op,
            .variant = variant,
            .call = [=](std::span<const array> in) { return call(in[0], k); },
            .reference =
                [=](std::span<const host_tensor> in) {
                    expectation result{tensor(in[0].dtype, in[0].shape)};
                    for (std::int64_t i = 0; i < count_of(in[0].shape); ++i) {
                        const sizes at = position_of(in[0].shape, i);
                        const std::int64_t row = at[at.size() - 2], column = at.back();
                        if (lower ? column <= row + k : column >= row + k)
                            set_element(result.value, i, element_at(in[0], i));
                    }
                    return result;
                },
            .shapes = {{{3, 5}}, {{5, 3}}, {{1, 1}}, {{2, 0}}, {{0, 2}}, {{2, 3, 4, 4}}},
            .dtypes = each_dtype(),
            .large = {{3, 500, 400}},
            .rejects = {of_rank_1()},
            .derivative = smoothness::complex,
            .oracles = {lower ? "tril" : "triu"}};
}

op_case diagonal_case(std::string_view variant, std::int64_t k) {
    op_case c = moving_case({.op = "array.diagonal",
                             .variant = variant,
                             .call = k == 0  ? [](const array& x) { return diagonal(x); }
                                     : k < 0 ? [](const array& x) { return diagonal(x, -1); }
                                             : [](const array& x) { return diagonal(x, 2); },
                             .shape =
                                 [k](const sizes& from) {
                                     const std::int64_t rows = from[from.size() - 2] - (k < 0 ? -k : 0);
                                     const std::int64_t columns = from.back() - (k > 0 ? k : 0);
                                     sizes to(from.begin(), from.end() - 1);
                                     to.back() = std::max<std::int64_t>(0, std::min(rows, columns));
                                     return to;
                                 },
                             .source =
                                 [k](const sizes&, const sizes& position) {
                                     sizes from = position;
                                     from.back() += k < 0 ? -k : 0;
                                     from.push_back(position.back() + (k > 0 ? k : 0));
                                     return from;
                                 },
                             .shapes = {{{3, 5}}, {{5, 3}}, {{1, 1}}, {{2, 0}}, {{0, 2}}, {{2, 3, 4}}},
                             .rejects = {of_rank_1()},
                             .oracles = {"diagonal"}});
    if (k == 0)
        c.rejects.push_back({.rule = "one axis for rows and columns",
                             .call =
                                 [] {
                                     (void)diagonal(zeros({2, 3}), 0, 1, -1);
                                 },
                             .is_expected = throws<index_error>,
                             .mentions = {"two axes", "1 and -1"}});
    return c;
}

op_case embed_diagonal_case(std::string_view variant, std::int64_t k) {
    return {.op = "array.embed_diagonal",
            .variant = variant,
            .call = [k](std::span<const array> in) { return embed_diagonal(in[0], k); },
            .reference =
                [k](std::span<const host_tensor> in) {
                    sizes shape = in[0].shape;
                    shape.back() += k < 0 ? -k : k;
                    shape.push_back(shape.back());
                    expectation result{tensor(in[0].dtype, shape)};
                    for (std::int64_t i = 0; i < count_of(in[0].shape); ++i) {
                        sizes to = position_of(in[0].shape, i);
                        const std::int64_t place = to.back();
                        to.back() = place + (k < 0 ? -k : 0);
                        to.push_back(place + (k > 0 ? k : 0));
                        set_element(result.value, flat_index(shape, to), element_at(in[0], i));
                    }
                    return result;
                },
            .shapes = {{{3}}, {{0}}, {{1}}, {{2, 3}}, {{2, 0}}},
            .dtypes = each_dtype(),
            .rejects = {{.rule = "rank 0", .shapes = {{}}, .is_expected = throws<shape_error>, .mentions = {"rank 0"}}},
            .derivative = smoothness::complex};
}

}  // namespace

void register_triangle_cases(case_table& table) {
    for (const auto& [variant, k] : {std::pair("main", 0), std::pair("above", 1), std::pair("below", -2)}) {
        table.add(triangle_case("array.tril", tril, variant, k));
        table.add(triangle_case("array.triu", triu, variant, k));
    }
    for (const auto& [variant, k] : {std::pair("main", 0), std::pair("above", 2), std::pair("below", -1)}) {
        table.add(diagonal_case(variant, k));
        table.add(embed_diagonal_case(variant, k));
    }
}

}  // namespace tessera::testing
