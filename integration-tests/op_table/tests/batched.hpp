// Every op under vmap: batched/<case>.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

// The table outlives the tests.
void add_batched_tests(const case_table& table);

}  // namespace tessera::testing
