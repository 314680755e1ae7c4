// Powers, roots and logarithms.
#include <numbers>

#include "operands.hpp"
#include "pairs.hpp"
#include "tessera/array/node.hpp"

namespace tessera {

namespace d = derivatives;

namespace {

array exp2_slope(const array&, const array& y) { return multiply(std::numbers::ln2, y); }
array exp10_slope(const array&, const array& y) { return multiply(std::numbers::ln10, y); }
array log2_slope(const array& x, const array&) { return divide(std::numbers::log2e, x); }
array log10_slope(const array& x, const array&) { return divide(std::numbers::log10e, x); }
array cbrt_slope(const array&, const array& y) { return divide(1.0 / 3, square(y)); }
array rsqrt_slope(const array&, const array& y) { return multiply(-0.5, multiply(y, square(y))); }

// d(a^b)/da = b a^(b - 1); 0 where b is 0, whatever a is.
array pow_by_base(const array& a, const array& b) {
    const array constant = equal(b, 0);
    return multiply(b, pow(where(constant, 1.0, a), subtract(b, 1.0)));
}
// d(a^b)/db = a^b log(a); 0 where a is 0.
array pow_by_exponent(const array& a, const array& y) { return multiply(y, log(where(equal(a, 0), 1.0, a))); }

void pow_jvp(const jvp_args& args, std::span<array> out) {
    const array &a = args.in[0], &b = args.in[1];
    array by_a, by_b;
    if (!args.tangents[0].is_null()) by_a = multiply(args.tangents[0], pow_by_base(a, b));
    if (!args.tangents[1].is_null()) by_b = multiply(args.tangents[1], pow_by_exponent(a, args.out[0]));
    out[0] = d::spread_to(d::plus(by_a, by_b), args.out[0].shape());
}
void pow_vjp(const vjp_args& args, std::span<array> in) {
    const array &a = args.in[0], &b = args.in[1], &ct = args.cotangents[0];
    if (ct.is_null()) return;
    if (args.needs(0)) in[0] = d::sum_to(d::times_conj(ct, pow_by_base(a, b)), a.shape());
    if (args.needs(1)) in[1] = d::sum_to(d::times_conj(ct, pow_by_exponent(a, args.out[0])), b.shape());
}

bool is_literal_two(const array& b) {
    if (b.is_null() || !b.is_literal()) return false;
    const scalar_value& value = b.node()->value;
    return !is_complex(value.dtype) && value.as<double>() == 2;
}

}  // namespace

constinit const op exp2_op = code_op<scalar_code::exp2>("array.exp2", smooth<exp2_slope>(saves::outputs));
constinit const op exp10_op = code_op<scalar_code::exp10>("array.exp10", smooth<exp10_slope>(saves::outputs));
constinit const op log2_op = code_op<scalar_code::log2>("array.log2", smooth<log2_slope>(saves::inputs));
constinit const op log10_op = code_op<scalar_code::log10>("array.log10", smooth<log10_slope>(saves::inputs));
constinit const op cbrt_op = code_op<scalar_code::cbrt>("array.cbrt", smooth<cbrt_slope>(saves::outputs));
constinit const op rsqrt_op = code_op<scalar_code::rsqrt>("array.rsqrt", smooth<rsqrt_slope>(saves::outputs));

constinit const op pow_op =
    code_op<scalar_code::pow>("array.pow", {.jvp = pow_jvp, .vjp = pow_vjp, .saves = saves::everything});

array exp2(const array& x) { return detail::unary(exp2_op, scalar_code::exp2, x, detail::function_dtype); }
array exp10(const array& x) { return detail::unary(exp10_op, scalar_code::exp10, x, detail::function_dtype); }
array log2(const array& x) { return detail::unary(log2_op, scalar_code::log2, x, detail::function_dtype); }
array log10(const array& x) { return detail::unary(log10_op, scalar_code::log10, x, detail::function_dtype); }
array cbrt(const array& x) { return detail::unary(cbrt_op, scalar_code::cbrt, x, detail::function_dtype); }
array rsqrt(const array& x) { return detail::unary(rsqrt_op, scalar_code::rsqrt, x, detail::function_dtype); }

array pow(const array& a, const array& b) {
    const bool squares = is_literal_two(b) && !a.is_null() && takes(scalar_code::square, a.dtype()) &&
                         !a.is_literal() && result_type(a, b) == a.dtype();
    return squares ? square(a) : detail::binary(pow_op, scalar_code::pow, a, b);
}

void register_powers(registry& r) {
    register_code<scalar_code::exp2>(r, exp2_op);
    register_code<scalar_code::exp10>(r, exp10_op);
    register_code<scalar_code::log2>(r, log2_op);
    register_code<scalar_code::log10>(r, log10_op);
    register_code<scalar_code::cbrt>(r, cbrt_op);
    register_code<scalar_code::rsqrt>(r, rsqrt_op);
    register_code<scalar_code::pow>(r, pow_op);
}

}  // namespace tessera
