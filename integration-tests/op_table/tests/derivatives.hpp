// The derivative checks of the test table, one GoogleTest each per case: every_op/jvp.<case>, vjp, second_order, and
// zero_derivative for ops that are constant almost everywhere.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

// The table outlives the tests.
void add_derivative_tests(const case_table& table);

}  // namespace tessera::testing
