// A strided array of any element type on any device, owned by somebody else.
// This struct is the ABI between Tessera components; a test pins its size and offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tessera/interop/device.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

enum view_flags : std::uint32_t {
    view_read_only = 1U << 0,
    view_host_value = 1U << 1,  // data is a rank-0 value in host memory, whatever the device (weak literals)
};

struct any_view {
    void* data = nullptr;                   // a host address, or the device's handle of the whole buffer
    std::int64_t offset = 0;                // elements from data to the first element
    const std::int64_t* shape = nullptr;    // rank sizes, each >= 0
    const std::int64_t* strides = nullptr;  // rank steps in elements; 0 repeats, negative runs backwards
    std::int32_t rank = 0;
    tessera::dtype dtype = f64;
    tessera::device device = cpu;
    std::uint32_t flags = 0;

    std::span<const std::int64_t> sizes() const { return {shape, static_cast<std::size_t>(rank)}; }
    std::span<const std::int64_t> steps() const { return {strides, static_cast<std::size_t>(rank)}; }

    // Number of elements; 1 for rank 0.
    std::int64_t size() const {
        std::int64_t n = 1;
        for (std::int32_t i = 0; i < rank; ++i) n *= shape[i];
        return n;
    }

    // Address of the first element of host data.
    template <class T = void> T* first() const {
        return reinterpret_cast<T*>(static_cast<std::byte*>(data) +
                                    offset * static_cast<std::int64_t>(item_size(dtype)));
    }
};

}  // namespace tessera
