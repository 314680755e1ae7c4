// What every loop does with operands that are not contiguous: tiles in the L1 cache.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tessera/simd/loops.hpp"

namespace tessera::simd {

// A loop over contiguous elements: the only code that computes. May run in place.
using span_kernel = void (*)(void* out, const void* const* in, std::size_t n);

struct span_layout {
    std::uint8_t operands;
    std::uint8_t out_size, in_size[3];  // bytes per element

    constexpr bool contiguous(std::ptrdiff_t out_stride, const operand* in) const {
        bool all = out_stride == 1;
        for (int k = 0; k < operands; ++k) all = all && in[k].stride == 1;
        return all;
    }
};

inline constexpr std::size_t tile_bytes = 4096;

// Gathers each operand that is not contiguous into a tile, runs the kernel tile by tile, scatters where out is strided.
void run_strided(span_kernel kernel, const span_layout& layout, void* out, std::ptrdiff_t out_stride, const operand* in,
                 std::size_t n);

// to[i] = the element of `size` bytes at from + i * stride elements.
void gather(void* to, const void* from, std::ptrdiff_t stride, std::size_t n, std::size_t size);

}  // namespace tessera::simd
