// Where data lives: a back end's kind and the index of one of its devices.
#pragma once

#include <cstdint>

namespace tessera {

// kind follows DLPack: 1 cpu, 4 opencl, 7 vulkan; 64 and above are a user's own.
struct device {
    std::int32_t kind = 1;
    std::int32_t index = 0;
    friend constexpr bool operator==(device, device) = default;
};

inline constexpr device cpu{1, 0};

}  // namespace tessera
