// expm1, log1p, atan, erf, sigmoid and softplus of f32 and f64 as vectors; erfc, atan2, hypot, logaddexp and atan of
// complex numbers element by element, by the C library.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "special_functions.cpp"
#include <cmath>
#include <complex>
#include <limits>

#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"
#include "map-inl.h"
#include "special_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

template <scalar_code C> struct special_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const {
        if constexpr (C == scalar_code::expm1) {
            return vector_expm1(d, x);
        } else if constexpr (C == scalar_code::log1p) {
            return vector_log1p(d, x);
        } else if constexpr (C == scalar_code::atan) {
            return vector_atan(d, x);
        } else if constexpr (C == scalar_code::erf) {
            return vector_erf(d, x);
        } else if constexpr (C == scalar_code::sigmoid) {
            return vector_sigmoid(d, x);
        } else {
            return vector_softplus(d, x);
        }
    }
};

template <class T, scalar_code C> void special_kernel(void* out, const void* const* in, std::size_t n) {
    map_span(static_cast<T*>(out), static_cast<const T*>(in[0]), n, special_function<C>{});
}

template <class T> void erfc_kernel(void* out, const void* const* in, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) static_cast<T*>(out)[i] = std::erfc(static_cast<const T*>(in[0])[i]);
}

// log(exp(a) + exp(b)); infinities of one sign meet as themselves.
template <class T> T logaddexp(T a, T b) {
    if (a == b) return a + T(0x1.62e42fefa39efp-1);
    const T larger = a > b ? a : b, gap = std::abs(a - b);
    return gap == gap ? larger + std::log1p(std::exp(-gap)) : a + b;
}

template <class T, scalar_code C> void library_kernel(void* out, const void* const* in, std::size_t n) {
    auto* y = static_cast<T*>(out);
    const auto *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]);
    for (std::size_t i = 0; i < n; ++i) {
        if constexpr (C == scalar_code::atan2) {
            y[i] = std::atan2(a[i], b[i]);
        } else if constexpr (C == scalar_code::hypot) {
            y[i] = std::hypot(a[i], b[i]);
        } else {
            y[i] = logaddexp(a[i], b[i]);
        }
    }
}

template <class T> void complex_atan_kernel(void* out, const void* const* in, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) static_cast<T*>(out)[i] = std::atan(static_cast<const T*>(in[0])[i]);
}

template <class T> void fill_type(target_tables& tables) {
    using enum scalar_code;
    const auto slot = [&](scalar_code c) -> loop& {
        return tables.loops[static_cast<std::size_t>(c)][static_cast<std::size_t>(dtype_of<T>)];
    };
    const auto vectors = [&]<scalar_code... C>() { ((slot(C) = loop_of<special_kernel<T, C>, T, T>), ...); };
    vectors.template
    operator()<scalar_code::expm1, scalar_code::log1p, scalar_code::atan, scalar_code::erf, sigmoid, softplus>();
    using C = std::complex<T>;
    tables.loops[static_cast<std::size_t>(scalar_code::atan)][static_cast<std::size_t>(dtype_of<C>)] =
        loop_of<complex_atan_kernel<C>, C, C>;
    slot(scalar_code::erfc) = loop_of<erfc_kernel<T>, T, T>;
    const auto pairs = [&]<scalar_code... C>() { ((slot(C) = loop_of<library_kernel<T, C>, T, T, T>), ...); };
    pairs.template operator()<scalar_code::atan2, scalar_code::hypot, scalar_code::logaddexp>();
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_special_functions<HWY_TARGET>(target_tables& tables) {
    HWY_NAMESPACE::fill_type<float>(tables);
    HWY_NAMESPACE::fill_type<double>(tables);
}
}  // namespace tessera::simd
