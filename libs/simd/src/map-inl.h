// Per-target: applies a function of vectors to a contiguous span. The tail runs through the same function, padded.
#if defined(TESSERA_SIMD_MAP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_MAP_INL
#undef TESSERA_SIMD_MAP_INL
#else
#define TESSERA_SIMD_MAP_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The first n elements, then `padding`. Reads nothing beyond them.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_part(D d, const T* from, std::size_t n, T padding) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2  // masked loads that cannot fault, for 32 and 64 bits
    const auto mask = hn::FirstN(d, n);
    return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, from), hn::Set(d, padding));
#else
    HWY_ALIGN T lanes[hn::MaxLanes(d)];
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) lanes[i] = i < n ? from[i] : padding;
    return hn::Load(d, lanes);
#endif
}

// Writes the first n lanes and nothing beyond them.
template <class D, class T = hn::TFromD<D>> HWY_INLINE void store_part(hn::Vec<D> v, D d, T* to, std::size_t n) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
    hn::BlendedStore(v, hn::FirstN(d, n), d, to);
#else
    HWY_ALIGN T lanes[hn::MaxLanes(d)];
    hn::Store(v, d, lanes);
    for (std::size_t i = 0; i < n; ++i) to[i] = lanes[i];
#endif
}

// out[i] = f(in[i]); out may be in.
template <class T, class Function> HWY_INLINE void map_span(T* out, const T* in, std::size_t n, const Function& f) {
    const hn::ScalableTag<T> d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(f(d, hn::LoadU(d, in + i)), d, out + i);
    if (i < n) store_part(f(d, load_part(d, in + i, n - i, T{1})), d, out + i, n - i);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
