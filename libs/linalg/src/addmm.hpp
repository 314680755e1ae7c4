// linalg.addmm, which linalg.matmul names as its accumulating form.
#pragma once

#include "tessera/array/op.hpp"

namespace tessera {

extern constinit const op addmm_op;

}  // namespace tessera
