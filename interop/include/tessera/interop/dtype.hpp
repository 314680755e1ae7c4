// The element types every Tessera component agrees on.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace tessera {

// Values are part of the ABI of any_view; append only.
enum class dtype : std::uint8_t {
    boolean,
    i8,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    u64,
    f8e4m3,
    f8e5m2,
    f16,
    bf16,
    f32,
    f64,
    c64,
    c128
};
using enum dtype;  // tessera::f32 is the dtype, tessera::float16 (component dtype) is the value type of f16

inline constexpr int dtype_count = 17;

enum class dtype_kind : std::uint8_t { boolean, signed_integer, unsigned_integer, floating, complex };

struct dtype_traits {
    std::string_view name;  // "f32"
    std::uint8_t bytes;
    dtype_kind kind;
};

namespace detail {
inline constexpr dtype_traits dtype_table[dtype_count] = {
    {"bool", 1, dtype_kind::boolean},         {"i8", 1, dtype_kind::signed_integer},
    {"i16", 2, dtype_kind::signed_integer},   {"i32", 4, dtype_kind::signed_integer},
    {"i64", 8, dtype_kind::signed_integer},   {"u8", 1, dtype_kind::unsigned_integer},
    {"u16", 2, dtype_kind::unsigned_integer}, {"u32", 4, dtype_kind::unsigned_integer},
    {"u64", 8, dtype_kind::unsigned_integer}, {"f8e4m3", 1, dtype_kind::floating},
    {"f8e5m2", 1, dtype_kind::floating},      {"f16", 2, dtype_kind::floating},
    {"bf16", 2, dtype_kind::floating},        {"f32", 4, dtype_kind::floating},
    {"f64", 8, dtype_kind::floating},         {"c64", 8, dtype_kind::complex},
    {"c128", 16, dtype_kind::complex},
};
}  // namespace detail

constexpr const dtype_traits& traits(dtype t) { return detail::dtype_table[static_cast<std::size_t>(t)]; }
constexpr std::string_view name(dtype t) { return traits(t).name; }
constexpr std::size_t item_size(dtype t) { return traits(t).bytes; }
constexpr dtype_kind kind(dtype t) { return traits(t).kind; }
constexpr bool is_floating(dtype t) { return kind(t) == dtype_kind::floating; }
constexpr bool is_complex(dtype t) { return kind(t) == dtype_kind::complex; }
constexpr bool is_inexact(dtype t) { return is_floating(t) || is_complex(t); }
constexpr bool is_integer(dtype t) {
    return kind(t) == dtype_kind::signed_integer || kind(t) == dtype_kind::unsigned_integer;
}
// f16, bf16 and the two f8: computed in f32 and rounded once per op.
constexpr bool is_narrow_float(dtype t) { return is_floating(t) && t != f32 && t != f64; }

// dtype_of<T>: the dtype of a C++ element type. The narrow floats specialise it in tessera/dtype.
template <class T> struct dtype_of_type;
template <> struct dtype_of_type<bool> { static constexpr dtype value = boolean; };
template <> struct dtype_of_type<float> { static constexpr dtype value = f32; };
template <> struct dtype_of_type<double> { static constexpr dtype value = f64; };
template <> struct dtype_of_type<std::complex<float>> { static constexpr dtype value = c64; };
template <> struct dtype_of_type<std::complex<double>> { static constexpr dtype value = c128; };

template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
struct dtype_of_type<T> {  // by size and sign, so that long and long long both are i64
    static constexpr bool is_signed = std::is_signed_v<T>;
    static constexpr dtype value = sizeof(T) == 1   ? (is_signed ? i8 : u8)
                                   : sizeof(T) == 2 ? (is_signed ? i16 : u16)
                                   : sizeof(T) == 4 ? (is_signed ? i32 : u32)
                                                    : (is_signed ? i64 : u64);
};

template <class T> inline constexpr dtype dtype_of = dtype_of_type<std::remove_cv_t<T>>::value;

// A C++ type that can be an element of a view or an array.
template <class T>
concept element = requires {
    dtype_of_type<std::remove_cv_t<T>>::value;
};

}  // namespace tessera
