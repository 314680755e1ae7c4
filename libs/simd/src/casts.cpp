// Conversions between all dtypes, as tessera/dtype/cast.hpp defines them.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "casts.cpp"
#include <algorithm>
#include <cstring>

#include "tables.hpp"
#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

const target_tables* own = nullptr;  // this target's tables, for casts made of two others

#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2  // F16C: the same values as the codec of float16
inline constexpr bool has_f16_conversions = true;
#else
inline constexpr bool has_f16_conversions = false;
#endif

// The whole vectors of n conversions; returns how many elements that was.
template <class To, class From> std::size_t cast_f16_vectors(To* to, const From* from, std::size_t n) {
    namespace hn = hwy::HWY_NAMESPACE;
    const hn::ScalableTag<float> wide;
    const hn::Rebind<hwy::float16_t, decltype(wide)> narrow;
    const std::size_t lanes = hn::Lanes(wide);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        if constexpr (std::is_same_v<To, float>) {
            const auto* stored = reinterpret_cast<const hwy::float16_t*>(from + i);
            hn::StoreU(hn::PromoteTo(wide, hn::LoadU(narrow, stored)), wide, to + i);
        } else {
            auto* stored = reinterpret_cast<hwy::float16_t*>(to + i);
            hn::StoreU(hn::DemoteTo(narrow, hn::LoadU(wide, from + i)), narrow, stored);
        }
    }
    return i;
}

template <class To, class From> void cast_kernel(void* out, const void* const* in, std::size_t n) {
    auto* y = static_cast<To*>(out);
    const auto* a = static_cast<const From*>(in[0]);
    if constexpr (std::is_same_v<To, From>) {
        if (y != a) std::memcpy(out, in[0], n * sizeof(To));
    } else if constexpr (has_f16_conversions && ((std::is_same_v<To, float> && std::is_same_v<From, float16>) ||
                                                 (std::is_same_v<To, float16> && std::is_same_v<From, float>))) {
        for (std::size_t i = cast_f16_vectors(y, a, n); i < n; ++i) y[i] = cast_to<To>(a[i]);
    } else {
#pragma GCC ivdep
        for (std::size_t i = 0; i < n; ++i) y[i] = cast_to<To>(a[i]);
    }
}

template <class To, class From> constexpr loop direct = loop_of<cast_kernel<To, From>, To, From>;

template <dtype From, dtype Via, dtype To>
void cast_via(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n) {
    using Middle = element_type<Via>;
    constexpr std::size_t tile = tile_bytes / sizeof(Middle);
    alignas(64) Middle middle[tile];
    const loop first = own->casts[static_cast<std::size_t>(From)][static_cast<std::size_t>(Via)];
    const loop second = own->casts[static_cast<std::size_t>(Via)][static_cast<std::size_t>(To)];
    for (std::size_t start = 0; start < n; start += tile) {
        const std::size_t count = std::min(tile, n - start);
        const auto position = static_cast<std::ptrdiff_t>(start);
        const operand source{static_cast<const element_type<From>*>(in[0].data) + position * in[0].stride,
                             in[0].stride};
        const operand between{middle, 1};
        first(middle, 1, &source, count);
        second(static_cast<element_type<To>*>(out) + position * out_stride, out_stride, &between, count);
    }
}

// The type on the way to or from a narrow float that changes no result; From itself when the cast is direct.
template <dtype From, dtype To> constexpr dtype via() {
    if constexpr (From == To) {
        return From;
    } else if constexpr (is_narrow_float(From)) {
        return To == f32 ? From : f32;
    } else if constexpr (is_narrow_float(To)) {
        if (is_complex(From)) return real_part(From);
        if (From == f32 || From == f64 || From == i64 || From == u64) return From;
        return From == i32 || From == u32 ? f64 : f32;
    } else {
        return From;
    }
}

template <dtype From, dtype To> void fill_cast(target_tables& tables) {
    loop& slot = tables.casts[static_cast<std::size_t>(From)][static_cast<std::size_t>(To)];
    if constexpr (via<From, To>() == From) {
        // Bytes of 0 and 1, which vectorise where bool does not.
        using stored = std::conditional_t<From == boolean && To != boolean, std::uint8_t, element_type<From>>;
        slot = direct<element_type<To>, stored>;
    } else {
        slot = cast_via<From, via<From, To>(), To>;
    }
}

void fill(target_tables& tables) {
    own = &tables;
    [&]<std::size_t... Pair>(std::index_sequence<Pair...>) {
        (fill_cast<static_cast<dtype>(Pair / dtype_count), static_cast<dtype>(Pair % dtype_count)>(tables), ...);
    }
    (std::make_index_sequence<std::size_t{dtype_count} * dtype_count>{});
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_casts<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
