#include "arena.hpp"

#include <algorithm>
#include <vector>

namespace tessera::graph {

std::size_t arrange(std::span<lifetime* const> buffers) {
    std::vector<lifetime*> by_size(buffers.begin(), buffers.end());
    std::stable_sort(by_size.begin(), by_size.end(),
                     [](const lifetime* a, const lifetime* b) { return a->bytes > b->bytes; });
    const auto padded = [](const lifetime* b) { return (b->bytes + 63) / 64 * 64; };
    std::vector<lifetime*> placed;  // by offset
    std::size_t total = 0;
    for (lifetime* b : by_size) {
        std::size_t offset = 0;
        for (const lifetime* other : placed) {
            if (other->last < b->first || b->last < other->first) continue;
            if (offset + padded(b) <= other->offset) break;
            offset = std::max(offset, other->offset + padded(other));
        }
        b->offset = offset;
        total = std::max(total, offset + padded(b));
        placed.insert(std::upper_bound(placed.begin(), placed.end(), b,
                                       [](const lifetime* x, const lifetime* y) { return x->offset < y->offset; }),
                      b);
    }
    return total;
}

}  // namespace tessera::graph
