// Every case of the dl library.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_dl_cases(case_table& table);

}  // namespace tessera::testing
