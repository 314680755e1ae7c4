// Every topic of the linear algebra library, each registered by the file that owns it.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera {

void register_linalg(registry&);  // lists the topics
void register_matmul(registry&);
void register_solve(registry&);

}  // namespace tessera
