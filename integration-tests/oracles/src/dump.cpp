#include "dump.hpp"

#include <array>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

constexpr std::uint64_t alignment = 16;

std::filesystem::path base_path(const std::filesystem::path& folder, const group_name& which) {
    std::error_code ignored;  // a folder that could not be made shows when the files are opened
    std::filesystem::create_directories(folder / which.library, ignored);
    return folder / which.library / which.group;
}

}  // namespace

group_dump::group_dump(const std::filesystem::path& folder, const group_name& which)
    : lines_path_(base_path(folder, which).string() + ".jsonl"), lines_(lines_path_),
      blob_(base_path(folder, which).string() + ".bin", std::ios::binary) {
    if (!lines_ || !blob_) throw format_error(text("oracles: --dump cannot write ", lines_path_.string()));
}

void group_dump::add(const manifest_case& c, const case_result& result) {
    nlohmann::ordered_json line{{"id", c.asked.id}, {"op", c.asked.op}, {"out", nlohmann::ordered_json::array()}};
    for (const host_tensor& t : result.answer.tensors) {
        const std::uint64_t padding = (alignment - offset_ % alignment) % alignment;
        blob_.write(std::array<char, alignment>{}.data(), static_cast<std::streamsize>(padding));
        offset_ += padding;
        line["out"].push_back(
            {{"n", t.name}, {"dt", name(t.dtype)}, {"sh", t.shape}, {"off", offset_}, {"nb", t.bytes.size()}});
        blob_.write(reinterpret_cast<const char*>(t.bytes.data()), static_cast<std::streamsize>(t.bytes.size()));
        offset_ += t.bytes.size();
    }
    for (const auto& [key, value] : result.answer.texts) line["attrs"][key] = value;
    if (result.outcome == outcome::unsupported)
        line["unsupported"] = result.reason;
    else if (result.error)
        line["err"] = *result.error;
    lines_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void group_dump::close() {
    lines_.close();
    blob_.close();
    if (!lines_ || !blob_) throw format_error(text("oracles: --dump cannot write all of ", lines_path_.string()));
}

}  // namespace tessera::oracles
