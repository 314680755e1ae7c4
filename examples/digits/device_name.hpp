// "cpu", "cpu:0", "vulkan:1": the names --device takes.
#pragma once

#include <charconv>
#include <string_view>

#include <tessera/interop/device.hpp>
#include <tessera/interop/error.hpp>
#include <tessera/interop/text.hpp>

namespace digits {

inline tessera::device parse_device(std::string_view name) {
    const auto colon = name.find(':');
    const std::string_view kind = name.substr(0, colon);
    tessera::device d{kind == "cpu" ? 1 : kind == "opencl" ? 4 : kind == "vulkan" ? 7 : 0, 0};
    bool understood = d.kind != 0;
    if (colon != std::string_view::npos) {
        const std::string_view digits = name.substr(colon + 1);
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), d.index);
        understood = understood && problem == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
    }
    if (!understood)
        throw tessera::value_error(
            tessera::text("--device: '", name, "' is not a device; write cpu, opencl:0 or vulkan:0"));
    return d;
}

}  // namespace digits
