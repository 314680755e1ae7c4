// Where short-lived buffers lie in one block of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera::graph {

struct lifetime {
    std::size_t bytes;
    std::size_t first, last;  // steps, both inclusive
    std::size_t offset = 0;   // the answer
};

// Gives every buffer an offset such that no two whose lives overlap overlap in memory: the largest first, each at the
// lowest place that is free while it lives. Returns the bytes of the block. Offsets are multiples of 64.
std::size_t arrange(std::span<lifetime* const> buffers);

}  // namespace tessera::graph
