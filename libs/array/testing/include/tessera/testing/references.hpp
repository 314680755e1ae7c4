// Plain references that cases are made of.
#pragma once

#include "tessera/dtype/scalar_code.hpp"
#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

using scalar_function = std::function<scalar_value(std::span<const scalar_value>)>;

// f of the operands' elements, which broadcast; the result's dtype is f's.
reference_function element_by_element(scalar_function f);

// One element by dtype's own definition of the code (tessera/dtype/scalar.hpp), or for transcendental functions in long
// double, rounded to the operand's dtype. Operands have the dtypes the code takes.
scalar_value evaluate_code(scalar_code code, std::span<const scalar_value> operands);

// evaluate_code on operands cast to change(their promoted dtype).
reference_function by_code(scalar_code code, dtype (*change)(dtype) = nullptr);

// The shape operands broadcast to; they do.
sizes broadcast_sizes(std::span<const host_tensor> operands);

}  // namespace tessera::testing
