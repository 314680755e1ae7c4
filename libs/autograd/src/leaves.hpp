// Checks of what goes into a transform and comes out of it.
#pragma once

#include <string_view>

#include "tessera/array/array.hpp"

namespace tessera::detail {

// Throws value_error for a null input, dtype_error for one that cannot be differentiated with respect to.
void require_differentiable(std::string_view transform, const array& x, std::size_t position);
// Throws value_error when a function returned nothing.
void require_output(std::string_view transform, const array& y, std::size_t position);
// x as an array of that spec: literals are converted. Throws dtype_error, shape_error or device_error when it is not;
// `what` names it: "tangent".
array matching(std::string_view transform, std::string_view what, const array& x, const spec& like,
               std::size_t position);
array zeros_of(const spec& like);

}  // namespace tessera::detail
