// Random numbers as a function of a key and a position: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random
// numbers, SC 2011). Word 4 b + j of a key's stream is word j of philox(counter = {b low, b high, key[2], key[3]},
// key = {key[0], key[1]}). 4-byte elements take one word each, 8-byte elements two. Every instruction set and every way
// to cut a stream into calls give the same bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tessera/interop/dtype.hpp"
#include "tessera/simd/export.hpp"

namespace tessera::simd {

// bits: the words, u32. uniform: low + u (high - low), at most `most`; u has 24 (f32) or 53 (f64) random bits, u < 1.
// normal: low + high z, z by the inverse of the distribution function from 32 or 63 bits; relative errors of z are
// below 4e-7 and 2e-15, |z| reaches 6.2 and 9.1.
enum class random_code : std::uint8_t { bits, uniform, normal };
inline constexpr int random_code_count = 3;

struct random_parameters {
    std::array<std::uint32_t, 4> key{};
    double low = 0, high = 1, most = 1;
};

// out[i] = element first + i, for n elements. first is a multiple of random_tile.
using random_loop = void (*)(void* out, std::uint64_t first, std::size_t n, const random_parameters& parameters);
inline constexpr std::size_t random_tile = 256;

// The active target's loop; bits for u32, the others for f32 and f64; nullptr where there is none.
TESSERA_SIMD_API random_loop find_random(random_code code, dtype out);

}  // namespace tessera::simd
