// From data to a size: the one door.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// The size that a rank-0 integer array holds. Waits for the device; a capture makes a symbol of it. Throws shape_error
// for another rank or a negative number, dtype_error for a dtype that is no integer, value_error where a transform has
// no single number to give.
TESSERA_ARRAY_API extent to_extent(const array& n);

}  // namespace tessera
