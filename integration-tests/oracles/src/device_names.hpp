// Devices by the names that --backend and --device take.
#pragma once

#include <string_view>

#include "tessera/interop/device.hpp"

namespace tessera::oracles {

// "cpu", "vulkan:0", "opencl:1"; the index is 0 when left out. Throws device_error for other names and for devices
// this build does not have.
device device_named(std::string_view name);

}  // namespace tessera::oracles
