// What many optimisers' formulas share.
#pragma once

#include "tessera/array/elementwise.hpp"

namespace tessera::dl {

inline array decayed(const array& gradient, const array& parameter, double weight_decay) {
    return weight_decay == 0 ? gradient : gradient + weight_decay * parameter;
}

// The running average that keeps `beta` of what it was.
inline array average(const array& before, double beta, const array& x) { return before * beta + (1 - beta) * x; }

}  // namespace tessera::dl
