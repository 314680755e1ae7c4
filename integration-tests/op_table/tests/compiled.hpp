// Every case of the test table under compile, one GoogleTest each: compiled.<case>.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

// The table outlives the tests.
void add_compiled_tests(const case_table& table);

}  // namespace tessera::testing
