#include "tessera/dtype/scalar_value.hpp"

#include <cmath>
#include <cstring>
#include <string>

#include "tessera/interop/text.hpp"

namespace tessera {

scalar_value scalar_value::read(tessera::dtype d, const void* from) {
    if (d == boolean) {
        unsigned char byte = 0;
        std::memcpy(&byte, from, 1);
        return scalar_value(byte != 0);
    }
    return with_type(d, [&](auto tag) {
        typename decltype(tag)::type value;
        std::memcpy(&value, from, sizeof value);
        return scalar_value(value);
    });
}

void append_text(std::string& out, const scalar_value& value) {
    with_type(value.dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        const T element = value.as<T>();
        if constexpr (is_complex_type<T>) {
            append_text(out, element.real());
            if (!std::signbit(element.imag())) out.append("+");
            append_text(out, element.imag());
            out.append("i");
        } else {
            append_text(out, static_cast<compute_type<T>>(element));
        }
    });
}

}  // namespace tessera
