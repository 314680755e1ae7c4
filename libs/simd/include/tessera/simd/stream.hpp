// Stores past the caches, for results that are far larger than they are.
#pragma once

#include <cstddef>

#include "tessera/simd/export.hpp"

namespace tessera::simd {

// Copies bytes without reading the destination's cache lines first, which a plain store does: a third less traffic for
// x + y, half less for a copy. The destination is in no cache afterwards. Other threads see the bytes after
// stream_fence() on this one.
TESSERA_SIMD_API void stream(void* to, const void* from, std::size_t bytes);
TESSERA_SIMD_API void stream_fence();

}  // namespace tessera::simd
