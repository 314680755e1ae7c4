#include "solve_cases.hpp"

#include <cmath>
#include <complex>

#include "batches.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/linalg/solve.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {
namespace {

using wide = std::complex<long double>;
using matrix = std::vector<wide>;  // row-major

dtype computed_in(dtype t) {
    if (t == f32 || t == f64 || is_complex(t)) return t;
    return is_inexact(t) ? f32 : f64;
}

wide number(const host_tensor& t, std::int64_t i, dtype as) {
    return wide(element_at(t, i).cast(as).as<std::complex<double>>());
}
scalar_value rounded(wide x, dtype t) {
    return scalar_value(std::complex<double>(static_cast<double>(x.real()), static_cast<double>(x.imag()))).cast(t);
}

matrix matrix_of(const host_tensor& t, std::int64_t first, std::int64_t count, dtype as) {
    matrix m;
    for (std::int64_t i = 0; i < count; ++i) m.push_back(number(t, first + i, as));
    return m;
}

// Gauss and Jordan with row pivoting: a becomes the identity, b becomes a^-1 b; gives the determinant.
wide eliminate(matrix a, std::int64_t n, matrix& b, std::int64_t m) {
    const auto at = [](matrix& of, std::int64_t columns, std::int64_t i, std::int64_t j) -> wide& {
        return of[static_cast<std::size_t>(i * columns + j)];
    };
    wide determinant = 1;
    for (std::int64_t k = 0; k < n; ++k) {
        std::int64_t best = k;
        for (std::int64_t i = k; i < n; ++i)
            if (std::abs(at(a, n, i, k)) > std::abs(at(a, n, best, k))) best = i;
        if (best != k) determinant = -determinant;
        for (std::int64_t j = 0; j < n; ++j) std::swap(at(a, n, k, j), at(a, n, best, j));
        for (std::int64_t j = 0; j < m; ++j) std::swap(at(b, m, k, j), at(b, m, best, j));
        const wide pivot = at(a, n, k, k);
        determinant *= pivot;
        if (pivot == wide(0)) return 0;
        for (std::int64_t j = 0; j < n; ++j) at(a, n, k, j) /= pivot;
        for (std::int64_t j = 0; j < m; ++j) at(b, m, k, j) /= pivot;
        for (std::int64_t i = 0; i < n; ++i) {
            if (i == k) continue;
            const wide factor = at(a, n, i, k);
            for (std::int64_t j = 0; j < n; ++j) at(a, n, i, j) -= factor * at(a, n, k, j);
            for (std::int64_t j = 0; j < m; ++j) at(b, m, i, j) -= factor * at(b, m, k, j);
        }
    }
    return determinant;
}

matrix identity(std::int64_t n) {
    matrix m(static_cast<std::size_t>(n * n));
    for (std::int64_t i = 0; i < n; ++i) m[static_cast<std::size_t>(i * n + i)] = 1;
    return m;
}

double greatest(const matrix& m) {
    double most = 0;
    for (const wide& x : m) most = std::max(most, static_cast<double>(std::abs(x)));
    return most;
}

// How far rounding may carry a result of size `size`: by the condition of a.
double scale_of(const matrix& a, std::int64_t n, double size) {
    matrix inverse = identity(n);
    eliminate(a, n, inverse, n);
    const auto order = static_cast<double>(n);
    return size * (1 + order * order * greatest(a) * greatest(inverse));
}

expectation solved(std::span<const host_tensor> in) {
    const host_tensor& a = in[0];
    host_tensor b = in[1];
    const dtype t = computed_in(promote(a.dtype, b.dtype));
    const bool is_vector = b.shape.size() == 1;
    if (is_vector) b.shape.push_back(1);
    const std::int64_t n = a.shape.back(), m = b.shape.back();
    const sizes lead_a = leading(a.shape), lead_b = leading(b.shape);
    const host_tensor leads[] = {tensor(boolean, lead_a), tensor(boolean, lead_b)};
    const sizes batches = broadcast_sizes(leads);
    sizes shape = batches;
    shape.push_back(n);
    if (!is_vector) shape.push_back(m);
    expectation result{tensor(t, shape)};
    for (std::int64_t i = 0; i < count_of(batches); ++i) {
        const matrix left = matrix_of(a, batch_of(batches, i, lead_a) * n * n, n * n, t);
        matrix x = matrix_of(b, batch_of(batches, i, lead_b) * n * m, n * m, t);
        eliminate(left, n, x, m);
        const double scale = scale_of(left, n, greatest(x));
        for (std::int64_t k = 0; k < n * m; ++k) {
            set_element(result.value, i * n * m + k, rounded(x[static_cast<std::size_t>(k)], t));
            result.scale.push_back(scale);
        }
    }
    return result;
}

expectation inverted(std::span<const host_tensor> in) {
    const dtype t = computed_in(in[0].dtype);
    const std::int64_t n = in[0].shape.back();
    expectation result{tensor(t, in[0].shape)};
    for (std::int64_t first = 0; first < count_of(in[0].shape); first += n * n) {
        const matrix a = matrix_of(in[0], first, n * n, t);
        matrix y = identity(n);
        eliminate(a, n, y, n);
        const double scale = scale_of(a, n, greatest(y));
        for (std::int64_t k = 0; k < n * n; ++k) {
            set_element(result.value, first + k, rounded(y[static_cast<std::size_t>(k)], t));
            result.scale.push_back(scale);
        }
    }
    return result;
}

enum class part : std::uint8_t { determinant, sign, log_magnitude };

template <part Part> expectation of_determinant(std::span<const host_tensor> in) {
    const dtype t = computed_in(in[0].dtype);
    const std::int64_t n = in[0].shape.back();
    const sizes lead = leading(in[0].shape);
    expectation result{tensor(Part == part::log_magnitude ? real_part(t) : t, lead)};
    for (std::int64_t i = 0; i < count_of(lead); ++i) {
        const matrix a = matrix_of(in[0], i * n * n, n * n, t);
        matrix nothing;
        const wide determinant = eliminate(a, n, nothing, 0);
        const long double magnitude = std::abs(determinant);
        const wide value = Part == part::determinant ? determinant
                           : Part == part::sign      ? (magnitude == 0 ? wide(0) : determinant / magnitude)
                                                     : wide(std::log(magnitude));
        set_element(result.value, i, rounded(value, result.value.dtype));
        result.scale.push_back(scale_of(a, n, Part == part::determinant ? static_cast<double>(magnitude) : 1.0));
    }
    return result;
}

std::vector<std::vector<dtype>> floats() {
    std::vector<std::vector<dtype>> all;
    for (int d = 0; d < dtype_count; ++d)
        if (is_inexact(static_cast<dtype>(d))) all.push_back({static_cast<dtype>(d)});
    return all;
}

// A right side of integers meets the matrix's dtype.
std::vector<std::vector<dtype>> float_pairs() {
    std::vector<std::vector<dtype>> all;
    for (const auto& a : floats())
        for (int b = 0; b < dtype_count; ++b) all.push_back({a[0], static_cast<dtype>(b)});
    return all;
}

std::vector<rejection> not_square() {
    return {{.rule = "a matrix that is not square",
             .shapes = {{2, 3}},
             .is_expected = throws<shape_error>,
             .mentions = {"square", "(2, 3)"}},
            {.rule = "a vector", .shapes = {{3}}, .is_expected = throws<shape_error>, .mentions = {"(3,)"}}};
}

}  // namespace

void register_solve_cases(case_table& table) {
    table.add({.op = "linalg.solve",
               .call = [](std::span<const array> in) { return solve(in[0], in[1]); },
               .reference = solved,
               .shapes = {{{3, 3}, {3, 2}},
                          {{1, 1}, {1, 1}},
                          {{0, 0}, {0, 2}},
                          {{2, 2}, {2, 0}},
                          {{4, 4}, {4}},
                          {{2, 3, 3}, {3, 2}},
                          {{2, 1, 3, 3}, {3, 3, 2}},
                          {{2, 3, 3}, {3}},
                          {{19, 19}, {19, 7}}},
               .dtypes = float_pairs(),
               .promises = accuracy::accumulation,
               .specials = special::none,
               .large = {{64, 12, 12}, {64, 12, 3}},
               .layout_shows = true,
               .may_repeat = false,
               .rejects = {{.rule = "a right side of another height",
                            .shapes = {{3, 3}, {2, 2}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(3, 3) x = (2, 2)"}},
                           {.rule = "a matrix that is not square",
                            .shapes = {{2, 3}, {2}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"square", "(2, 3)"}},
                           {.rule = "batches that do not broadcast",
                            .shapes = {{2, 3, 3}, {4, 3, 3}},
                            .is_expected = throws<shape_error>,
                            .mentions = {"(2,)", "(4,)"}}},
               .derivative = smoothness::complex});
    const std::vector<std::vector<sizes>> shapes{{{3, 3}}, {{1, 1}}, {{0, 0}}, {{2, 3, 3}}, {{2, 2, 4, 4}}, {{17, 17}}};
    const auto add = [&](std::string_view op, std::string_view variant,
                         std::function<array(std::span<const array>)> call, reference_function reference) {
        table.add({.op = op,
                   .variant = variant,
                   .call = std::move(call),
                   .reference = std::move(reference),
                   .shapes = shapes,
                   .dtypes = floats(),
                   .promises = accuracy::accumulation,
                   .specials = special::none,
                   .large = {{64, 12, 12}},
                   .layout_shows = true,
                   .may_repeat = false,
                   .rejects = not_square(),
                   .derivative = smoothness::complex});
    };
    add(
        "linalg.inv", {}, [](std::span<const array> in) { return inv(in[0]); }, inverted);
    add(
        "linalg.det", {}, [](std::span<const array> in) { return det(in[0]); }, of_determinant<part::determinant>);
    add(
        "linalg.slogdet", "sign", [](std::span<const array> in) { return slogdet(in[0]).sign; },
        of_determinant<part::sign>);
    add(
        "linalg.slogdet", "logabsdet", [](std::span<const array> in) { return slogdet(in[0]).logabsdet; },
        of_determinant<part::log_magnitude>);
}

}  // namespace tessera::testing
