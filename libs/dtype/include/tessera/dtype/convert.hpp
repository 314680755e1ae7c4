// Many elements from one dtype to another, in host memory.
#pragma once

#include <cstddef>

#include "tessera/dtype/export.hpp"
#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

// out[i * out_stride] = in[i * in_stride] cast as cast.hpp says, for i in 0 .. n-1; strides are in elements, may be
// negative, and an in_stride of 0 repeats. The ranges must not overlap; neither need be aligned. On the calling thread.
TESSERA_DTYPE_API void convert(dtype from, const void* in, std::ptrdiff_t in_stride, dtype to, void* out,
                               std::ptrdiff_t out_stride, std::size_t n, overflow policy = overflow::ieee);

}  // namespace tessera
