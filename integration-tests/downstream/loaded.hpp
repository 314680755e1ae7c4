// Which shared libraries this process has loaded.
#pragma once

#include <link.h>

#include <string_view>

// Whether one of them has `part` in its file name.
inline bool is_loaded(std::string_view part) {
    const auto visit = [](dl_phdr_info* info, std::size_t, void* wanted) {
        const std::string_view path = info->dlpi_name;
        return path.find(*static_cast<std::string_view*>(wanted), path.rfind('/') + 1) != path.npos ? 1 : 0;
    };
    return dl_iterate_phdr(visit, &part) == 1;
}
