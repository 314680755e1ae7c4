// Learning rates that change with the steps. A schedule gives the rate of step 0, 1, 2, ...; formulas are PyTorch's.
//     fit(model, optimizer, data, loss, {.learning_rate = dl::cosine_annealing_lr(1e-3, 1000)});
// All throw value_error for rates below 0 and counts below 1.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tessera/dl/export.hpp"

namespace tessera::dl {

using schedule = std::function<double(std::int64_t step)>;

// rate gamma^floor(t / step_size)
TESSERA_DL_API schedule step_lr(double rate, std::int64_t step_size, double gamma = 0.1);
// rate gamma^(how many of the milestones t has reached); they are sorted.
TESSERA_DL_API schedule multistep_lr(double rate, std::vector<std::int64_t> milestones, double gamma = 0.1);
// rate gamma^t
TESSERA_DL_API schedule exponential_lr(double rate, double gamma);
// From rate to least along half a cosine of `half_period` steps, and back.
TESSERA_DL_API schedule cosine_annealing_lr(double rate, std::int64_t half_period, double least = 0);
// From rate / warmup to rate in equal steps, then rate.
TESSERA_DL_API schedule linear_warmup(double rate, std::int64_t warmup);

struct one_cycle_options {
    double rising = 0.3;       // the part of all steps in which the rate rises
    double divide_first = 25;  // the first rate is the greatest one over this
    double divide_last = 1e4;  // and the last one is the first one over this
};
// Up to `greatest` and down again along half cosines; `steps` in all, after which the rate stays.
TESSERA_DL_API schedule one_cycle_lr(double greatest, std::int64_t steps, const one_cycle_options& options = {});

}  // namespace tessera::dl
