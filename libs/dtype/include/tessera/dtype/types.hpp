// From dtypes to C++ types: element_type<f16> is float16, and with_type calls a generic function with the type of a
// dtype known only at run time:
//     with_type(view.dtype, [&](auto tag) { using T = typename decltype(tag)::type; ... });
#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/interop/dtype.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace detail {
template <dtype D> struct element_type_of;
template <> struct element_type_of<boolean> { using type = bool; };
template <> struct element_type_of<i8> { using type = std::int8_t; };
template <> struct element_type_of<i16> { using type = std::int16_t; };
template <> struct element_type_of<i32> { using type = std::int32_t; };
template <> struct element_type_of<i64> { using type = std::int64_t; };
template <> struct element_type_of<u8> { using type = std::uint8_t; };
template <> struct element_type_of<u16> { using type = std::uint16_t; };
template <> struct element_type_of<u32> { using type = std::uint32_t; };
template <> struct element_type_of<u64> { using type = std::uint64_t; };
template <> struct element_type_of<f8e4m3> { using type = float8_e4m3; };
template <> struct element_type_of<f8e5m2> { using type = float8_e5m2; };
template <> struct element_type_of<f16> { using type = float16; };
template <> struct element_type_of<bf16> { using type = bfloat16; };
template <> struct element_type_of<f32> { using type = float; };
template <> struct element_type_of<f64> { using type = double; };
template <> struct element_type_of<c64> { using type = std::complex<float>; };
template <> struct element_type_of<c128> { using type = std::complex<double>; };

template <class T> struct real_type_of { using type = T; };
template <class R> struct real_type_of<std::complex<R>> { using type = R; };
}  // namespace detail

template <dtype D> using element_type = typename detail::element_type_of<D>::type;

// float for the narrow floats, which are computed in float and rounded once; T itself for all others.
template <class T> using compute_type = std::conditional_t<is_narrow_float_type<T>, float, T>;

// The type of the real and imaginary parts; T itself when it is real.
template <class T> using real_type = typename detail::real_type_of<T>::type;

template <class T> inline constexpr bool is_complex_type = !std::is_same_v<T, real_type<T>>;

// Calls visit(std::type_identity<element_type<d>>{}). Throws dtype_error for a value that is no dtype.
template <class Visitor> constexpr decltype(auto) with_type(dtype d, Visitor&& visit) {
    switch (d) {
    case boolean: return visit(std::type_identity<element_type<boolean>>{});
    case i8: return visit(std::type_identity<element_type<i8>>{});
    case i16: return visit(std::type_identity<element_type<i16>>{});
    case i32: return visit(std::type_identity<element_type<i32>>{});
    case i64: return visit(std::type_identity<element_type<i64>>{});
    case u8: return visit(std::type_identity<element_type<u8>>{});
    case u16: return visit(std::type_identity<element_type<u16>>{});
    case u32: return visit(std::type_identity<element_type<u32>>{});
    case u64: return visit(std::type_identity<element_type<u64>>{});
    case f8e4m3: return visit(std::type_identity<element_type<f8e4m3>>{});
    case f8e5m2: return visit(std::type_identity<element_type<f8e5m2>>{});
    case f16: return visit(std::type_identity<element_type<f16>>{});
    case bf16: return visit(std::type_identity<element_type<bf16>>{});
    case f32: return visit(std::type_identity<element_type<f32>>{});
    case f64: return visit(std::type_identity<element_type<f64>>{});
    case c64: return visit(std::type_identity<element_type<c64>>{});
    case c128: return visit(std::type_identity<element_type<c128>>{});
    }
    throw dtype_error(text("with_type: a dtype has a code below ", dtype_count, ", got ", static_cast<int>(d)));
}

}  // namespace tessera
