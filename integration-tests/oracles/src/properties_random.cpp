// Random streams have no expected values of ours: they are judged by their distribution and by repeating.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "elements.hpp"
#include "property.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

std::vector<double> sorted_reals(const host_tensor& t) {
    std::vector<double> reals;
    reals.reserve(t.size());
    for (const std::complex<double> z : values_of(t)) reals.push_back(z.real());
    std::sort(reals.begin(), reals.end());
    return reals;
}

std::string check_sample(const host_tensor& sample, const property_question& q, double threshold) {
    const std::vector<double> points = sorted_reals(q.asked.input("x"));
    const std::vector<std::complex<double>> cdf = values_of(q.expected[0].tensor);
    const std::vector<double> drawn = sorted_reals(sample);
    const auto n = static_cast<double>(drawn.size());
    double sum = 0;
    for (const double x : drawn) {
        if (!std::isfinite(x)) return text(sample.name, " holds ", x);
        sum += x;
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto below = std::upper_bound(drawn.begin(), drawn.end(), points[i]) - drawn.begin();
        const double empirical = static_cast<double>(below) / n;
        if (std::abs(empirical - cdf[i].real()) >= threshold)
            return text(sample.name, ": P(x <= ", points[i], ") is ", empirical, ", expected ", cdf[i].real(),
                        " within ", threshold);
    }
    const auto mean = q.asked.attr_as<double>("mean");
    const auto variance = q.asked.attr_as<double>("var");
    if (!mean || !variance) return {};
    const double bound = 6 * std::sqrt(*variance / n);
    if (std::abs(sum / n - *mean) < bound) return {};
    return text(sample.name, ": the mean is ", sum / n, ", expected ", *mean, " within ", bound);
}

std::vector<std::int64_t> integers_of(const host_tensor& t) {
    if (!is_integer(t.dtype)) throw dtype_error(text("integers are required, got ", t.dtype));
    std::vector<std::int64_t> values;
    values.reserve(t.size());
    for (const std::complex<double> z : values_of(t)) values.push_back(static_cast<std::int64_t>(z.real()));
    return values;
}

oracle_case with_seed(const oracle_case& asked, std::int64_t seed) {
    oracle_case other = asked;
    other.attrs["seed"] = seed;
    return other;
}

}  // namespace

std::string check_distribution(const property_question& q) {
    const auto n = q.asked.required_attr<std::int64_t>("n");
    const auto seeds = q.asked.required_attr<std::vector<std::int64_t>>("seeds");
    if (q.expected.size() != 1 || q.expected[0].tensor.size() != q.asked.input("x").size())
        throw format_error(text(q.asked.id, ": a distribution case has one cdf value for each x"));
    for (std::size_t k = 0; k < seeds.size(); ++k) {
        const host_tensor& sample = answered(q.answer, text("y", k));
        if (sample.size() != static_cast<std::size_t>(n))
            return text(sample.name, " has ", sample.size(), " values, asked for ", n);
        std::string broken = check_sample(sample, q, q.expected[0].compare->limit);
        if (!broken.empty()) return broken;
    }
    return {};
}

std::string check_permutation(const property_question& q) {
    const auto n = q.asked.required_attr<std::int64_t>("n");
    const auto seed = q.asked.required_attr<std::int64_t>("seed");
    const std::vector<std::int64_t> values = integers_of(answered(q.answer, "y"));
    const std::set<std::int64_t> distinct(values.begin(), values.end());
    const bool complete = static_cast<std::int64_t>(values.size()) == n &&
                          static_cast<std::int64_t>(distinct.size()) == n && *distinct.begin() == 0 &&
                          *distinct.rbegin() == n - 1;
    if (!complete) return text("y does not hold each of 0 to ", n - 1, " exactly once");
    if (integers_of(answered(q.ask(q.asked), "y")) != values) return "the same seed gives another permutation";
    if (integers_of(answered(q.ask(with_seed(q.asked, seed + 1)), "y")) == values)
        return "another seed gives the same permutation";
    return {};
}

std::string check_integers(const property_question& q) {
    const auto low = q.asked.required_attr<std::int64_t>("low");
    const auto high = q.asked.required_attr<std::int64_t>("high");
    const auto n = q.asked.required_attr<std::int64_t>("n");
    const host_tensor& y = answered(q.answer, "y");
    if (name(y.dtype) != q.asked.required_attr<std::string>("dtype")) return text("y is ", y.dtype);
    const std::vector<std::int64_t> values = integers_of(y);
    if (static_cast<std::int64_t>(values.size()) != n) return text("y has ", values.size(), " values, asked for ", n);
    const std::int64_t range = high - low;
    const std::int64_t bins = std::min<std::int64_t>(range, 64);
    std::vector<double> counts(static_cast<std::size_t>(bins));
    for (const std::int64_t value : values) {
        if (value < low || value >= high) return text("y holds ", value, ", outside of ", low, " to ", high - 1);
        counts[static_cast<std::size_t>((value - low) * bins / range)] += 1;
    }
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (range <= bins && (*least != low || *most != high - 1))
        return text("y reaches from ", *least, " to ", *most, ", expected ", low, " to ", high - 1);
    double chi2 = 0;
    for (std::int64_t b = 0; b < bins; ++b) {
        // Bin b holds the values whose offset times bins / range floors to b.
        const std::int64_t first = (b * range + bins - 1) / bins;
        const std::int64_t next = ((b + 1) * range + bins - 1) / bins;
        const double expected = static_cast<double>(n) * static_cast<double>(next - first) / static_cast<double>(range);
        const double gap = counts[static_cast<std::size_t>(b)] - expected;
        chi2 += gap * gap / expected;
    }
    const auto freedom = static_cast<double>(bins - 1);
    const double bound = freedom + 6 * std::sqrt(2 * freedom);
    return chi2 < bound || bins == 1 ? std::string() : text("chi2 is ", chi2, ", expected less than ", bound);
}

std::string check_reproducible(const property_question& q) {
    if (q.answer.tensors.empty()) return "the answer has no output";
    oracle_case on_cpu = q.asked;
    on_cpu.device = cpu;
    const oracle_answer again = q.ask(on_cpu);
    for (const host_tensor& stream : q.answer.tensors)
        if (answered(again, stream.name).bytes != stream.bytes) return text(stream.name, " differs on the second call");
    return {};
}

}  // namespace tessera::oracles
