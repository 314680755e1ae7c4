// Philox 4x32 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, SC 2011), one block at a time.
#pragma once

#include <array>
#include <cstdint>

namespace tessera::detail {

using philox_block = std::array<std::uint32_t, 4>;

constexpr philox_block philox(philox_block x, std::uint32_t key0, std::uint32_t key1, int rounds = 10) {
    for (int i = 0; i < rounds; ++i) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * x[0], b = std::uint64_t{0xCD9E8D57} * x[2];
        x = {static_cast<std::uint32_t>(b >> 32) ^ x[1] ^ key0, static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ x[3] ^ key1, static_cast<std::uint32_t>(a)};
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    return x;
}

// Key i made of a key. Its counter has the top bit set, which no element's counter reaches.
constexpr philox_block derived_key(const philox_block& key, std::uint64_t i) {
    const auto high = static_cast<std::uint32_t>(i >> 32) | 0x80000000U;
    return philox({static_cast<std::uint32_t>(i), high, key[2], key[3]}, key[0], key[1]);
}

}  // namespace tessera::detail
