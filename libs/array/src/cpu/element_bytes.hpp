// Elements as so many bytes, for kernels that only move them.
#pragma once

#include <cstddef>

#include "tessera/interop/dtype.hpp"

namespace tessera::cpu_kernels {

template <std::size_t Bytes> struct alignas(Bytes < 8 ? Bytes : 8) element_bytes { std::byte bytes[Bytes]; };

// Calls visit with a value of the element_bytes of a dtype.
template <class Visit> void with_bytes(dtype t, const Visit& visit) {
    switch (item_size(t)) {
    case 1: return visit(element_bytes<1>());
    case 2: return visit(element_bytes<2>());
    case 4: return visit(element_bytes<4>());
    case 8: return visit(element_bytes<8>());
    default: return visit(element_bytes<16>());
    }
}

}  // namespace tessera::cpu_kernels
