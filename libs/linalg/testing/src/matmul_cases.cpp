#include <complex>

#include "batches.hpp"
#include "solve_cases.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/linalg/matmul.hpp"
#include "tessera/testing/linalg_cases.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {
namespace {

using wide = std::complex<long double>;

struct dot_product {
    scalar_value value;
    double scale;  // the sum of the magnitudes of the terms
};

wide number(const scalar_value& v) { return wide(v.as<std::complex<double>>()); }

// Integers wrap; booleans are "or" of "and"; floats are summed in long double and rounded once.
dot_product dot(dtype t, std::span<const scalar_value> a, std::span<const scalar_value> b) {
    if (!is_inexact(t)) {
        scalar_value total = scalar_value(0).cast(t);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const scalar_value terms[] = {a[i], b[i]};
            const scalar_value both[] = {total, evaluate_code(scalar_code::multiply, terms)};
            total = evaluate_code(scalar_code::add, both);
        }
        return {total, 0};
    }
    wide total = 0;
    double scale = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const wide x = number(a[i]), y = number(b[i]);
        total += is_complex(t) ? x * y : wide(x.real() * y.real());
        scale += static_cast<double>(std::abs(x) * std::abs(y));
    }
    const std::complex<double> rounded(static_cast<double>(total.real()), static_cast<double>(total.imag()));
    return {scalar_value(rounded).cast(t), scale};
}

expectation product(std::span<const host_tensor> in) {
    host_tensor a = in[0], b = in[1];
    const dtype met = promote(a.dtype, b.dtype);
    const bool row = a.shape.size() == 1, column = b.shape.size() == 1;
    if (row) a.shape.insert(a.shape.begin(), 1);
    if (column) b.shape.push_back(1);
    const std::int64_t m = a.shape[a.shape.size() - 2], k = a.shape.back(), n = b.shape.back();
    const host_tensor leads[] = {tensor(boolean, sizes(a.shape.begin(), a.shape.end() - 2)),
                                 tensor(boolean, sizes(b.shape.begin(), b.shape.end() - 2))};
    const sizes batches = broadcast_sizes(leads);
    sizes shape = batches;
    if (!row) shape.push_back(m);
    if (!column) shape.push_back(n);
    expectation result{tensor(met, shape)};
    std::vector<scalar_value> x(static_cast<std::size_t>(k)), y(x.size());
    for (std::int64_t batch = 0; batch < count_of(batches); ++batch) {
        const std::int64_t a_at = batch_of(batches, batch, leading(a.shape)) * m * k,
                           b_at = batch_of(batches, batch, leading(b.shape)) * k * n;
        for (std::int64_t i = 0; i < m; ++i)
            for (std::int64_t j = 0; j < n; ++j) {
                for (std::int64_t l = 0; l < k; ++l) {
                    x[static_cast<std::size_t>(l)] = element_at(a, a_at + i * k + l).cast(met);
                    y[static_cast<std::size_t>(l)] = element_at(b, b_at + l * n + j).cast(met);
                }
                const dot_product one = dot(met, x, y);
                set_element(result.value, (batch * m + i) * n + j, one.value);
                result.scale.push_back(one.scale);
            }
    }
    return result;
}

// c + alpha a b, from the product's reference.
expectation accumulated(std::span<const host_tensor> in) {
    const host_tensor& c = in[0];
    expectation result = product(in.subspan(1, 2));
    for (std::int64_t i = 0; i < count_of(c.shape); ++i) {
        const wide base = number(element_at(c, i)), alpha = number(element_at(in[3], 0));
        const bool is_empty = in[1].shape.back() == 0;  // BLAS leaves c, whatever alpha is
        const wide sum = is_empty ? base : base + alpha * number(element_at(result.value, i));
        set_element(result.value, i, scalar_value(std::complex<double>(sum)).cast(c.dtype));
        double& scale = result.scale[static_cast<std::size_t>(i)];
        scale = static_cast<double>(std::abs(alpha)) * scale + static_cast<double>(std::abs(base));
    }
    return result;
}

std::vector<std::vector<dtype>> pairs() {
    std::vector<std::vector<dtype>> all;
    for (int a = 0; a < dtype_count; ++a)
        for (int b = 0; b < dtype_count; ++b) all.push_back({static_cast<dtype>(a), static_cast<dtype>(b)});
    return all;
}

}  // namespace

void register_linalg_cases(case_table& table) {
    table.add({.op = "linalg.matmul",
               .call = [](std::span<const array> in) { return matmul(in[0], in[1]); },
               .reference = product,
               .shapes = {{{3, 5}, {5, 4}},
                          {{1, 1}, {1, 1}},
                          {{2, 0}, {0, 3}},
                          {{0, 2}, {2, 3}},
                          {{7, 9}, {9}},
                          {{9}, {9, 7}},
                          {{9}, {9}},
                          {{2, 3, 4}, {4, 5}},
                          {{2, 1, 3, 4}, {3, 4, 2}},
                          {{19, 40}, {40, 33}}},
               .dtypes = pairs(),
               .promises = accuracy::accumulation,
               .specials = special::non_finite,
               .large = {{300, 220}, {220, 310}},
               .layout_shows = true,
               .rejects = {{.rule = "inner sizes that differ",
                            .shapes = {{2, 3}, {2, 3}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(2, 3) times (2, 3)"}},
                           {.rule = "vectors of other lengths",
                            .shapes = {{3}, {4}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(3,) times (4,)"}},
                           {.rule = "rank 0",
                            .shapes = {{}, {2, 2}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"()", "(2, 2)"}},
                           {.rule = "batches that do not broadcast",
                            .shapes = {{2, 3, 3}, {4, 3, 3}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(2,)", "(4,)"}}},
               .derivative = smoothness::complex,
               .oracles = {"matmul"}});
    table.add({.op = "linalg.addmm",
               .call = [](std::span<const array> in) { return addmm(in[0], in[1], in[2], in[3]); },
               .reference = accumulated,
               .shapes = {{{3, 4}, {3, 5}, {5, 4}, {}},
                          {{1, 1}, {1, 1}, {1, 1}, {}},
                          {{2, 3}, {2, 0}, {0, 3}, {}},
                          {{0, 3}, {0, 2}, {2, 3}, {}},
                          {{2, 3, 2}, {2, 3, 4}, {2, 4, 2}, {}},
                          {{19, 33}, {19, 40}, {40, 33}, {}}},
               .dtypes = {{f32, f32, f32, f32}, {f64, f64, f64, f64}, {c64, c64, c64, c64}, {c128, c128, c128, c128}},
               .promises = accuracy::accumulation,
               .specials = special::none,  // BLAS may skip what alpha = 0 multiplies
               .large = {{300, 310}, {300, 220}, {220, 310}, {}},
               .layout_shows = true,
               .rejects = {{.rule = "sizes that differ",
                            .shapes = {{2, 3}, {2, 2}, {3, 3}, {}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(2, 3) plus (2, 2) times (3, 3)"}},
                           {.rule = "batches that differ",
                            .shapes = {{2, 2, 2}, {1, 2, 2}, {2, 2, 2}, {}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(1, 2, 2)"}},
                           {.rule = "alpha of several numbers",
                            .shapes = {{2, 2}, {2, 2}, {2, 2}, {1}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(1,)"}}},
               .derivative = smoothness::complex});
    register_solve_cases(table);
}

}  // namespace tessera::testing
