// Per-target: what a reduction does with two values, and the vector loop of the ordered ones.
#if defined(TESSERA_SIMD_REDUCE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_REDUCE_INL
#undef TESSERA_SIMD_REDUCE_INL
#else
#define TESSERA_SIMD_REDUCE_INL
#endif

#include "tables.hpp"
#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/scalar.hpp"

#ifndef TESSERA_SIMD_MULTIPLY_UNFUSED
#define TESSERA_SIMD_MULTIPLY_UNFUSED
namespace tessera::simd {
// Outside of every target: GCC 12 would make fused multiply-adds of it in spite of -ffp-contract=off.
template <class R> [[gnu::noinline]] std::complex<R> multiply_unfused(std::complex<R> a, std::complex<R> b) {
    return complex_multiply(a, b);
}
}  // namespace tessera::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <reduce_code C, dtype In> struct reduction {
    static constexpr reduce_code code = C;
    using in_type = element_type<In>;
    static constexpr dtype acc_dtype = C == reduce_code::any || C == reduce_code::all            ? boolean
                                       : C == reduce_code::maximum || C == reduce_code::minimum  ? In
                                       : In == boolean || kind(In) == dtype_kind::signed_integer ? i64
                                       : is_integer(In)                                          ? u64
                                                                                                 : In;
    using acc_type = element_type<acc_dtype>;
    using real = real_type<acc_type>;
    // Whether the order matters; where it does not, one lane serves for 64.
    static constexpr bool ordered = is_inexact(acc_dtype);
    static constexpr std::size_t lanes = ordered ? 64 : 1;

    [[gnu::always_inline]] static acc_type convert(in_type x) {
        if constexpr (acc_dtype == boolean) {
            return cast_to<bool>(x);
        } else {
            return cast_to<acc_type>(x);
        }
    }

    [[gnu::always_inline]] static acc_type combine(acc_type a, acc_type b) {
        if constexpr (C == reduce_code::sum) {
            return evaluate<scalar_code::add>(a, b);
        } else if constexpr (C == reduce_code::product) {
            if constexpr (is_complex(acc_dtype)) {
                return multiply_unfused(a, b);
            } else {
                return evaluate<scalar_code::multiply>(a, b);
            }
        } else if constexpr (C == reduce_code::maximum) {
            return evaluate<scalar_code::maximum>(a, b);
        } else if constexpr (C == reduce_code::minimum) {
            return evaluate<scalar_code::minimum>(a, b);
        } else {
            return C == reduce_code::any ? a || b : a && b;
        }
    }

    // combine(identity, x) == x for every x but -0: sums begin at +0, so -0 alone adds up to +0, as NumPy has it. A
    // product of complex numbers has none (0 times an infinity is NaN), so lanes without an element are left out.
    static constexpr bool has_identity = !(C == reduce_code::product && is_complex(In));
    static constexpr acc_type identity() {
        if constexpr (C == reduce_code::sum) {
            return acc_type(0);
        } else if constexpr (C == reduce_code::product || C == reduce_code::all) {
            return acc_type(1);
        } else if constexpr (C == reduce_code::any) {
            return false;
        } else {
            using limits = std::numeric_limits<acc_type>;
            constexpr acc_type top = limits::has_infinity ? limits::infinity() : limits::max();
            constexpr acc_type bottom =
                limits::has_infinity ? static_cast<acc_type>(-limits::infinity()) : limits::lowest();
            return C == reduce_code::maximum ? bottom : top;
        }
    }

    static constexpr real real_identity() {  // of each part
        if constexpr (is_complex(acc_dtype)) {
            return identity().real();
        } else {
            return identity();
        }
    }
};

// R::combine on vectors of reals.
template <class R, class D, class V> HWY_INLINE V combine_vectors(D, V a, V b) {
    if constexpr (R::code == reduce_code::sum) {
        return hn::Add(a, b);
    } else if constexpr (R::code == reduce_code::product) {
        return hn::Mul(a, b);
    } else if constexpr (R::code == reduce_code::maximum) {
        return hn::IfThenElse(hn::Or(hn::Ge(a, b), hn::IsNaN(a)), a, b);
    } else {
        return hn::IfThenElse(hn::Or(hn::Le(a, b), hn::IsNaN(a)), a, b);
    }
}

// lanes[i mod Lanes] takes x[i], for i < n.
template <class R, std::size_t Lanes, class T> HWY_NOINLINE void add_vectors(T* lanes, const T* x, std::size_t n) {
    const hn::ScalableTag<T> d;
    using V = hn::Vec<decltype(d)>;
    constexpr std::size_t width = hn::MaxLanes(d);
    constexpr std::size_t unroll =
        std::min<std::size_t>(Lanes / width, 16);  // as many accumulators as stay in registers
    const std::size_t whole = n - n % Lanes;
    for (std::size_t part = 0; part < Lanes; part += unroll * width) {
        [&]<std::size_t... K>(std::index_sequence<K...>) HWY_ATTR {
            V acc[unroll] = {hn::LoadU(d, lanes + part + K * width)...};
            for (std::size_t i = part; i < whole; i += Lanes) {
                ((acc[K] = combine_vectors<R>(d, acc[K], hn::LoadU(d, x + i + K * width))), ...);
            }
            (hn::StoreU(acc[K], d, lanes + part + K * width), ...);
        }
        (std::make_index_sequence<unroll>{});
    }
    std::size_t l = 0;
    for (const T* rest = x + whole; whole + l < n; l += width) {
        const std::size_t left = n - whole - l;
        const V old = hn::LoadU(d, lanes + l);
        const V next = left >= width ? hn::LoadU(d, rest + l) : load_part(d, rest + l, left, R::real_identity());
        hn::StoreU(combine_vectors<R>(d, old, next), d, lanes + l);
    }
}

// Lane l takes lane l + half, within one vector.
template <class R, class D, class V> HWY_INLINE hn::TFromD<D> fold_vector(D d, V v) {
    if constexpr (hn::MaxLanes(d) == 1) {
        return hn::GetLane(v);
    } else {
        const hn::Half<D> half;
        return fold_vector<R>(half, combine_vectors<R>(half, hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
    }
}

template <class R, class T> HWY_INLINE T fold_vectors(T* lanes) {
    const hn::ScalableTag<T> d;
    constexpr std::size_t width = hn::MaxLanes(d);
    for (std::size_t half = R::lanes / 2; half >= width; half /= 2) {
        for (std::size_t l = 0; l < half; l += width) {
            const auto folded = combine_vectors<R>(d, hn::Load(d, lanes + l), hn::Load(d, lanes + l + half));
            hn::Store(folded, d, lanes + l);
        }
    }
    return fold_vector<R>(d, hn::Load(d, lanes));
}

// a[i] = a[i] * b[i] for n complex numbers; n is a multiple of the vector's lanes.
template <class T> HWY_NOINLINE void multiply_vectors(std::complex<T>* a, const std::complex<T>* b, std::size_t n) {
    const hn::ScalableTag<T> d;
    auto* x = reinterpret_cast<T*>(a);
    const auto* y = reinterpret_cast<const T*>(b);
    for (std::size_t i = 0; i < 2 * n; i += 2 * hn::Lanes(d)) {
        const auto product = multiply_complex(load_complex(d, x + i), load_complex(d, y + i));
        hn::StoreInterleaved2(product.re, product.im, d, x + i);
    }
}

// The lanes of one span (or of one level of span results).
template <class R> struct lane_set {
    using acc_type = typename R::acc_type;
    alignas(64) acc_type values[R::lanes];
    std::size_t used = 0;  // lanes that have an element

    lane_set() {
        if constexpr (R::has_identity) std::fill_n(values, R::lanes, R::identity());
    }

    [[gnu::always_inline]] void add(std::size_t i, acc_type value) {
        acc_type& lane = values[i % R::lanes];
        lane = R::has_identity || i >= R::lanes ? R::combine(lane, value) : value;
        used = std::min(R::lanes, std::max(used, i + 1));
    }

    // Elements first, first + 1, ...; first is a multiple of 64.
    void add_span(std::size_t first, const typename R::in_type* x, std::size_t n) {
        if constexpr (R::code == reduce_code::any || R::code == reduce_code::all) {
            constexpr bool decisive = R::code == reduce_code::any;
            if (values[0] == decisive) return;
            std::uint8_t found = 0;  // a byte, because GCC 12 vectorises no "or" of bools
            for (std::size_t i = 0; i < n; ++i) found |= static_cast<std::uint8_t>(R::convert(x[i]) == decisive);
            values[0] = (found != 0) == decisive;
        } else if constexpr (R::lanes == 1) {
            acc_type total = values[0];
            for (std::size_t i = 0; i < n; ++i) total = R::combine(total, R::convert(x[i]));
            values[0] = total;
        } else if constexpr (R::has_identity) {
            using real =
                typename R::real;  // a sum of complex numbers is one of twice as many reals, in twice the lanes
            constexpr std::size_t parts = sizeof(acc_type) / sizeof(real);
            add_vectors<R, parts * R::lanes>(reinterpret_cast<real*>(values), reinterpret_cast<const real*>(x),
                                             parts * n);
        } else {
            std::size_t i = 0;
            for (; i < n && first + i < R::lanes; ++i) add(first + i, R::convert(x[i]));
            for (; i + R::lanes <= n; i += R::lanes) multiply_vectors(values, x + i, R::lanes);
            for (; i < n; ++i) add(first + i, R::convert(x[i]));
        }
    }

    acc_type fold() {
        if constexpr (R::has_identity && std::is_floating_point_v<acc_type> && R::lanes > 1) {
            return fold_vectors<R>(values);
        } else {
            for (std::size_t half = R::lanes / 2; half > 0; half /= 2) {
                for (std::size_t l = 0; l < half; ++l) {
                    if (R::has_identity || l + half < used) values[l] = R::combine(values[l], values[l + half]);
                }
            }
            return values[0];
        }
    }
};

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
