#include "leaves.hpp"

#include "tessera/array/creation.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

void require_differentiable(std::string_view transform, const array& x, std::size_t position) {
    if (x.is_null()) [[unlikely]]
        throw value_error(text(transform, ": input ", position, " is a null array"));
    if (!is_inexact(x.dtype())) [[unlikely]]
        throw dtype_error(
            text(transform, ": input ", position, " is ", x.spec(),
                 ", but only floats and complex numbers have derivatives; capture it in the function instead"));
}

void require_output(std::string_view transform, const array& y, std::size_t position) {
    if (y.is_null()) [[unlikely]]
        throw value_error(text(transform, ": output ", position, " of the function is a null array"));
}

array matching(std::string_view transform, std::string_view what, const array& x, const spec& like,
               std::size_t position) {
    if (x.spec() == like && !x.is_literal()) [[likely]]
        return x;
    if (x.is_literal() && like.shape.empty()) return full({}, x.node()->value.cast(like.dtype), like.device);
    const std::string message = text(transform, ": ", what, " ", position, " is ", x.spec(), " on ", x.device(),
                                     " but stands beside ", like, " on ", like.device);
    if (!(x.shape() == like.shape)) throw shape_error(message);
    if (x.dtype() != like.dtype) throw dtype_error(message);
    throw device_error(message);
}

array zeros_of(const spec& like) { return zeros(like.shape, like.dtype, like.device); }

}  // namespace tessera::detail
