// Every case of the linalg library.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_linalg_cases(case_table& table);

}  // namespace tessera::testing
