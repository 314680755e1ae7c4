// The position of the first greatest or least element: blocks in the L1 cache are reduced to their best value, and only
// the block that holds the answer is searched for it.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arg.cpp"
#include <algorithm>
#include <limits>

#include "strided.hpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

const target_tables* own = nullptr;

constexpr std::size_t block = 1024;

template <bool Greatest, class T> [[gnu::always_inline]] inline bool better(T a, T b) {
    return Greatest ? a > b : a < b;
}

// The best of a block, NaN when there is one.
template <bool Greatest, class T> T best_of(const T* x, std::size_t n) {
    if constexpr (std::is_floating_point_v<T>) {
        const hn::ScalableTag<T> d;
        using V = hn::Vec<decltype(d)>;
        constexpr std::size_t width = hn::MaxLanes(d);
        const auto choose = [](V a, V b) HWY_ATTR { return Greatest ? hn::Max(a, b) : hn::Min(a, b); };
        const V first = hn::Set(d, x[0]);
        V a = first, b = first, c = first, e = first;
        auto nan = hn::IsNaN(first);
        std::size_t i = 0;
        for (; i + 4 * width <= n; i += 4 * width) {
            const V p = hn::LoadU(d, x + i), q = hn::LoadU(d, x + i + width);
            const V r = hn::LoadU(d, x + i + 2 * width), s = hn::LoadU(d, x + i + 3 * width);
            nan = hn::Or(nan, hn::Or(hn::Or(hn::IsNaN(p), hn::IsNaN(q)), hn::Or(hn::IsNaN(r), hn::IsNaN(s))));
            a = choose(a, p), b = choose(b, q), c = choose(c, r), e = choose(e, s);
        }
        a = choose(choose(a, b), choose(c, e));
        T best = Greatest ? hn::GetLane(hn::MaxOfLanes(d, a)) : hn::GetLane(hn::MinOfLanes(d, a));
        bool any_nan = !hn::AllFalse(d, nan);
        for (; i < n; ++i) {
            any_nan |= x[i] != x[i];
            best = better<Greatest>(x[i], best) ? x[i] : best;
        }
        return any_nan ? std::numeric_limits<T>::quiet_NaN() : best;
    } else {
        T best = x[0];
        for (std::size_t i = 1; i < n; ++i) best = Greatest ? std::max(best, x[i]) : std::min(best, x[i]);
        return best;
    }
}

// Where `best` (a NaN: any NaN) is first; it is there.
template <class T> std::size_t find_first(const T* x, T best) {
    std::size_t i = 0;
    const bool nan = best != best;
    while (nan ? x[i] == x[i] : x[i] != best) ++i;
    return i;
}

// load(first, n, tile) gives a contiguous chunk.
template <bool Greatest, class T, class Load> std::int64_t search(std::size_t n, const Load& load) {
    alignas(64) T tile[block];
    T best{};
    std::size_t best_block = 0;
    for (std::size_t first = 0; first < n; first += block) {
        const std::size_t count = std::min(block, n - first);
        const T value = best_of<Greatest>(load(first, count, tile), count);
        if (first == 0 || better<Greatest>(value, best) || value != value) best = value, best_block = first;
        if (value != value) break;
    }
    const T* found = load(best_block, std::min(block, n - best_block), tile);
    return static_cast<std::int64_t>(best_block + find_first(found, best));
}

template <bool Greatest, class T> std::int64_t arg_of(const operand& in, std::size_t n) {
    return search<Greatest, T>(n, [&](std::size_t first, std::size_t count, T* tile) -> const T* {
        const T* from = static_cast<const T*>(in.data) + static_cast<std::ptrdiff_t>(first) * in.stride;
        if (in.stride == 1) return from;
        gather(tile, from, in.stride, count, sizeof(T));
        return tile;
    });
}

template <bool Greatest, class Narrow> std::int64_t narrow_arg_of(const operand& in, std::size_t n) {
    const loop widen = own->casts[static_cast<std::size_t>(dtype_of<Narrow>)][static_cast<std::size_t>(f32)];
    return search<Greatest, float>(n, [&](std::size_t first, std::size_t count, float* tile) -> const float* {
        const operand from{static_cast<const Narrow*>(in.data) + static_cast<std::ptrdiff_t>(first) * in.stride,
                           in.stride};
        widen(tile, 1, &from, count);
        return tile;
    });
}

template <dtype D> void fill_arg_dtype(target_tables& tables) {
    arg_row &greatest = tables.argmax[static_cast<std::size_t>(D)], &least = tables.argmin[static_cast<std::size_t>(D)];
    using T = element_type<D>;
    if constexpr (is_narrow_float(D)) {
        greatest = narrow_arg_of<true, T>, least = narrow_arg_of<false, T>;
    } else if constexpr (D == boolean) {
        greatest = arg_of<true, std::uint8_t>, least = arg_of<false, std::uint8_t>;
    } else if constexpr (!is_complex(D)) {
        greatest = arg_of<true, T>, least = arg_of<false, T>;
    }
}

void fill(target_tables& tables) {
    own = &tables;
    [&]<std::size_t... D>(std::index_sequence<D...>) { (fill_arg_dtype<static_cast<dtype>(D)>(tables), ...); }
    (std::make_index_sequence<dtype_count>{});
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_arg<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
