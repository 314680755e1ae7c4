// Everything the libraries of this build answer.
#pragma once

#include "tessera/testing/oracle.hpp"

namespace tessera::oracles {

testing::oracle_registry all_bindings();

}  // namespace tessera::oracles
