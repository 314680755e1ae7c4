// Functions of one operand.
#include "code_op.hpp"
#include "operands.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

namespace {

array twice(const array& x, const array&) { return multiply(2.0, x); }
array minus_square(const array&, const array& y) { return negative(square(y)); }
array half_over(const array&, const array& y) { return divide(0.5, y); }
array result(const array&, const array& y) { return y; }
array one_over(const array& x, const array&) { return reciprocal(x); }
array cosine(const array& x, const array&) { return cos(x); }
array minus_sine(const array& x, const array&) { return negative(sin(x)); }
array one_minus_square(const array&, const array& y) { return subtract(1.0, square(y)); }

// Rules of a linear op: its tangent map and the adjoint of that.
template <array (*F)(const array&)> void linear_jvp(const jvp_args& args, std::span<array> out) {
    if (!args.tangents[0].is_null()) out[0] = F(args.tangents[0]);
}
template <array (*F)(const array&)> void linear_vjp(const vjp_args& args, std::span<array> in) {
    if (!args.cotangents[0].is_null()) in[0] = F(args.cotangents[0]);
}

// d|x| = Re(conj(sign(x)) dx)
void abs_jvp(const jvp_args& args, std::span<array> out) {
    out[0] = real(d::times(args.tangents[0], conj(sign(args.in[0]))));
}
void abs_vjp(const vjp_args& args, std::span<array> in) {
    if (args.cotangents[0].is_null()) return;
    in[0] = multiply(astype(args.cotangents[0], args.in[0].dtype()), sign(args.in[0]));
}

// s = x/|x| of complex x: ds = (dx - s Re(conj(s) dx)) / |x|, and its own adjoint; constant for real x.
array across_the_ray(const array& t, const array& x, const array& s) {
    if (t.is_null() || !is_complex(x.dtype())) return {};
    const array along = multiply(s, astype(real(multiply(conj(s), t)), x.dtype()));
    const array length = abs(x), is_zero = equal(length, 0);  // where PyTorch's sgn has no slope
    const array slope = divide(subtract(t, along), astype(where(is_zero, 1.0, length), x.dtype()));
    return where(is_zero, 0.0, slope);
}
void sign_jvp(const jvp_args& args, std::span<array> out) {
    out[0] = across_the_ray(args.tangents[0], args.in[0], args.out[0]);
}
void sign_vjp(const vjp_args& args, std::span<array> in) {
    in[0] = across_the_ray(args.cotangents[0], args.in[0], args.out[0]);
}

void real_vjp(const vjp_args& args, std::span<array> in) {
    if (!args.cotangents[0].is_null()) in[0] = astype(args.cotangents[0], args.in[0].dtype());
}
// Im(dx): zero of a real x; its adjoint is i ct.
void imag_jvp(const jvp_args& args, std::span<array> out) {
    if (!args.tangents[0].is_null() && is_complex(args.in[0].dtype())) out[0] = imag(args.tangents[0]);
}
void imag_vjp(const vjp_args& args, std::span<array> in) {
    if (args.cotangents[0].is_null() || !is_complex(args.in[0].dtype())) return;
    in[0] = multiply(astype(args.cotangents[0], args.in[0].dtype()), std::complex<double>(0, 1));
}

}  // namespace

constinit const op positive_op =
    code_op<scalar_code::positive>("array.positive", {.jvp = linear_jvp<positive>, .vjp = linear_vjp<positive>});
constinit const op negative_op =
    code_op<scalar_code::negative>("array.negative", {.jvp = linear_jvp<negative>, .vjp = linear_vjp<negative>});
constinit const op abs_op = code_op<scalar_code::abs>(
    "array.abs", {.dtype = dtypes::real_part, .jvp = abs_jvp, .vjp = abs_vjp, .saves = saves::inputs});
constinit const op sign_op =
    code_op<scalar_code::sign>("array.sign", {.jvp = sign_jvp, .vjp = sign_vjp, .saves = saves::everything});
constinit const op conj_op =
    code_op<scalar_code::conj>("array.conj", {.jvp = linear_jvp<conj>, .vjp = linear_vjp<conj>});
constinit const op real_op =
    code_op<scalar_code::real>("array.real", {.dtype = dtypes::real_part, .jvp = linear_jvp<real>, .vjp = real_vjp});
constinit const op imag_op =
    code_op<scalar_code::imag>("array.imag", {.dtype = dtypes::real_part, .jvp = imag_jvp, .vjp = imag_vjp});

constinit const op square_op = code_op<scalar_code::square>("array.square", smooth<twice>(saves::inputs));
constinit const op reciprocal_op =
    code_op<scalar_code::reciprocal>("array.reciprocal", smooth<minus_square>(saves::outputs));
constinit const op sqrt_op = code_op<scalar_code::sqrt>("array.sqrt", smooth<half_over>(saves::outputs));
constinit const op exp_op = code_op<scalar_code::exp>("array.exp", smooth<result>(saves::outputs));
constinit const op log_op = code_op<scalar_code::log>("array.log", smooth<one_over>(saves::inputs));
constinit const op sin_op = code_op<scalar_code::sin>("array.sin", smooth<cosine>(saves::inputs));
constinit const op cos_op = code_op<scalar_code::cos>("array.cos", smooth<minus_sine>(saves::inputs));
constinit const op tanh_op = code_op<scalar_code::tanh>("array.tanh", smooth<one_minus_square>(saves::outputs));

array positive(const array& x) { return detail::unary(positive_op, scalar_code::positive, x); }
array negative(const array& x) { return detail::unary(negative_op, scalar_code::negative, x); }
array abs(const array& x) { return detail::unary(abs_op, scalar_code::abs, x); }
array sign(const array& x) { return detail::unary(sign_op, scalar_code::sign, x); }
array square(const array& x) { return detail::unary(square_op, scalar_code::square, x); }
array reciprocal(const array& x) { return detail::unary(reciprocal_op, scalar_code::reciprocal, x, mean_dtype); }
// Real arrays are their own conjugate and real part.
array conj(const array& x) {
    return !x.is_null() && !is_complex(x.dtype()) ? x : detail::unary(conj_op, scalar_code::conj, x);
}
array real(const array& x) {
    return !x.is_null() && !is_complex(x.dtype()) ? x : detail::unary(real_op, scalar_code::real, x);
}
array imag(const array& x) { return detail::unary(imag_op, scalar_code::imag, x); }
array sqrt(const array& x) { return detail::unary(sqrt_op, scalar_code::sqrt, x, detail::function_dtype); }
array exp(const array& x) { return detail::unary(exp_op, scalar_code::exp, x, detail::function_dtype); }
array log(const array& x) { return detail::unary(log_op, scalar_code::log, x, detail::function_dtype); }
array sin(const array& x) { return detail::unary(sin_op, scalar_code::sin, x, detail::function_dtype); }
array cos(const array& x) { return detail::unary(cos_op, scalar_code::cos, x, detail::function_dtype); }
array tanh(const array& x) { return detail::unary(tanh_op, scalar_code::tanh, x, detail::function_dtype); }

void negative(const array& x, const array& out) { detail::unary_into(negative_op, scalar_code::negative, x, out); }
void abs(const array& x, const array& out) { detail::unary_into(abs_op, scalar_code::abs, x, out); }
void square(const array& x, const array& out) { detail::unary_into(square_op, scalar_code::square, x, out); }
void sqrt(const array& x, const array& out) {
    detail::unary_into(sqrt_op, scalar_code::sqrt, x, out, detail::function_dtype);
}
void exp(const array& x, const array& out) {
    detail::unary_into(exp_op, scalar_code::exp, x, out, detail::function_dtype);
}
void log(const array& x, const array& out) {
    detail::unary_into(log_op, scalar_code::log, x, out, detail::function_dtype);
}
void sin(const array& x, const array& out) {
    detail::unary_into(sin_op, scalar_code::sin, x, out, detail::function_dtype);
}
void cos(const array& x, const array& out) {
    detail::unary_into(cos_op, scalar_code::cos, x, out, detail::function_dtype);
}
void tanh(const array& x, const array& out) {
    detail::unary_into(tanh_op, scalar_code::tanh, x, out, detail::function_dtype);
}

void register_functions(registry& r) {
    register_code<scalar_code::positive>(r, positive_op);
    register_code<scalar_code::negative>(r, negative_op);
    register_code<scalar_code::abs>(r, abs_op);
    register_code<scalar_code::sign>(r, sign_op);
    register_code<scalar_code::conj>(r, conj_op);
    register_code<scalar_code::real>(r, real_op);
    register_code<scalar_code::imag>(r, imag_op);
    register_code<scalar_code::square>(r, square_op);
    register_code<scalar_code::reciprocal>(r, reciprocal_op);
    register_code<scalar_code::sqrt>(r, sqrt_op);
    register_code<scalar_code::exp>(r, exp_op);
    register_code<scalar_code::log>(r, log_op);
    register_code<scalar_code::sin>(r, sin_op);
    register_code<scalar_code::cos>(r, cos_op);
    register_code<scalar_code::tanh>(r, tanh_op);
}

}  // namespace tessera
