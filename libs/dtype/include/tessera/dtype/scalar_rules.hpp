// Which scalar codes take which dtypes, and what they give. Shape and dtype rules of ops, scalar programs and every
// back end read these; scalar.hpp evaluates exactly what they admit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tessera/dtype/scalar_code.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

namespace detail {

enum dtype_set : std::uint8_t {
    no_dtypes = 0,
    booleans = 1U << 0,
    integers = 1U << 1,
    floats = 1U << 2,
    complexes = 1U << 3,
    numbers = integers | floats | complexes,
    ordered = booleans | integers | floats,
    inexact = floats | complexes,
    all_dtypes = booleans | numbers,
};

constexpr dtype_set set_of(dtype d) {
    switch (kind(d)) {
    case dtype_kind::boolean: return booleans;
    case dtype_kind::floating: return floats;
    case dtype_kind::complex: return complexes;
    default: return integers;
    }
}

// As NumPy takes them, booleans included: + and * of booleans are "or" and "and", - has no meaning.
constexpr dtype_set operand_dtypes(scalar_code c) {
    switch (c) {
    case scalar_code::positive:
    case scalar_code::negative:
    case scalar_code::sign:
    case scalar_code::square:
    case scalar_code::conj:
    case scalar_code::real:
    case scalar_code::imag:
    case scalar_code::subtract:
    case scalar_code::divide: return numbers;
    case scalar_code::reciprocal:
    case scalar_code::sqrt:
    case scalar_code::exp:
    case scalar_code::log:
    case scalar_code::sin:
    case scalar_code::cos:
    case scalar_code::tanh:
    case scalar_code::atan:
    case scalar_code::tan:
    case scalar_code::asin:
    case scalar_code::acos:
    case scalar_code::sinh:
    case scalar_code::cosh:
    case scalar_code::asinh:
    case scalar_code::acosh:
    case scalar_code::atanh: return inexact;
    case scalar_code::expm1:
    case scalar_code::log1p:
    case scalar_code::erf:
    case scalar_code::erfc:
    case scalar_code::sigmoid:
    case scalar_code::softplus:
    case scalar_code::atan2:
    case scalar_code::hypot:
    case scalar_code::logaddexp:
    case scalar_code::exp2:
    case scalar_code::exp10:
    case scalar_code::log2:
    case scalar_code::log10:
    case scalar_code::cbrt:
    case scalar_code::rsqrt:
    case scalar_code::signbit:
    case scalar_code::copysign:
    case scalar_code::nextafter: return floats;
    case scalar_code::pow: return numbers;
    case scalar_code::floor:
    case scalar_code::ceil:
    case scalar_code::trunc:
    case scalar_code::round:
    case scalar_code::floor_divide:
    case scalar_code::remainder:
    case scalar_code::fmod: return static_cast<dtype_set>(integers | floats);
    case scalar_code::maximum:
    case scalar_code::fmax:
    case scalar_code::fmin:
    case scalar_code::minimum:
    case scalar_code::less:
    case scalar_code::less_equal:
    case scalar_code::greater:
    case scalar_code::greater_equal: return ordered;
    case scalar_code::bitwise_not:
    case scalar_code::bitwise_and:
    case scalar_code::bitwise_or:
    case scalar_code::bitwise_xor: return static_cast<dtype_set>(booleans | integers);
    case scalar_code::left_shift:
    case scalar_code::right_shift: return integers;
    case scalar_code::abs:
    case scalar_code::isnan:
    case scalar_code::isinf:
    case scalar_code::isfinite:
    case scalar_code::logical_not:
    case scalar_code::add:
    case scalar_code::multiply:
    case scalar_code::equal:
    case scalar_code::not_equal:
    case scalar_code::logical_and:
    case scalar_code::logical_or:
    case scalar_code::logical_xor:
    case scalar_code::select:
    case scalar_code::cast: return all_dtypes;
    }
    return no_dtypes;
}

}  // namespace detail

// The dtype of the parts of a complex dtype; d itself when it is real.
constexpr dtype real_part(dtype d) { return d == c64 ? f32 : d == c128 ? f64 : d; }

// Whether c is defined on operands of dtype d (select: its second and third operands).
constexpr bool takes(scalar_code c, dtype d) { return (detail::operand_dtypes(c) & detail::set_of(d)) != 0; }

// What c gives for operands of dtype d; the dtype of a cast is its own.
constexpr dtype result_dtype(scalar_code c, dtype d) {
    if (traits(c).gives_boolean) return boolean;
    const bool takes_a_part = c == scalar_code::abs || c == scalar_code::real || c == scalar_code::imag;
    return takes_a_part ? real_part(d) : d;
}

// Evaluated by tessera/simd within bounds of its own, not by scalar.hpp.
constexpr bool is_transcendental(scalar_code c, dtype d) {
    return is_inexact(d) &&
           ((c >= scalar_code::exp && c <= scalar_code::cbrt) || (c >= scalar_code::atan2 && c <= scalar_code::pow));
}

}  // namespace tessera
