#include "tessera/array/attributes.hpp"

namespace tessera {

void attributes::refuse(const std::type_info& wanted) const {
    throw value_error(text("attributes: asked for ", std::string_view(wanted.name()), " but they are ",
                           std::string_view(type_ ? type_->type.name() : "none")));
}

}  // namespace tessera
