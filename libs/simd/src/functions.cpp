// exp, log, sin, cos and tanh of f32 and f64.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "functions.cpp"
#include <limits>

#include "reduce_huge.hpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"
#include "map-inl.h"
#include "math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

struct exp_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const { return vector_exp(d, x); }
};
struct log_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const { return vector_log(d, x); }
};
struct sin_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const { return vector_sin<0>(d, x); }
};
struct cos_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const { return vector_sin<1>(d, x); }
};
struct tanh_function {
    template <class D, class V> HWY_INLINE V operator()(D d, V x) const { return vector_tanh(d, x); }
};

template <class T, class Function> void function_kernel(void* out, const void* const* in, std::size_t n) {
    map_span(static_cast<T*>(out), static_cast<const T*>(in[0]), n, Function{});
}

template <class T> void fill_type(target_tables& tables) {
    constexpr auto d = static_cast<std::size_t>(dtype_of<T>);
    const auto slot = [&](scalar_code c) -> loop& { return tables.loops[static_cast<std::size_t>(c)][d]; };
    slot(scalar_code::exp) = loop_of<function_kernel<T, exp_function>, T, T>;
    slot(scalar_code::log) = loop_of<function_kernel<T, log_function>, T, T>;
    slot(scalar_code::sin) = loop_of<function_kernel<T, sin_function>, T, T>;
    slot(scalar_code::cos) = loop_of<function_kernel<T, cos_function>, T, T>;
    slot(scalar_code::tanh) = loop_of<function_kernel<T, tanh_function>, T, T>;
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_functions<HWY_TARGET>(target_tables& tables) {
    HWY_NAMESPACE::fill_type<float>(tables);
    HWY_NAMESPACE::fill_type<double>(tables);
}
}  // namespace tessera::simd
