// Element-wise ops with NumPy's meaning: operands broadcast and meet in their promoted dtype; literals are weak.
// The forms with `out` write into an array of exactly the result's dtype, shape and device.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// ---- arithmetic
// ------------------------------------------------------------------------------------------------------
TESSERA_ARRAY_API array add(const array& a, const array& b);
TESSERA_ARRAY_API array subtract(const array& a, const array& b);  // not of booleans
TESSERA_ARRAY_API array multiply(const array& a, const array& b);
TESSERA_ARRAY_API array divide(const array& a, const array& b);   // true division: integers give f64
TESSERA_ARRAY_API array maximum(const array& a, const array& b);  // a NaN wins; not of complex
TESSERA_ARRAY_API array minimum(const array& a, const array& b);
TESSERA_ARRAY_API array fmax(const array& a, const array& b);  // like maximum, but a NaN loses against a number
TESSERA_ARRAY_API array fmin(const array& a, const array& b);
// a^b. Integers wrap; a negative power of an integer is its value truncated, 0 of 0. Where b is 0 the slope by a is 0,
// where a is 0 that by b.
TESSERA_ARRAY_API array pow(const array& a, const array& b);
// Not of complex. a = floor_divide(a, b) b + remainder(a, b), the remainder of b's sign; fmod's remainder has a's sign.
// Integers: a quotient by 0 is 0, and so is its remainder.
TESSERA_ARRAY_API array floor_divide(const array& a, const array& b);
TESSERA_ARRAY_API array remainder(const array& a, const array& b);
TESSERA_ARRAY_API array fmod(const array& a, const array& b);
TESSERA_ARRAY_API array copysign(const array& a, const array& b);   // |a| with b's sign; floats
TESSERA_ARRAY_API array nextafter(const array& a, const array& b);  // a's neighbour towards b; floats; no derivative
TESSERA_ARRAY_API void add(const array& a, const array& b, const array& out);
TESSERA_ARRAY_API void subtract(const array& a, const array& b, const array& out);
TESSERA_ARRAY_API void multiply(const array& a, const array& b, const array& out);
TESSERA_ARRAY_API void divide(const array& a, const array& b, const array& out);
TESSERA_ARRAY_API void maximum(const array& a, const array& b, const array& out);
TESSERA_ARRAY_API void minimum(const array& a, const array& b, const array& out);

TESSERA_ARRAY_API array positive(const array& x);
TESSERA_ARRAY_API array negative(const array& x);
TESSERA_ARRAY_API array abs(const array& x);   // of complex: the modulus, real
TESSERA_ARRAY_API array sign(const array& x);  // of complex: x / |x|
TESSERA_ARRAY_API array square(const array& x);
TESSERA_ARRAY_API array reciprocal(const array& x);  // integers give floats
TESSERA_ARRAY_API array sqrt(const array& x);
TESSERA_ARRAY_API array rsqrt(const array& x);  // 1 / sqrt(x)
TESSERA_ARRAY_API array cbrt(const array& x);   // not of complex
// Whole numbers, in x's dtype; integers stay. round: to the even neighbour of a tie.
TESSERA_ARRAY_API array floor(const array& x);
TESSERA_ARRAY_API array ceil(const array& x);
TESSERA_ARRAY_API array trunc(const array& x);
TESSERA_ARRAY_API array round(const array& x);
TESSERA_ARRAY_API array signbit(const array& x);  // booleans: is the sign bit set? Of -0.0 and negative NaN too
TESSERA_ARRAY_API array conj(const array& x);
TESSERA_ARRAY_API array real(const array& x);
TESSERA_ARRAY_API array imag(const array& x);  // of real: zeros
TESSERA_ARRAY_API void negative(const array& x, const array& out);
TESSERA_ARRAY_API void abs(const array& x, const array& out);
TESSERA_ARRAY_API void square(const array& x, const array& out);
TESSERA_ARRAY_API void sqrt(const array& x, const array& out);

// ---- functions; integers are computed in f16, f32 or f64 by their width, as NumPy does
// --------------------------------
TESSERA_ARRAY_API array exp(const array& x);
TESSERA_ARRAY_API array log(const array& x);
TESSERA_ARRAY_API array sin(const array& x);
TESSERA_ARRAY_API array cos(const array& x);
TESSERA_ARRAY_API array tanh(const array& x);
TESSERA_ARRAY_API array tan(const array& x);
TESSERA_ARRAY_API array asin(const array& x);
TESSERA_ARRAY_API array acos(const array& x);
TESSERA_ARRAY_API array sinh(const array& x);
TESSERA_ARRAY_API array cosh(const array& x);
TESSERA_ARRAY_API array asinh(const array& x);
TESSERA_ARRAY_API array acosh(const array& x);
TESSERA_ARRAY_API array atanh(const array& x);
TESSERA_ARRAY_API array angle(const array& z);  // of a complex number, in [-pi, pi]; of a negative number pi
TESSERA_ARRAY_API array exp2(const array& x);   // 2^x; this and what follows: not of complex
TESSERA_ARRAY_API array exp10(const array& x);  // 10^x
TESSERA_ARRAY_API array log2(const array& x);
TESSERA_ARRAY_API array log10(const array& x);
TESSERA_ARRAY_API array expm1(const array& x);  // exp(x) - 1
TESSERA_ARRAY_API array log1p(const array& x);  // log(1 + x)
TESSERA_ARRAY_API array atan(const array& x);   // of complex numbers too
TESSERA_ARRAY_API array erf(const array& x);
TESSERA_ARRAY_API array erfc(const array& x);                       // 1 - erf(x), exact where that is small
TESSERA_ARRAY_API array sigmoid(const array& x);                    // 1 / (1 + exp(-x))
TESSERA_ARRAY_API array softplus(const array& x);                   // log(1 + exp(x))
TESSERA_ARRAY_API array atan2(const array& y, const array& x);      // the angle of (x, y), in [-pi, pi]
TESSERA_ARRAY_API array hypot(const array& a, const array& b);      // sqrt(a^2 + b^2); slope 0 at the origin
TESSERA_ARRAY_API array logaddexp(const array& a, const array& b);  // log(exp(a) + exp(b))
TESSERA_ARRAY_API void exp(const array& x, const array& out);
TESSERA_ARRAY_API void log(const array& x, const array& out);
TESSERA_ARRAY_API void sin(const array& x, const array& out);
TESSERA_ARRAY_API void cos(const array& x, const array& out);
TESSERA_ARRAY_API void tanh(const array& x, const array& out);

// ---- comparisons and tests; booleans
// ---------------------------------------------------------------------------------
TESSERA_ARRAY_API array equal(const array& a, const array& b);
TESSERA_ARRAY_API array not_equal(const array& a, const array& b);
TESSERA_ARRAY_API array less(const array& a, const array& b);
TESSERA_ARRAY_API array less_equal(const array& a, const array& b);
TESSERA_ARRAY_API array greater(const array& a, const array& b);
TESSERA_ARRAY_API array greater_equal(const array& a, const array& b);
TESSERA_ARRAY_API array isnan(const array& x);
TESSERA_ARRAY_API array isinf(const array& x);
TESSERA_ARRAY_API array isfinite(const array& x);

TESSERA_ARRAY_API array logical_not(const array& x);
TESSERA_ARRAY_API array logical_and(const array& a, const array& b);
TESSERA_ARRAY_API array logical_or(const array& a, const array& b);
TESSERA_ARRAY_API array logical_xor(const array& a, const array& b);

// Integers and booleans only. A shift by the width or more gives 0, of a negative number to the right -1.
TESSERA_ARRAY_API array bitwise_not(const array& x);
TESSERA_ARRAY_API array bitwise_and(const array& a, const array& b);
TESSERA_ARRAY_API array bitwise_or(const array& a, const array& b);
TESSERA_ARRAY_API array bitwise_xor(const array& a, const array& b);
TESSERA_ARRAY_API array left_shift(const array& a, const array& b);
TESSERA_ARRAY_API array right_shift(const array& a, const array& b);

// ---- choice and conversion
// ------------------------------------------------------------------------------------------- a where condition is
// true, else b; the three broadcast. condition is boolean.
TESSERA_ARRAY_API array where(const array& condition, const array& a, const array& b);
// minimum(maximum(x, low), high) in x's dtype, which the bounds must not change; a NaN stays.
TESSERA_ARRAY_API array clip(const array& x, const array& low, const array& high);
// x in another dtype: floats to integers truncate, complex to real drops the imaginary part; x itself when nothing
// changes.
TESSERA_ARRAY_API array astype(const array& x, dtype to);

// The dtype the operands of an op meet in.
TESSERA_ARRAY_API dtype result_type(const array& a, const array& b);

// ---- operators
// -------------------------------------------------------------------------------------------------------
inline array operator+(const array& a, const array& b) { return add(a, b); }
inline array operator-(const array& a, const array& b) { return subtract(a, b); }
inline array operator*(const array& a, const array& b) { return multiply(a, b); }
inline array operator/(const array& a, const array& b) { return divide(a, b); }
inline array operator-(const array& x) { return negative(x); }
inline array operator+(const array& x) { return positive(x); }
inline array operator==(const array& a, const array& b) { return equal(a, b); }
inline array operator!=(const array& a, const array& b) { return not_equal(a, b); }
inline array operator<(const array& a, const array& b) { return less(a, b); }
inline array operator<=(const array& a, const array& b) { return less_equal(a, b); }
inline array operator>(const array& a, const array& b) { return greater(a, b); }
inline array operator>=(const array& a, const array& b) { return greater_equal(a, b); }
inline array operator&(const array& a, const array& b) { return bitwise_and(a, b); }
inline array operator|(const array& a, const array& b) { return bitwise_or(a, b); }
inline array operator^(const array& a, const array& b) { return bitwise_xor(a, b); }
inline array operator<<(const array& a, const array& b) { return left_shift(a, b); }
inline array operator>>(const array& a, const array& b) { return right_shift(a, b); }
inline array operator~(const array& x) { return bitwise_not(x); }
inline array operator!(const array& x) { return logical_not(x); }

// An rvalue operand's memory becomes the result's when nobody else sees it.
TESSERA_ARRAY_API array operator+(array&& a, const array& b);
TESSERA_ARRAY_API array operator-(array&& a, const array& b);
TESSERA_ARRAY_API array operator*(array&& a, const array& b);
TESSERA_ARRAY_API array operator/(array&& a, const array& b);
TESSERA_ARRAY_API array operator+(const array& a, array&& b);
TESSERA_ARRAY_API array operator-(const array& a, array&& b);
TESSERA_ARRAY_API array operator*(const array& a, array&& b);
TESSERA_ARRAY_API array operator/(const array& a, array&& b);
TESSERA_ARRAY_API array operator+(array&& a, array&& b);
TESSERA_ARRAY_API array operator-(array&& a, array&& b);
TESSERA_ARRAY_API array operator*(array&& a, array&& b);
TESSERA_ARRAY_API array operator/(array&& a, array&& b);

}  // namespace tessera
