// Building error texts without a formatting library: text("a has ", 3, " axes").
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tessera/interop/device.hpp"
#include "tessera/interop/dtype.hpp"

namespace tessera {

inline void append_text(std::string& out, std::string_view part) { out.append(part); }
template <std::same_as<bool> Bool>  // a template, or string literals would convert to bool
void append_text(std::string& out, Bool value) {
    out.append(value ? "true" : "false");
}
inline void append_text(std::string& out, dtype value) { out.append(name(value)); }

template <class Number>
    requires((std::integral<Number> && !std::same_as<Number, bool>) || std::floating_point<Number>)
void append_text(std::string& out, Number value) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, static_cast<std::size_t>(end - buffer));
}

// "cpu:0", "vulkan:1", "device(70):0"
inline void append_text(std::string& out, device d) {
    switch (d.kind) {
    case 1: out.append("cpu"); break;
    case 4: out.append("opencl"); break;
    case 7: out.append("vulkan"); break;
    default:
        out.append("device(");
        append_text(out, d.kind);
        out.append(")");
    }
    out.append(":");
    append_text(out, d.index);
}

// "(2, 3)", "(4,)", "()"
inline void append_text(std::string& out, std::span<const std::int64_t> values) {
    out.append("(");
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out.append(", ");
        append_text(out, values[i]);
    }
    out.append(values.size() == 1 ? ",)" : ")");
}

// The parts one after the other; a type takes part through append_text(std::string&, value).
template <class... Parts> std::string text(const Parts&... parts) {
    std::string out;
    (append_text(out, parts), ...);
    return out;
}

}  // namespace tessera
