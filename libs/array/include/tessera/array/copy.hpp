// Copies: to another device, into row-major order, out of literals.
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// x on that device; x itself when it is there already. Throws device_error for an unknown device.
TESSERA_ARRAY_API array to(const array& x, device where);

namespace detail {
// A literal as an ordinary rank-0 array of its dtype; others unchanged.
TESSERA_ARRAY_API array materialize(const array& x, device where);
// The view of a concrete array's data; what kernels get. Throws value_error when it has none.
TESSERA_ARRAY_API any_view kernel_view(const array& x);
// A fresh row-major array of that spec, contents undefined. Throws shape_error when its bytes overflow.
TESSERA_ARRAY_API array allocate(const spec&, std::string_view op_name);
// The array below every trace whose data can be shown. Throws value_error when there is none.
TESSERA_ARRAY_API array concrete(const array& x);
}  // namespace detail

}  // namespace tessera
