#include "tessera/dl/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "optimizer_checks.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

namespace {

void require_count(std::string_view name, std::string_view what, std::int64_t count) {
    if (count < 1) throw value_error(text(name, ": ", what, " must be at least 1, got ", count));
}

// From `from` at 0 to `to` at 1 along half a cosine.
double half_cosine(double from, double to, double at) {
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * at));
}

}  // namespace

schedule step_lr(double rate, std::int64_t step_size, double gamma) {
    require_at_least_zero("dl.step_lr", "rate", rate);
    require_at_least_zero("dl.step_lr", "gamma", gamma);
    require_count("dl.step_lr", "step_size", step_size);
    return [=](std::int64_t t) { return rate * std::pow(gamma, static_cast<double>(t / step_size)); };
}

schedule multistep_lr(double rate, std::vector<std::int64_t> milestones, double gamma) {
    require_at_least_zero("dl.multistep_lr", "rate", rate);
    require_at_least_zero("dl.multistep_lr", "gamma", gamma);
    if (!std::is_sorted(milestones.begin(), milestones.end()))
        throw value_error(
            text("dl.multistep_lr: milestones are sorted, got ", std::span<const std::int64_t>(milestones)));
    return [=, at = std::move(milestones)](std::int64_t t) {
        return rate * std::pow(gamma, static_cast<double>(std::upper_bound(at.begin(), at.end(), t) - at.begin()));
    };
}

schedule exponential_lr(double rate, double gamma) {
    require_at_least_zero("dl.exponential_lr", "rate", rate);
    require_at_least_zero("dl.exponential_lr", "gamma", gamma);
    return [=](std::int64_t t) { return rate * std::pow(gamma, static_cast<double>(t)); };
}

schedule cosine_annealing_lr(double rate, std::int64_t half_period, double least) {
    require_at_least_zero("dl.cosine_annealing_lr", "rate", rate);
    require_at_least_zero("dl.cosine_annealing_lr", "least", least);
    require_count("dl.cosine_annealing_lr", "half_period", half_period);
    return [=](std::int64_t t) {
        return half_cosine(rate, least, static_cast<double>(t) / static_cast<double>(half_period));
    };
}

schedule linear_warmup(double rate, std::int64_t warmup) {
    require_at_least_zero("dl.linear_warmup", "rate", rate);
    require_count("dl.linear_warmup", "warmup", warmup);
    return
        [=](std::int64_t t) { return rate * std::min(1.0, static_cast<double>(t + 1) / static_cast<double>(warmup)); };
}

schedule one_cycle_lr(double greatest, std::int64_t steps, const one_cycle_options& options) {
    require_at_least_zero("dl.one_cycle_lr", "greatest", greatest);
    require_count("dl.one_cycle_lr", "steps", steps);
    if (!(options.rising >= 0 && options.rising <= 1))
        throw value_error(text("dl.one_cycle_lr: rising must be in [0, 1], got ", options.rising));
    if (!(options.divide_first > 0 && options.divide_last > 0))
        throw value_error(text("dl.one_cycle_lr: divide_first and divide_last must be above 0, got ",
                               options.divide_first, " and ", options.divide_last));
    const double first = greatest / options.divide_first, last = first / options.divide_last;
    const double end = static_cast<double>(steps - 1);
    const double top = std::max(options.rising * static_cast<double>(steps) - 1, 0.0);
    return [=](std::int64_t t) {
        const double at = std::min(static_cast<double>(t), end);
        if (at <= top && top > 0) return half_cosine(first, greatest, at / top);
        return half_cosine(greatest, last, end > top ? (at - top) / (end - top) : 1.0);
    };
}

}  // namespace tessera::dl
