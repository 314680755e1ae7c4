// Comparing shapes without asking: what a capture may not rest on is not equal.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "tessera/array/extent.hpp"

namespace tessera::graph::passes {

inline bool same_sizes(const dims& a, const dims& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](extent x, extent y) {
        return std::bit_cast<std::int64_t>(x) == std::bit_cast<std::int64_t>(y);
    });
}

}  // namespace tessera::graph::passes
