#include "strided.hpp"

#include <algorithm>
#include <cstring>

namespace tessera::simd {

namespace {

struct bytes16 {
    std::uint64_t low, high;
};

// memcpy because elements need not be aligned to Word: std::complex<float> is 8 bytes aligned to 4.
template <class Word> void gather_words(void* to, const void* from, std::ptrdiff_t stride, std::size_t n) {
    auto* target = static_cast<unsigned char*>(to);
    const auto* source = static_cast<const unsigned char*>(from);
    if (stride == 0 && n > 0) {  // a loop of stores alone vectorises
        Word value;
        std::memcpy(&value, source, sizeof(Word));
        for (std::size_t i = 0; i < n; ++i) std::memcpy(target + i * sizeof(Word), &value, sizeof(Word));
        return;
    }
    const std::ptrdiff_t step = stride * static_cast<std::ptrdiff_t>(sizeof(Word));
    for (std::size_t i = 0; i < n; ++i) {
        std::memcpy(target + i * sizeof(Word), source + static_cast<std::ptrdiff_t>(i) * step, sizeof(Word));
    }
}

template <class Word> void scatter_words(void* to, std::ptrdiff_t stride, const void* from, std::size_t n) {
    auto* target = static_cast<unsigned char*>(to);
    const auto* source = static_cast<const unsigned char*>(from);
    const std::ptrdiff_t step = stride * static_cast<std::ptrdiff_t>(sizeof(Word));
    for (std::size_t i = 0; i < n; ++i) {
        std::memcpy(target + static_cast<std::ptrdiff_t>(i) * step, source + i * sizeof(Word), sizeof(Word));
    }
}

void scatter(void* to, std::ptrdiff_t stride, const void* from, std::size_t n, std::size_t size) {
    switch (size) {
    case 1: return scatter_words<std::uint8_t>(to, stride, from, n);
    case 2: return scatter_words<std::uint16_t>(to, stride, from, n);
    case 4: return scatter_words<std::uint32_t>(to, stride, from, n);
    case 8: return scatter_words<std::uint64_t>(to, stride, from, n);
    default: return scatter_words<bytes16>(to, stride, from, n);
    }
}

const void* advance(const void* p, std::ptrdiff_t bytes) { return static_cast<const unsigned char*>(p) + bytes; }

}  // namespace

void gather(void* to, const void* from, std::ptrdiff_t stride, std::size_t n, std::size_t size) {
    switch (size) {
    case 1: return gather_words<std::uint8_t>(to, from, stride, n);
    case 2: return gather_words<std::uint16_t>(to, from, stride, n);
    case 4: return gather_words<std::uint32_t>(to, from, stride, n);
    case 8: return gather_words<std::uint64_t>(to, from, stride, n);
    default: return gather_words<bytes16>(to, from, stride, n);
    }
}

void run_strided(span_kernel kernel, const span_layout& layout, void* out, std::ptrdiff_t out_stride, const operand* in,
                 std::size_t n) {
    alignas(64) unsigned char tiles[4][tile_bytes];
    std::size_t largest = layout.out_size;
    for (int k = 0; k < layout.operands; ++k) largest = std::max<std::size_t>(largest, layout.in_size[k]);
    const std::size_t tile = std::min(tile_bytes / largest, n);

    const void* pointers[3] = {};
    for (int k = 0; k < layout.operands; ++k) {
        if (in[k].stride == 0) {  // one value: its tile serves throughout
            gather(tiles[k], in[k].data, 0, tile, layout.in_size[k]);
            pointers[k] = tiles[k];
        }
    }
    for (std::size_t start = 0; start < n; start += tile) {
        const std::size_t count = std::min(tile, n - start);
        const auto first = static_cast<std::ptrdiff_t>(start);
        for (int k = 0; k < layout.operands; ++k) {
            if (in[k].stride == 0) continue;
            const std::size_t size = layout.in_size[k];
            const void* source = advance(in[k].data, first * in[k].stride * static_cast<std::ptrdiff_t>(size));
            pointers[k] = source;
            if (in[k].stride != 1) {
                gather(tiles[k], source, in[k].stride, count, size);
                pointers[k] = tiles[k];
            }
        }
        auto* target =
            static_cast<unsigned char*>(out) + first * out_stride * static_cast<std::ptrdiff_t>(layout.out_size);
        if (out_stride == 1) {
            kernel(target, pointers, count);
        } else {
            kernel(tiles[3], pointers, count);
            scatter(target, out_stride, tiles[3], count, layout.out_size);
        }
    }
}

}  // namespace tessera::simd
