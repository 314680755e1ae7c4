#include "tessera/simd/stream.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tessera::simd {

#if defined(__SSE2__)  // every x86-64

void stream(void* to, const void* from, std::size_t bytes) {
    auto* out = static_cast<unsigned char*>(to);
    const auto* in = static_cast<const unsigned char*>(from);
    const std::size_t head = std::min(bytes, (16 - reinterpret_cast<std::uintptr_t>(out) % 16) % 16);
    std::memcpy(out, in, head);
    std::size_t i = head;
    for (; i + 64 <= bytes; i += 64) {  // a line at a time, so that write-combining buffers leave full
        const auto* block = reinterpret_cast<const __m128i*>(in + i);
        auto* line = reinterpret_cast<__m128i*>(out + i);
        const __m128i a = _mm_loadu_si128(block), b = _mm_loadu_si128(block + 1);
        const __m128i c = _mm_loadu_si128(block + 2), d = _mm_loadu_si128(block + 3);
        _mm_stream_si128(line, a);
        _mm_stream_si128(line + 1, b);
        _mm_stream_si128(line + 2, c);
        _mm_stream_si128(line + 3, d);
    }
    std::memcpy(out + i, in + i, bytes - i);
}

void stream_fence() { _mm_sfence(); }

#else

void stream(void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); }
void stream_fence() {}

#endif

}  // namespace tessera::simd
