// The cases of linalg.solve, inv, det and slogdet.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_solve_cases(case_table& table);

}  // namespace tessera::testing
