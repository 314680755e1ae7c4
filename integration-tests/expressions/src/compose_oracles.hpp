// autograd/compose: the value of an expression and its derivatives; jvp in forward mode, Hessian times vector forward
// over reverse, the Jacobian in the mode that its shape asks for.
#pragma once

#include "expression.hpp"
#include "tessera/testing/oracle.hpp"

namespace tessera::testing {

// Makes a function of arrays into one that gives the same: itself, or compiled.
using function_of_arrays = std::function<std::vector<array>(const std::vector<array>&)>;
using prepare_function = std::function<function_of_arrays(function_of_arrays)>;

oracle_answer answer_expression(const oracle_case& c, const prepare_function& prepare);
oracle_answer answer_jacobian(const oracle_case& c, const prepare_function& prepare);
oracle_answer answer_hessian(const oracle_case& c, const prepare_function& prepare);

}  // namespace tessera::testing
