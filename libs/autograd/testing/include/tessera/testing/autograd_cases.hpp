// Every case of the autograd library.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_autograd_cases(case_table& table);

}  // namespace tessera::testing
