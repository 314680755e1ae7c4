// Functions element by element, by the C library: the same loops for every target.
#include <cmath>
#include <complex>

#include "tables.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera::simd {
namespace {

// log(exp(a) + exp(b)); infinities of one sign meet as themselves.
template <class T> T logaddexp(T a, T b) {
    if (a == b) return a + T(0x1.62e42fefa39efp-1);
    const T larger = a > b ? a : b, gap = std::abs(a - b);
    return gap == gap ? larger + std::log1p(std::exp(-gap)) : a + b;
}

// exp(b log(a)) in the next wider type, whose digits the product of a large b takes away.
template <class R> std::complex<R> complex_power(std::complex<R> a, std::complex<R> b) {
    if (b == R{0}) return R{1};
    if (a == R{0} && b.real() > 0) return R{0};
    using wide = std::complex<std::conditional_t<std::is_same_v<R, float>, double, long double>>;
    const wide y = std::exp(wide(b) * std::log(wide(a)));
    return {static_cast<R>(y.real()), static_cast<R>(y.imag())};
}

template <scalar_code C, class T> T function(T x) {
    using enum scalar_code;
    if constexpr (C == scalar_code::tan) {
        return std::tan(x);
    } else if constexpr (C == scalar_code::asin) {
        return std::asin(x);
    } else if constexpr (C == scalar_code::acos) {
        return std::acos(x);
    } else if constexpr (C == scalar_code::atan) {
        return std::atan(x);
    } else if constexpr (C == scalar_code::sinh) {
        return std::sinh(x);
    } else if constexpr (C == scalar_code::cosh) {
        return std::cosh(x);
    } else if constexpr (C == scalar_code::asinh) {
        return std::asinh(x);
    } else if constexpr (C == scalar_code::acosh) {
        return std::acosh(x);
    } else if constexpr (C == scalar_code::atanh) {
        return std::atanh(x);
    } else if constexpr (C == scalar_code::exp2) {
        return std::exp2(x);
    } else if constexpr (C == exp10) {
        return std::pow(T{10}, x);
    } else if constexpr (C == scalar_code::log2) {
        return std::log2(x);
    } else if constexpr (C == scalar_code::log10) {
        return std::log10(x);
    } else if constexpr (C == scalar_code::cbrt) {
        return std::cbrt(x);
    } else {
        static_assert(C == scalar_code::erfc);
        return std::erfc(x);
    }
}

template <scalar_code C, class T> T function(T a, T b) {
    if constexpr (C == scalar_code::atan2) {
        return std::atan2(a, b);
    } else if constexpr (C == scalar_code::hypot) {
        return std::hypot(a, b);
    } else if constexpr (C == scalar_code::logaddexp) {
        return logaddexp(a, b);
    } else {
        static_assert(C == scalar_code::pow);
        if constexpr (is_complex_type<T>) {
            return complex_power(a, b);
        } else {
            return std::pow(a, b);
        }
    }
}

template <scalar_code C, class T>
void library_loop(void* out, std::ptrdiff_t out_stride, const operand* in, std::size_t n) {
    auto* y = static_cast<T*>(out);
    const auto* a = static_cast<const T*>(in[0].data);
    if constexpr (traits(C).operands == 1) {
        for (std::size_t i = 0; i < n; ++i, y += out_stride, a += in[0].stride) *y = function<C>(*a);
    } else {
        const auto* b = static_cast<const T*>(in[1].data);
        for (std::size_t i = 0; i < n; ++i, y += out_stride, a += in[0].stride, b += in[1].stride)
            *y = function<C>(*a, *b);
    }
}

template <class T, scalar_code... Codes> void fill(target_tables& tables) {
    ((tables.loops[static_cast<std::size_t>(Codes)][static_cast<std::size_t>(dtype_of<T>)] = library_loop<Codes, T>),
     ...);
}

template <class R> void fill_type(target_tables& tables) {
    using enum scalar_code;
    fill<R, scalar_code::tan, scalar_code::asin, scalar_code::acos, scalar_code::sinh, scalar_code::cosh,
         scalar_code::asinh, scalar_code::acosh, scalar_code::atanh, scalar_code::exp2, exp10, scalar_code::log2,
         scalar_code::log10, scalar_code::cbrt, scalar_code::erfc>(tables);
    fill<R, scalar_code::atan2, scalar_code::hypot, scalar_code::logaddexp, scalar_code::pow>(tables);
    fill<std::complex<R>, scalar_code::tan, scalar_code::asin, scalar_code::acos, scalar_code::atan, scalar_code::sinh,
         scalar_code::cosh, scalar_code::asinh, scalar_code::acosh, scalar_code::atanh, scalar_code::pow>(tables);
}

}  // namespace

void fill_library_functions(target_tables& tables) {
    fill_type<float>(tables);
    fill_type<double>(tables);
}

}  // namespace tessera::simd
