// What is known of an array without its data.
#pragma once

#include "tessera/array/extent.hpp"
#include "tessera/interop/device.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

struct spec {
    tessera::dtype dtype = f64;
    dims shape;
    tessera::device device = cpu;
    friend bool operator==(const spec&, const spec&) = default;
};

// "f32 (2, 3)"
TESSERA_ARRAY_API void append_text(std::string& out, const spec& value);

}  // namespace tessera
