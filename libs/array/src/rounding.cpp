// Whole numbers, division with remainder, signs and neighbours.
#include "operands.hpp"
#include "pairs.hpp"
#include "tessera/array/creation.hpp"

namespace tessera {

namespace {

// a - b floor(a / b) and a - b trunc(a / b), between their jumps.
pair_slopes remainder_slopes(const array& a, const array& b, const array&) {
    return {ones_like(a), negative(floor_divide(a, b))};
}
pair_slopes fmod_slopes(const array& a, const array& b, const array&) {
    return {ones_like(a), negative(trunc(divide(a, b)))};
}
// |a| with b's sign: slope 0 at 0, as abs has.
pair_slopes copysign_slopes(const array& a, const array& b, const array&) {
    return {multiply(sign(a), copysign(1.0, b)), array()};
}

}  // namespace

constinit const op floor_op = discrete_op<scalar_code::floor>("array.floor");
constinit const op ceil_op = discrete_op<scalar_code::ceil>("array.ceil");
constinit const op trunc_op = discrete_op<scalar_code::trunc>("array.trunc");
constinit const op round_op = discrete_op<scalar_code::round>("array.round");
constinit const op signbit_op = discrete_op<scalar_code::signbit>("array.signbit");
constinit const op floor_divide_op = discrete_op<scalar_code::floor_divide>("array.floor_divide");
constinit const op remainder_op =
    code_op<scalar_code::remainder>("array.remainder", smooth_pair<remainder_slopes>(saves::inputs));
constinit const op fmod_op = code_op<scalar_code::fmod>("array.fmod", smooth_pair<fmod_slopes>(saves::inputs));
constinit const op copysign_op =
    code_op<scalar_code::copysign>("array.copysign", smooth_pair<copysign_slopes>(saves::inputs));
constinit const op nextafter_op = code_op<scalar_code::nextafter>("array.nextafter", {});

array floor(const array& x) { return detail::unary(floor_op, scalar_code::floor, x); }
array ceil(const array& x) { return detail::unary(ceil_op, scalar_code::ceil, x); }
array trunc(const array& x) { return detail::unary(trunc_op, scalar_code::trunc, x); }
array round(const array& x) { return detail::unary(round_op, scalar_code::round, x); }
array signbit(const array& x) { return detail::unary(signbit_op, scalar_code::signbit, x, detail::function_dtype); }
array floor_divide(const array& a, const array& b) {
    return detail::binary(floor_divide_op, scalar_code::floor_divide, a, b);
}
array remainder(const array& a, const array& b) { return detail::binary(remainder_op, scalar_code::remainder, a, b); }
array fmod(const array& a, const array& b) { return detail::binary(fmod_op, scalar_code::fmod, a, b); }
array copysign(const array& a, const array& b) {
    return detail::binary(copysign_op, scalar_code::copysign, a, b, detail::function_dtype);
}
array nextafter(const array& a, const array& b) {
    return detail::binary(nextafter_op, scalar_code::nextafter, a, b, detail::function_dtype);
}

void register_rounding(registry& r) {
    register_code<scalar_code::floor>(r, floor_op);
    register_code<scalar_code::ceil>(r, ceil_op);
    register_code<scalar_code::trunc>(r, trunc_op);
    register_code<scalar_code::round>(r, round_op);
    register_code<scalar_code::signbit>(r, signbit_op);
    register_code<scalar_code::floor_divide>(r, floor_divide_op);
    register_code<scalar_code::remainder>(r, remainder_op);
    register_code<scalar_code::fmod>(r, fmod_op);
    register_code<scalar_code::copysign>(r, copysign_op);
    register_code<scalar_code::nextafter>(r, nextafter_op);
}

}  // namespace tessera
