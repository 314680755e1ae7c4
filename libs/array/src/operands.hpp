// What public functions do before apply: bring operands to the dtype their op works in.
#pragma once

#include "apply.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/op.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/dtype/scalar_rules.hpp"

namespace tessera::detail {

// A host value without storage.
array literal(const scalar_value& value, std::uint8_t weak = not_weak);

// x in that dtype: a literal stays a literal, an array goes through astype. Throws value_error, naming the op, for an
// integer literal beyond the dtype.
array as_operand(const array& x, dtype d, std::string_view op_name);

inline bool is_weak(const array& x) { return x.node()->weak != not_weak; }

// Refuses a null operand by name of the op.
void require(const op& o, const array& x, int position);
// Throws dtype_error when the code does not take the dtype.
void require_takes(const op& o, scalar_code code, dtype d);

// What a function of one real variable computes in: floats themselves, integers by their width.
constexpr dtype function_dtype(dtype d) {
    if (is_inexact(d)) return d;
    return item_size(d) == 1 ? f16 : item_size(d) == 2 ? f32 : f64;
}

using dtype_change = dtype (*)(dtype);
constexpr dtype unchanged(dtype d) { return d; }

array unary(const op& o, scalar_code code, const array& x, dtype_change change = unchanged);
void unary_into(const op& o, scalar_code code, const array& x, const array& out, dtype_change change = unchanged);
array binary(const op& o, scalar_code code, const array& a, const array& b, dtype_change change = unchanged);
void binary_into(const op& o, scalar_code code, const array& a, const array& b, const array& out,
                 dtype_change change = unchanged);
// Like binary; the operands' memory may be reused.
array binary_reusing(const op& o, scalar_code code, array a, array b, dtype_change change = unchanged);

// x = op(x, other), in x's memory when nobody else sees it; x is unchanged when the op throws.
array& binary_assign(const op& o, scalar_code code, array& x, const array& other, dtype_change change = unchanged);

}  // namespace tessera::detail
