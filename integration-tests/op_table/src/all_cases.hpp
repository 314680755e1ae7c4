// The cases of every library in this build.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_all_cases(case_table& table);

}  // namespace tessera::testing
