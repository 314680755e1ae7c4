// Values that ops are tested on.
#pragma once

#include "tessera/testing/host_tensors.hpp"

namespace tessera::testing {

// Numbers an operand may take: of floats the reals between, of integers the whole numbers among them.
struct interval {
    double low = -4, high = 4;
    double gap = 0;  // none closer to zero than this
};

enum class special : std::uint8_t {
    none,
    non_finite,  // every third one infinite, NaN or a zero of either sign; integers of any bits
    numbers,     // also the largest, smallest and subnormal ones
};

// The same seed gives the same values.
host_tensor sample(dtype t, const sizes& shape, interval from, std::uint64_t seed, special with = special::none);

}  // namespace tessera::testing
