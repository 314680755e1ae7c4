// What can be done with one element: the instruction codes of scalar programs, the loops of simd and the
// kernels of every back end. tessera/dtype/scalar.hpp defines their meaning exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tessera {

enum class scalar_code : std::uint8_t {
    // one operand
    positive,
    negative,
    abs,
    sign,
    square,
    reciprocal,
    sqrt,
    conj,
    real,
    imag,
    exp,
    log,
    sin,
    cos,
    tanh,
    expm1,
    log1p,
    atan,
    erf,
    erfc,
    sigmoid,
    softplus,
    exp2,
    exp10,
    log2,
    log10,
    tan,
    asin,
    acos,
    sinh,
    cosh,
    asinh,
    acosh,
    atanh,
    cbrt,
    rsqrt,
    floor,
    ceil,
    trunc,
    round,
    signbit,
    isnan,
    isinf,
    isfinite,
    logical_not,
    bitwise_not,
    // two operands of one dtype
    add,
    subtract,
    multiply,
    divide,
    maximum,
    minimum,
    atan2,
    hypot,
    logaddexp,
    pow,
    floor_divide,
    remainder,
    fmod,
    fmax,
    fmin,
    copysign,
    nextafter,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    logical_and,
    logical_or,
    logical_xor,
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    left_shift,
    right_shift,
    // three: boolean, then two of one dtype
    select,
    // one operand to another dtype
    cast,
};

inline constexpr int scalar_code_count = static_cast<int>(scalar_code::cast) + 1;

struct scalar_code_traits {
    std::string_view name;
    std::uint8_t operands;
    bool gives_boolean;  // comparisons, tests and logic; else the operands' dtype (abs, real, imag: the real part's)
};

namespace detail {
inline constexpr scalar_code_traits scalar_code_table[scalar_code_count] = {
    {"positive", 1, false},     {"negative", 1, false},    {"abs", 1, false},         {"sign", 1, false},
    {"square", 1, false},       {"reciprocal", 1, false},  {"sqrt", 1, false},        {"conj", 1, false},
    {"real", 1, false},         {"imag", 1, false},        {"exp", 1, false},         {"log", 1, false},
    {"sin", 1, false},          {"cos", 1, false},         {"tanh", 1, false},        {"expm1", 1, false},
    {"log1p", 1, false},        {"atan", 1, false},        {"erf", 1, false},         {"erfc", 1, false},
    {"sigmoid", 1, false},      {"softplus", 1, false},    {"exp2", 1, false},        {"exp10", 1, false},
    {"log2", 1, false},         {"log10", 1, false},       {"tan", 1, false},         {"asin", 1, false},
    {"acos", 1, false},         {"sinh", 1, false},        {"cosh", 1, false},        {"asinh", 1, false},
    {"acosh", 1, false},        {"atanh", 1, false},       {"cbrt", 1, false},        {"rsqrt", 1, false},
    {"floor", 1, false},        {"ceil", 1, false},        {"trunc", 1, false},       {"round", 1, false},
    {"signbit", 1, true},       {"isnan", 1, true},        {"isinf", 1, true},        {"isfinite", 1, true},
    {"logical_not", 1, true},   {"bitwise_not", 1, false}, {"add", 2, false},         {"subtract", 2, false},
    {"multiply", 2, false},     {"divide", 2, false},      {"maximum", 2, false},     {"minimum", 2, false},
    {"atan2", 2, false},        {"hypot", 2, false},       {"logaddexp", 2, false},   {"pow", 2, false},
    {"floor_divide", 2, false}, {"remainder", 2, false},   {"fmod", 2, false},        {"fmax", 2, false},
    {"fmin", 2, false},         {"copysign", 2, false},    {"nextafter", 2, false},   {"equal", 2, true},
    {"not_equal", 2, true},     {"less", 2, true},         {"less_equal", 2, true},   {"greater", 2, true},
    {"greater_equal", 2, true}, {"logical_and", 2, true},  {"logical_or", 2, true},   {"logical_xor", 2, true},
    {"bitwise_and", 2, false},  {"bitwise_or", 2, false},  {"bitwise_xor", 2, false}, {"left_shift", 2, false},
    {"right_shift", 2, false},  {"select", 3, false},      {"cast", 1, false},
};
}  // namespace detail

constexpr const scalar_code_traits& traits(scalar_code c) {
    return detail::scalar_code_table[static_cast<std::size_t>(c)];
}
constexpr std::string_view name(scalar_code c) { return traits(c).name; }

}  // namespace tessera
