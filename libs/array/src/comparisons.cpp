// Comparisons, tests, logic and bits: ops whose derivatives are zero.
#include "code_op.hpp"
#include "operands.hpp"

namespace tessera {

constinit const op equal_op = discrete_op<scalar_code::equal>("array.equal");
constinit const op not_equal_op = discrete_op<scalar_code::not_equal>("array.not_equal");
constinit const op less_op = discrete_op<scalar_code::less>("array.less");
constinit const op less_equal_op = discrete_op<scalar_code::less_equal>("array.less_equal");
constinit const op greater_op = discrete_op<scalar_code::greater>("array.greater");
constinit const op greater_equal_op = discrete_op<scalar_code::greater_equal>("array.greater_equal");
constinit const op logical_and_op = discrete_op<scalar_code::logical_and>("array.logical_and");
constinit const op logical_or_op = discrete_op<scalar_code::logical_or>("array.logical_or");
constinit const op logical_xor_op = discrete_op<scalar_code::logical_xor>("array.logical_xor");
constinit const op bitwise_and_op = discrete_op<scalar_code::bitwise_and>("array.bitwise_and");
constinit const op bitwise_or_op = discrete_op<scalar_code::bitwise_or>("array.bitwise_or");
constinit const op bitwise_xor_op = discrete_op<scalar_code::bitwise_xor>("array.bitwise_xor");
constinit const op left_shift_op = discrete_op<scalar_code::left_shift>("array.left_shift");
constinit const op right_shift_op = discrete_op<scalar_code::right_shift>("array.right_shift");
constinit const op isnan_op = discrete_op<scalar_code::isnan>("array.isnan");
constinit const op isinf_op = discrete_op<scalar_code::isinf>("array.isinf");
constinit const op isfinite_op = discrete_op<scalar_code::isfinite>("array.isfinite");
constinit const op logical_not_op = discrete_op<scalar_code::logical_not>("array.logical_not");
constinit const op bitwise_not_op = discrete_op<scalar_code::bitwise_not>("array.bitwise_not");

array equal(const array& a, const array& b) { return detail::binary(equal_op, scalar_code::equal, a, b); }
array not_equal(const array& a, const array& b) { return detail::binary(not_equal_op, scalar_code::not_equal, a, b); }
array less(const array& a, const array& b) { return detail::binary(less_op, scalar_code::less, a, b); }
array less_equal(const array& a, const array& b) {
    return detail::binary(less_equal_op, scalar_code::less_equal, a, b);
}
array greater(const array& a, const array& b) { return detail::binary(greater_op, scalar_code::greater, a, b); }
array greater_equal(const array& a, const array& b) {
    return detail::binary(greater_equal_op, scalar_code::greater_equal, a, b);
}
array logical_and(const array& a, const array& b) {
    return detail::binary(logical_and_op, scalar_code::logical_and, a, b);
}
array logical_or(const array& a, const array& b) {
    return detail::binary(logical_or_op, scalar_code::logical_or, a, b);
}
array logical_xor(const array& a, const array& b) {
    return detail::binary(logical_xor_op, scalar_code::logical_xor, a, b);
}
array bitwise_and(const array& a, const array& b) {
    return detail::binary(bitwise_and_op, scalar_code::bitwise_and, a, b);
}
array bitwise_or(const array& a, const array& b) {
    return detail::binary(bitwise_or_op, scalar_code::bitwise_or, a, b);
}
array bitwise_xor(const array& a, const array& b) {
    return detail::binary(bitwise_xor_op, scalar_code::bitwise_xor, a, b);
}
array left_shift(const array& a, const array& b) {
    return detail::binary(left_shift_op, scalar_code::left_shift, a, b);
}
array right_shift(const array& a, const array& b) {
    return detail::binary(right_shift_op, scalar_code::right_shift, a, b);
}
array isnan(const array& x) { return detail::unary(isnan_op, scalar_code::isnan, x); }
array isinf(const array& x) { return detail::unary(isinf_op, scalar_code::isinf, x); }
array isfinite(const array& x) { return detail::unary(isfinite_op, scalar_code::isfinite, x); }
array logical_not(const array& x) { return detail::unary(logical_not_op, scalar_code::logical_not, x); }
array bitwise_not(const array& x) { return detail::unary(bitwise_not_op, scalar_code::bitwise_not, x); }

void register_comparisons(registry& r) {
    register_code<scalar_code::equal>(r, equal_op);
    register_code<scalar_code::not_equal>(r, not_equal_op);
    register_code<scalar_code::less>(r, less_op);
    register_code<scalar_code::less_equal>(r, less_equal_op);
    register_code<scalar_code::greater>(r, greater_op);
    register_code<scalar_code::greater_equal>(r, greater_equal_op);
    register_code<scalar_code::logical_and>(r, logical_and_op);
    register_code<scalar_code::logical_or>(r, logical_or_op);
    register_code<scalar_code::logical_xor>(r, logical_xor_op);
    register_code<scalar_code::bitwise_and>(r, bitwise_and_op);
    register_code<scalar_code::bitwise_or>(r, bitwise_or_op);
    register_code<scalar_code::bitwise_xor>(r, bitwise_xor_op);
    register_code<scalar_code::left_shift>(r, left_shift_op);
    register_code<scalar_code::right_shift>(r, right_shift_op);
    register_code<scalar_code::isnan>(r, isnan_op);
    register_code<scalar_code::isinf>(r, isinf_op);
    register_code<scalar_code::isfinite>(r, isfinite_op);
    register_code<scalar_code::logical_not>(r, logical_not_op);
    register_code<scalar_code::bitwise_not>(r, bitwise_not_op);
}

}  // namespace tessera
