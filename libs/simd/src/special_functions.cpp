// expm1, log1p, atan, erf, sigmoid and softplus of f32 and f64.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "special_functions.cpp"
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

template <class T> void fill_type(target_tables& tables) {
    using enum scalar_code;
    const auto slot = [&](scalar_code c) -> loop& {
        return tables.loops[static_cast<std::size_t>(c)][static_cast<std::size_t>(dtype_of<T>)];
    };
    const auto vectors = [&]<scalar_code... C>() { ((slot(C) = loop_of<special_kernel<T, C>, T, T>), ...); };
    vectors.template
    operator()<scalar_code::expm1, scalar_code::log1p, scalar_code::atan, scalar_code::erf, sigmoid, softplus>();
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
