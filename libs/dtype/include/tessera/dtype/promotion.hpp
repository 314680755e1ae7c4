// Which dtype two operands meet in, what a literal becomes beside an array, and which casts a caller may ask for.
// The table is NumPy's for NumPy's types. The types NumPy lacks follow the rule behind its table - the smallest type
// that holds every value of both - in their own widths: bf16 holds i8 and u8 as f16 does, f16 with bf16 needs f32,
// two different f8 meet in f16, as an f8 does with i8 or u8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tessera/dtype/scalar_rules.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

namespace detail {

using promotion_rows = std::array<std::array<dtype, dtype_count>, dtype_count>;

namespace promotion_data {

inline constexpr dtype b1 = boolean, e4 = f8e4m3, e5 = f8e5m2, bf = bf16, c6 = c64, c1 = c128;

// clang-format off
inline constexpr promotion_rows rows{{
    // b1   i8   i16  i32  i64   u8   u16  u32  u64   e4   e5   f16  bf   f32  f64   c6  c1
    {{ b1,  i8,  i16, i32, i64,  u8,  u16, u32, u64,  e4,  e5,  f16, bf,  f32, f64,  c6, c1 }},  // bool
    {{ i8,  i8,  i16, i32, i64,  i16, i32, i64, f64,  f16, f16, f16, bf,  f32, f64,  c6, c1 }},  // i8
    {{ i16, i16, i16, i32, i64,  i16, i32, i64, f64,  f32, f32, f32, f32, f32, f64,  c6, c1 }},  // i16
    {{ i32, i32, i32, i32, i64,  i32, i32, i64, f64,  f64, f64, f64, f64, f64, f64,  c1, c1 }},  // i32
    {{ i64, i64, i64, i64, i64,  i64, i64, i64, f64,  f64, f64, f64, f64, f64, f64,  c1, c1 }},  // i64
    {{ u8,  i16, i16, i32, i64,  u8,  u16, u32, u64,  f16, f16, f16, bf,  f32, f64,  c6, c1 }},  // u8
    {{ u16, i32, i32, i32, i64,  u16, u16, u32, u64,  f32, f32, f32, f32, f32, f64,  c6, c1 }},  // u16
    {{ u32, i64, i64, i64, i64,  u32, u32, u32, u64,  f64, f64, f64, f64, f64, f64,  c1, c1 }},  // u32
    {{ u64, f64, f64, f64, f64,  u64, u64, u64, u64,  f64, f64, f64, f64, f64, f64,  c1, c1 }},  // u64
    {{ e4,  f16, f32, f64, f64,  f16, f32, f64, f64,  e4,  f16, f16, bf,  f32, f64,  c6, c1 }},  // f8e4m3
    {{ e5,  f16, f32, f64, f64,  f16, f32, f64, f64,  f16, e5,  f16, bf,  f32, f64,  c6, c1 }},  // f8e5m2
    {{ f16, f16, f32, f64, f64,  f16, f32, f64, f64,  f16, f16, f16, f32, f32, f64,  c6, c1 }},  // f16
    {{ bf,  bf,  f32, f64, f64,  bf,  f32, f64, f64,  bf,  bf,  f32, bf,  f32, f64,  c6, c1 }},  // bf16
    {{ f32, f32, f32, f64, f64,  f32, f32, f64, f64,  f32, f32, f32, f32, f32, f64,  c6, c1 }},  // f32
    {{ f64, f64, f64, f64, f64,  f64, f64, f64, f64,  f64, f64, f64, f64, f64, f64,  c1, c1 }},  // f64
    {{ c6,  c6,  c6,  c1,  c1,   c6,  c6,  c1,  c1,   c6,  c6,  c6,  c6,  c6,  c1,   c6, c1 }},  // c64
    {{ c1,  c1,  c1,  c1,  c1,   c1,  c1,  c1,  c1,   c1,  c1,  c1,  c1,  c1,  c1,   c1, c1 }},  // c128
}};
// clang-format on

}  // namespace promotion_data

}  // namespace detail

// The dtype in which a and b meet; symmetric.
constexpr dtype promote(dtype a, dtype b) {
    return detail::promotion_data::rows[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
}

// The complex dtype whose parts hold the values of d: c64 for bool, 8- and 16-bit integers, f32 and narrower floats.
constexpr dtype complex_of(dtype d) { return promote(d, c64); }

// A literal of the program (x * 2.0) has a kind, not a width.
enum class weak_kind : std::uint8_t { boolean, integer, floating, complex };

// What a literal becomes when it stands alone, and what creation functions give for such values: NumPy's defaults.
constexpr dtype default_dtype(weak_kind k) {
    constexpr std::array<dtype, 4> defaults{boolean, i64, f64, c128};
    return defaults[static_cast<std::size_t>(k)];
}

// An array's dtype beside a literal (NEP 50): the array's, unless the literal is of a higher kind; then the smallest
// dtype of that kind that holds the array's values - the default one where the array has no width to give.
constexpr dtype promote(dtype d, weak_kind k) {
    switch (k) {
    case weak_kind::boolean: return d;
    case weak_kind::integer: return d == boolean ? default_dtype(k) : d;
    case weak_kind::floating: return is_inexact(d) ? d : default_dtype(k);
    case weak_kind::complex: break;
    }
    if (is_complex(d)) return d;
    return is_floating(d) ? complex_of(d) : default_dtype(k);
}
constexpr dtype promote(weak_kind k, dtype d) { return promote(d, k); }

// Two literals give a literal.
constexpr weak_kind promote(weak_kind a, weak_kind b) { return a < b ? b : a; }

// The accumulator and result of sums and products: 64 bits for booleans and integers, the operand's dtype for others.
constexpr dtype sum_dtype(dtype d) {
    switch (kind(d)) {
    case dtype_kind::boolean:
    case dtype_kind::signed_integer: return i64;
    case dtype_kind::unsigned_integer: return u64;
    default: return d;
    }
}

// The result of means and of true division of a dtype by itself.
constexpr dtype mean_dtype(dtype d) { return is_inexact(d) ? d : f64; }

enum class casting : std::uint8_t {
    safe,       // every value survives, as the promotion table counts it (i64 to f64 does)
    same_kind,  // safe, or not to a lower kind of bool < unsigned < signed < floating < complex
    any
};

constexpr bool can_cast(dtype from, dtype to, casting rule) {
    if (rule == casting::any || promote(from, to) == to) return true;
    constexpr auto order = [](dtype d) {
        switch (kind(d)) {
        case dtype_kind::boolean: return 0;
        case dtype_kind::unsigned_integer: return 1;
        case dtype_kind::signed_integer: return 2;
        case dtype_kind::floating: return 3;
        case dtype_kind::complex: break;
        }
        return 4;
    };
    return rule == casting::same_kind && order(from) <= order(to);
}

}  // namespace tessera
