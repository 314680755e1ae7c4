// Tangent, inverse and hyperbolic functions.
#include "code_op.hpp"
#include "operands.hpp"

namespace tessera {

namespace {

array root_of_one_minus_square(const array& x) { return sqrt(multiply(subtract(1.0, x), add(1.0, x))); }

array tan_slope(const array&, const array& y) { return add(1.0, square(y)); }
array asin_slope(const array& x, const array&) { return reciprocal(root_of_one_minus_square(x)); }
array acos_slope(const array& x, const array&) { return negative(reciprocal(root_of_one_minus_square(x))); }
array sinh_slope(const array& x, const array&) { return cosh(x); }
array cosh_slope(const array& x, const array&) { return sinh(x); }
array asinh_slope(const array& x, const array&) { return reciprocal(sqrt(add(square(x), 1.0))); }
// Two roots, so that the branch of complex numbers is right.
array acosh_slope(const array& x, const array&) {
    return reciprocal(multiply(sqrt(subtract(x, 1.0)), sqrt(add(x, 1.0))));
}
array atanh_slope(const array& x, const array&) { return reciprocal(multiply(subtract(1.0, x), add(1.0, x))); }

}  // namespace

constinit const op tan_op = code_op<scalar_code::tan>("array.tan", smooth<tan_slope>(saves::outputs));
constinit const op asin_op = code_op<scalar_code::asin>("array.asin", smooth<asin_slope>(saves::inputs));
constinit const op acos_op = code_op<scalar_code::acos>("array.acos", smooth<acos_slope>(saves::inputs));
constinit const op sinh_op = code_op<scalar_code::sinh>("array.sinh", smooth<sinh_slope>(saves::inputs));
constinit const op cosh_op = code_op<scalar_code::cosh>("array.cosh", smooth<cosh_slope>(saves::inputs));
constinit const op asinh_op = code_op<scalar_code::asinh>("array.asinh", smooth<asinh_slope>(saves::inputs));
constinit const op acosh_op = code_op<scalar_code::acosh>("array.acosh", smooth<acosh_slope>(saves::inputs));
constinit const op atanh_op = code_op<scalar_code::atanh>("array.atanh", smooth<atanh_slope>(saves::inputs));

array tan(const array& x) { return detail::unary(tan_op, scalar_code::tan, x, detail::function_dtype); }
array asin(const array& x) { return detail::unary(asin_op, scalar_code::asin, x, detail::function_dtype); }
array acos(const array& x) { return detail::unary(acos_op, scalar_code::acos, x, detail::function_dtype); }
array sinh(const array& x) { return detail::unary(sinh_op, scalar_code::sinh, x, detail::function_dtype); }
array cosh(const array& x) { return detail::unary(cosh_op, scalar_code::cosh, x, detail::function_dtype); }
array asinh(const array& x) { return detail::unary(asinh_op, scalar_code::asinh, x, detail::function_dtype); }
array acosh(const array& x) { return detail::unary(acosh_op, scalar_code::acosh, x, detail::function_dtype); }
array atanh(const array& x) { return detail::unary(atanh_op, scalar_code::atanh, x, detail::function_dtype); }

array angle(const array& z) { return atan2(imag(z), real(z)); }

void register_trigonometry(registry& r) {
    register_code<scalar_code::tan>(r, tan_op);
    register_code<scalar_code::asin>(r, asin_op);
    register_code<scalar_code::acos>(r, acos_op);
    register_code<scalar_code::sinh>(r, sinh_op);
    register_code<scalar_code::cosh>(r, cosh_op);
    register_code<scalar_code::asinh>(r, asinh_op);
    register_code<scalar_code::acosh>(r, acosh_op);
    register_code<scalar_code::atanh>(r, atanh_op);
}

}  // namespace tessera
