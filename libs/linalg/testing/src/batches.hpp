// Batches of matrices in host memory: all axes but the last two.
#pragma once

#include "tessera/testing/host_tensors.hpp"

namespace tessera::testing {

inline sizes leading(const sizes& shape) { return sizes(shape.begin(), shape.end() - 2); }

// Position of a batch in an operand whose leading axes broadcast to `batches`.
inline std::int64_t batch_of(const sizes& batches, std::int64_t i, const sizes& lead) {
    const sizes at = position_of(batches, i);
    sizes own(lead.size());
    for (std::size_t a = 0; a < lead.size(); ++a) own[a] = lead[a] == 1 ? 0 : at[batches.size() - lead.size() + a];
    return flat_index(lead, own);
}

}  // namespace tessera::testing
