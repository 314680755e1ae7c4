#include "device_names.hpp"

#include <array>
#include <charconv>

#include "tessera/array/backend.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

struct named_kind {
    std::string_view name;
    std::int32_t kind;
};

constexpr std::array<named_kind, 3> kinds{{{"cpu", 1}, {"opencl", 4}, {"vulkan", 7}}};

}  // namespace

device device_named(std::string_view name) {
    const std::size_t colon = name.find(':');
    for (const named_kind& known : kinds) {
        if (known.name != name.substr(0, colon)) continue;
        device d{known.kind, 0};
        if (colon != std::string_view::npos) {
            const char* const end = name.data() + name.size();
            const auto [rest, problem] = std::from_chars(name.data() + colon + 1, end, d.index);
            if (problem != std::errc() || rest != end || d.index < 0) break;
        }
        backend_of(d);  // throws when this build has no such device
        return d;
    }
    throw device_error(
        text("device '", name, "' is unknown; it is cpu, opencl or vulkan, with an index as in vulkan:0"));
}

}  // namespace tessera::oracles
