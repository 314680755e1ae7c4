// expm1, log1p and the functions of probability and neural networks; angles and lengths of pairs.
#include <numbers>

#include "code_op.hpp"
#include "operands.hpp"
#include "pairs.hpp"

namespace tessera {

namespace {

array plus_one(const array&, const array& y) { return add(y, 1.0); }
array log1p_slope(const array& x, const array&) { return reciprocal(add(x, 1.0)); }
array atan_slope(const array& x, const array&) { return reciprocal(add(square(x), 1.0)); }
array bell(const array& x, const array&) { return multiply(2 * std::numbers::inv_sqrtpi, exp(negative(square(x)))); }
array minus_bell(const array& x, const array& y) { return negative(bell(x, y)); }
array logistic_slope(const array&, const array& y) { return multiply(y, subtract(1.0, y)); }
array softplus_slope(const array& x, const array&) { return sigmoid(x); }

// Divided twice by the length, whose square may be out of range; 0 at the origin, where there is no angle.
pair_slopes atan2_slopes(const array& a, const array& b, const array&) {
    const array distance = hypot(a, b);
    const array length = where(equal(distance, 0), 1.0, distance);
    return {divide(divide(b, length), length), negative(divide(divide(a, length), length))};
}
// 0 at the origin, where the length has a corner.
pair_slopes hypot_slopes(const array& a, const array& b, const array& y) {
    const array length = where(equal(y, 0), 1.0, y);
    return {divide(a, length), divide(b, length)};
}
pair_slopes logaddexp_slopes(const array& a, const array& b, const array&) {
    const array share = sigmoid(subtract(a, b));
    return {share, subtract(1.0, share)};
}

}  // namespace

constinit const op expm1_op = code_op<scalar_code::expm1>("array.expm1", smooth<plus_one>(saves::outputs));
constinit const op log1p_op = code_op<scalar_code::log1p>("array.log1p", smooth<log1p_slope>(saves::inputs));
constinit const op atan_op = code_op<scalar_code::atan>("array.atan", smooth<atan_slope>(saves::inputs));
constinit const op erf_op = code_op<scalar_code::erf>("array.erf", smooth<bell>(saves::inputs));
constinit const op erfc_op = code_op<scalar_code::erfc>("array.erfc", smooth<minus_bell>(saves::inputs));
constinit const op sigmoid_op = code_op<scalar_code::sigmoid>("array.sigmoid", smooth<logistic_slope>(saves::outputs));
constinit const op softplus_op =
    code_op<scalar_code::softplus>("array.softplus", smooth<softplus_slope>(saves::inputs));

constinit const op atan2_op = code_op<scalar_code::atan2>("array.atan2", smooth_pair<atan2_slopes>(saves::inputs));
constinit const op hypot_op = code_op<scalar_code::hypot>("array.hypot", smooth_pair<hypot_slopes>(saves::everything));
constinit const op logaddexp_op =
    code_op<scalar_code::logaddexp>("array.logaddexp", smooth_pair<logaddexp_slopes>(saves::inputs));

array expm1(const array& x) { return detail::unary(expm1_op, scalar_code::expm1, x, detail::function_dtype); }
array log1p(const array& x) { return detail::unary(log1p_op, scalar_code::log1p, x, detail::function_dtype); }
array atan(const array& x) { return detail::unary(atan_op, scalar_code::atan, x, detail::function_dtype); }
array erf(const array& x) { return detail::unary(erf_op, scalar_code::erf, x, detail::function_dtype); }
array erfc(const array& x) { return detail::unary(erfc_op, scalar_code::erfc, x, detail::function_dtype); }
array sigmoid(const array& x) { return detail::unary(sigmoid_op, scalar_code::sigmoid, x, detail::function_dtype); }
array softplus(const array& x) { return detail::unary(softplus_op, scalar_code::softplus, x, detail::function_dtype); }
array atan2(const array& y, const array& x) {
    return detail::binary(atan2_op, scalar_code::atan2, y, x, detail::function_dtype);
}
array hypot(const array& a, const array& b) {
    return detail::binary(hypot_op, scalar_code::hypot, a, b, detail::function_dtype);
}
array logaddexp(const array& a, const array& b) {
    return detail::binary(logaddexp_op, scalar_code::logaddexp, a, b, detail::function_dtype);
}

void register_special(registry& r) {
    register_code<scalar_code::expm1>(r, expm1_op);
    register_code<scalar_code::log1p>(r, log1p_op);
    register_code<scalar_code::atan>(r, atan_op);
    register_code<scalar_code::erf>(r, erf_op);
    register_code<scalar_code::erfc>(r, erfc_op);
    register_code<scalar_code::sigmoid>(r, sigmoid_op);
    register_code<scalar_code::softplus>(r, softplus_op);
    register_code<scalar_code::atan2>(r, atan2_op);
    register_code<scalar_code::hypot>(r, hypot_op);
    register_code<scalar_code::logaddexp>(r, logaddexp_op);
}

}  // namespace tessera
