// Matching two lists of equal length one to one.
#pragma once

#include <cstddef>
#include <vector>

namespace tessera::oracles {

// The first i of 0..count-1 that cannot be paired with a j of its own although every earlier one is, where
// compatible(i, j) allows the pair; count when all can. Augmenting paths: a nearest-first choice may take the only
// partner of a later element.
template <class Compatible> std::size_t first_unmatched(std::size_t count, const Compatible& compatible) {
    constexpr std::size_t nobody = static_cast<std::size_t>(-1);
    std::vector<std::size_t> partner_of(count, nobody);
    std::vector<bool> visited;
    const auto place = [&](const auto& self, std::size_t i) -> bool {
        for (std::size_t j = 0; j < count; ++j) {
            if (visited[j] || !compatible(i, j)) continue;
            visited[j] = true;
            if (partner_of[j] == nobody || self(self, partner_of[j])) {
                partner_of[j] = i;
                return true;
            }
        }
        return false;
    };
    for (std::size_t i = 0; i < count; ++i) {
        visited.assign(count, false);
        if (!place(place, i)) return i;
    }
    return count;
}

}  // namespace tessera::oracles
