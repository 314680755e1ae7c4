// The comparison kinds, one function each.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "comparison.hpp"
#include "elements.hpp"
#include "matching.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

using testing::host_tensor;
using number = std::complex<double>;

bool is_nan(number z) { return std::isnan(z.real()) || std::isnan(z.imag()); }
bool is_finite(number z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }
bool same_value(number a, number b) { return a == b || (is_nan(a) && is_nan(b)); }

// Only finite values get a tolerance: inf <= rtol * inf would accept anything.
bool within(number a, number b, double bound) {
    return same_value(a, b) || (is_finite(a) && is_finite(b) && std::abs(a - b) <= bound);
}

bool within(number a, number b, tolerances t) { return within(a, b, t.atol + t.rtol * std::abs(b)); }

// "2 of 6 elements differ; the first at (0, 1): got 3, expected 4"
std::string misses_text(const host_tensor& got, const host_tensor& expected, std::size_t count, std::size_t first) {
    return text(count, " of ", expected.size(), " elements differ; the first at ", position_text(expected, first),
                ": got ", element_text(got, first), ", expected ", element_text(expected, first));
}

template <class Agrees>
std::string elementwise(const host_tensor& got, const host_tensor& expected, const Agrees& agrees) {
    std::size_t count = 0;
    std::size_t first = 0;
    for (std::size_t i = expected.size(); i-- > 0;) {
        if (agrees(i)) continue;
        ++count;
        first = i;
    }
    return count == 0 ? std::string() : misses_text(got, expected, count, first);
}

bool same_bytes(const host_tensor& a, const host_tensor& b, std::size_t first, std::size_t count) {
    return std::memcmp(a.bytes.data() + first, b.bytes.data() + first, count) == 0;
}

bool same_bits(const host_tensor& a, const host_tensor& b, std::size_t index) {
    const std::size_t width = item_size(a.dtype);
    return same_bytes(a, b, index * width, width);
}

bool same_part(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

bool flushed(number got, number expected) {
    return got == 0.0 && std::abs(expected) < static_cast<double>(std::numeric_limits<float>::min());
}

std::string bits_difference(const host_tensor& got, const host_tensor& expected) {
    return elementwise(got, expected, [&](std::size_t i) { return same_bits(got, expected, i); });
}

// Decoding is injective apart from NaNs: equal values with equal signs are equal bits.
std::string exact_difference(const host_tensor& got, const host_tensor& expected, bool flush) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    return elementwise(got, expected, [&](std::size_t i) {
        if (flush && flushed(a[i], b[i])) return true;
        return same_part(a[i].real(), b[i].real()) && same_part(a[i].imag(), b[i].imag());
    });
}

std::string ulp_difference(const host_tensor& got, const host_tensor& expected, double n, bool flush) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    return elementwise(got, expected, [&](std::size_t i) {
        if (flush && flushed(a[i], b[i])) return true;
        if (!is_finite(b[i])) return same_value(a[i], b[i]);
        return within(a[i], b[i], (n + 0.5) * spacing(expected.dtype, std::abs(b[i])));
    });
}

std::string close_difference(const host_tensor& got, const host_tensor& expected, tolerances t) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    return elementwise(got, expected, [&](std::size_t i) { return within(a[i], b[i], t); });
}

// The 2-norm without overflow on the way.
double norm_of(const std::vector<number>& values) {
    double largest = 0;
    for (const number z : values) largest = std::max(largest, std::abs(z));
    if (largest == 0 || !std::isfinite(largest)) return largest;
    double sum = 0;
    for (const number z : values) sum += std::norm(z / largest);
    return largest * std::sqrt(sum);
}

std::string norm_difference(const host_tensor& got, const host_tensor& expected, double tol) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    std::vector<number> reference;
    std::vector<number> gap;
    for (std::size_t i = 0; i < b.size(); ++i) {
        if (!is_finite(a[i]) || !is_finite(b[i])) {
            if (!same_value(a[i], b[i])) return misses_text(got, expected, 1, i);
            continue;
        }
        reference.push_back(b[i]);
        gap.push_back(a[i] - b[i]);
    }
    const double size = norm_of(reference);
    const double distance = norm_of(gap);
    if (distance <= tol * (size > 0 ? size : 1)) return {};
    return text("norm(got - expected) is ", distance, ", more than ", tol, " times norm(expected) = ", size);
}

std::string set_difference(const host_tensor& got, const host_tensor& expected, double atol) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    const std::size_t unmatched =
        first_unmatched(b.size(), [&](std::size_t i, std::size_t j) { return within(a[j], b[i], atol); });
    if (unmatched == b.size()) return {};
    return text("no value within ", atol, " is left for expected ", element_text(expected, unmatched));
}

bool exceeds(std::size_t misses, std::size_t of, double share) {
    return static_cast<double>(misses) > share * static_cast<double>(of);
}

std::string rows_difference(const host_tensor& got, const host_tensor& expected, double allowed) {
    if (expected.bytes.empty()) return {};
    const std::size_t rows = expected.shape.empty() ? 1 : static_cast<std::size_t>(expected.shape[0]);
    const std::size_t width = expected.bytes.size() / rows;
    std::size_t misses = 0;
    for (std::size_t r = 0; r < rows; ++r)
        if (!same_bytes(got, expected, r * width, width)) ++misses;
    if (!exceeds(misses, rows, allowed)) return {};
    return text(misses, " of ", rows, " rows differ, the case allows a share of ", allowed);
}

std::string codes_difference(const host_tensor& got, const host_tensor& expected, double allowed) {
    if (item_size(expected.dtype) != 1)
        throw format_error(text("comparison code: one-byte codes are required, got ", expected.dtype));
    std::size_t misses = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (same_bits(got, expected, i)) continue;
        ++misses;
        if (std::abs(code_rank(got.dtype, got.bytes[i]) - code_rank(expected.dtype, expected.bytes[i])) > 1)
            return text("codes more than one step apart at ", position_text(expected, i), ": got ",
                        element_text(got, i), ", expected ", element_text(expected, i));
    }
    if (!exceeds(misses, expected.size(), allowed)) return {};
    return text(misses, " of ", expected.size(), " codes differ by one step, the case allows a share of ", allowed);
}

std::string share_difference(const host_tensor& got, const host_tensor& expected, double rtol, double required) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    std::size_t hits = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        if (within(a[i], b[i], tolerances{rtol, 0})) ++hits;
    if (static_cast<double>(hits) >= required * static_cast<double>(b.size())) return {};
    return text(hits, " of ", b.size(), " elements agree, the case asks for a share of ", required);
}

std::string at_least_difference(const host_tensor& got, const host_tensor& expected, double slack) {
    const std::vector<number> a = values_of(got);
    const std::vector<number> b = values_of(expected);
    const std::string misses =
        elementwise(got, expected, [&](std::size_t i) { return a[i].real() >= b[i].real() - slack; });
    return misses.empty() ? misses : text(misses, " or at most ", slack, " below");
}

}  // namespace

std::string difference(const host_tensor& got, const host_tensor& expected, const comparison& c,
                       bool subnormals_may_flush) {
    const bool inexact = is_inexact(expected.dtype);
    const bool flush = subnormals_may_flush && expected.dtype == f32;
    switch (c.kind) {
    case comparison_kind::exact:
        return inexact ? exact_difference(got, expected, flush) : bits_difference(got, expected);
    case comparison_kind::ulp:
        return inexact ? ulp_difference(got, expected, c.limit, flush) : bits_difference(got, expected);
    case comparison_kind::close:
        return inexact ? close_difference(got, expected, c.close) : bits_difference(got, expected);
    case comparison_kind::norm: return norm_difference(got, expected, c.limit);
    case comparison_kind::set: return set_difference(got, expected, c.close.atol);
    case comparison_kind::bytes: return rows_difference(got, expected, c.limit);
    case comparison_kind::code: return codes_difference(got, expected, c.limit);
    case comparison_kind::frac: return share_difference(got, expected, c.close.rtol, c.limit);
    case comparison_kind::ge: return at_least_difference(got, expected, c.limit);
    case comparison_kind::property: break;  // judged over all outputs of the case, see property.hpp
    }
    return {};
}

}  // namespace tessera::oracles
