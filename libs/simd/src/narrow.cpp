// All codes on f16, bf16 and the two f8: widened tile by tile, computed by the f32 loop, rounded once.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "narrow.cpp"
#include <algorithm>

#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

const target_tables* own = nullptr;

const void* element_at(const operand& in, std::size_t i, std::size_t size) {
    return static_cast<const unsigned char*>(in.data) +
           static_cast<std::ptrdiff_t>(i) * in.stride * static_cast<std::ptrdiff_t>(size);
}

void narrow_loop(scalar_code code, dtype narrow, void* out, std::ptrdiff_t out_stride, const operand* in,
                 std::size_t n) {
    constexpr std::size_t tile = tile_bytes / sizeof(float);
    alignas(64) float tiles[2][tile];
    const auto as = static_cast<std::size_t>(narrow), single = static_cast<std::size_t>(f32);
    const loop widen = own->casts[as][single], round = own->casts[single][as];
    const loop compute = own->loops[static_cast<std::size_t>(code)][single];
    const int operands = traits(code).operands;
    const bool gives_boolean = traits(code).gives_boolean;
    const std::size_t size = item_size(narrow), out_size = gives_boolean ? 1 : size;
    for (std::size_t start = 0; start < n; start += tile) {
        const std::size_t count = std::min(tile, n - start);
        operand wide[2];
        for (int k = 0; k < operands; ++k) {
            const operand source{element_at(in[k], start, size), in[k].stride};
            widen(tiles[k], 1, &source, count);
            wide[k] = {tiles[k], 1};
        }
        auto* target = static_cast<unsigned char*>(out) +
                       static_cast<std::ptrdiff_t>(start) * out_stride * static_cast<std::ptrdiff_t>(out_size);
        if (gives_boolean) {
            compute(target, out_stride, wide, count);
        } else {
            compute(tiles[0], 1, wide, count);
            round(target, out_stride, wide, count);
        }
    }
}

template <scalar_code C, dtype Narrow>
void narrow_loop_of(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n) {
    narrow_loop(C, Narrow, out, out_stride, in, n);
}

template <scalar_code C, dtype Narrow> void fill_code(target_tables& tables) {
    loop& slot = tables.loops[static_cast<std::size_t>(C)][static_cast<std::size_t>(Narrow)];
    if constexpr (takes(C, Narrow) && traits(C).operands < 3 && C != scalar_code::cast) {
        if constexpr (C == scalar_code::nextafter) {  // a step of its own dtype
            using T = element_type<Narrow>;
            slot = loop_of<binary_kernel<C, T>, T, T, T>;
        } else {
            slot = narrow_loop_of<C, Narrow>;
        }
    }
}

void fill(target_tables& tables) {
    own = &tables;
    [&]<std::size_t... C>(std::index_sequence<C...>) {
        (fill_code<static_cast<scalar_code>(C), f16>(tables), ...);
        (fill_code<static_cast<scalar_code>(C), bf16>(tables), ...);
        (fill_code<static_cast<scalar_code>(C), f8e4m3>(tables), ...);
        (fill_code<static_cast<scalar_code>(C), f8e5m2>(tables), ...);
    }
    (std::make_index_sequence<scalar_code_count>{});
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_narrow<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
