// exp, log, sin, cos and tanh of c64 and c128.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "complex_functions.cpp"
#include <algorithm>
#include <complex>
#include <limits>

#include "reduce_huge.hpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "complex_map-inl.h"
#include "complex_math-inl.h"
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

template <scalar_code C> struct complex_function {
    template <class D, class V> HWY_INLINE complex_vector<V> operator()(D d, complex_vector<V> z) const {
        if constexpr (C == scalar_code::exp) {
            return complex_exp(d, z);
        } else if constexpr (C == scalar_code::log) {
            return complex_log(d, z);
        } else if constexpr (C == scalar_code::sin) {
            return complex_sin(d, z);
        } else if constexpr (C == scalar_code::cos) {
            return complex_cos(d, z);
        } else {
            return complex_tanh(d, z);
        }
    }
};

template <scalar_code C, class R> void complex_kernel(void* out, const void* const* in, std::size_t n) {
    map_complex<R, 1>(out, in, n, complex_function<C>{});
}

template <class R, scalar_code... Codes> void fill_type(target_tables& tables) {
    using T = std::complex<R>;
    constexpr auto d = static_cast<std::size_t>(dtype_of<T>);
    ((tables.loops[static_cast<std::size_t>(Codes)][d] = loop_of<complex_kernel<Codes, R>, T, T>), ...);
}

void fill(target_tables& tables) {
    fill_type<float, scalar_code::exp, scalar_code::log, scalar_code::sin, scalar_code::cos, scalar_code::tanh>(tables);
    fill_type<double, scalar_code::exp, scalar_code::log, scalar_code::sin, scalar_code::cos, scalar_code::tanh>(
        tables);
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_complex_functions<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
