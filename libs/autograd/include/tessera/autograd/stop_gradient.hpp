// Values that count as constants.
#pragma once

#include "tessera/array/array.hpp"
#include "tessera/autograd/export.hpp"

namespace tessera::autograd {

// x itself, through which no derivative passes.
TESSERA_AUTOGRAD_API array stop_gradient(const array& x);

}  // namespace tessera::autograd
