// Per-target: applies a function of vectors of real and imaginary parts to contiguous complex numbers.
#if defined(TESSERA_SIMD_COMPLEX_MAP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_COMPLEX_MAP_INL
#undef TESSERA_SIMD_COMPLEX_MAP_INL
#else
#define TESSERA_SIMD_COMPLEX_MAP_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class V> struct complex_vector { V re, im; };

template <class D> HWY_INLINE auto load_complex(D d, const hn::TFromD<D>* from) {
    complex_vector<hn::Vec<D>> z;
    hn::LoadInterleaved2(d, from, z.re, z.im);
    return z;
}

template <class V> HWY_INLINE complex_vector<V> multiply_complex(complex_vector<V> x, complex_vector<V> y) {
    return {hn::Sub(hn::Mul(x.re, y.re), hn::Mul(x.im, y.im)), hn::Add(hn::Mul(x.re, y.im), hn::Mul(x.im, y.re))};
}

// out[i] = f(d, in[0][i], ...) for n complex numbers of reals R; out may be an input. The tail runs padded with zeros.
template <class R, std::size_t Operands, class Function>
HWY_INLINE void map_complex(void* out, const void* const* in, std::size_t n, const Function& f) {
    const hn::ScalableTag<R> d;
    const std::size_t lanes = hn::Lanes(d);
    auto* y = static_cast<R*>(out);
    const auto apply = [&](R* to, const R* const(&from)[Operands]) HWY_ATTR {
        const auto result = [&]<std::size_t... K>(std::index_sequence<K...>) HWY_ATTR {
            return f(d, load_complex(d, from[K])...);
        }
        (std::make_index_sequence<Operands>{});
        hn::StoreInterleaved2(result.re, result.im, d, to);
    };
    const R* from[Operands];
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (std::size_t k = 0; k < Operands; ++k) from[k] = static_cast<const R*>(in[k]) + 2 * i;
        apply(y + 2 * i, from);
    }
    if (i == n) return;
    HWY_ALIGN R padded[Operands][2 * hn::MaxLanes(d)] = {};
    for (std::size_t k = 0; k < Operands; ++k) {
        std::copy_n(static_cast<const R*>(in[k]) + 2 * i, 2 * (n - i), padded[k]);
        from[k] = padded[k];
    }
    apply(padded[0], from);
    std::copy_n(padded[0], 2 * (n - i), y + 2 * i);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
