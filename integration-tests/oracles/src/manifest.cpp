#include "manifest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<std::byte> read_blob(const fs::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) throw format_error(text("oracles: cannot read ", file.string()));
    std::vector<std::byte> blob(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(blob.data()), static_cast<std::streamsize>(blob.size()));
    if (!in) throw format_error(text("oracles: cannot read ", file.string()));
    return blob;
}

std::size_t bytes_needed(const std::vector<std::int64_t>& shape, tessera::dtype type) {
    std::size_t bytes = item_size(type);
    const bool is_empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
    for (const std::int64_t size : shape) {
        if (size < 0) throw format_error(text("shape ", std::span(shape), " has a negative size"));
        if (is_empty) continue;
        if (bytes > std::numeric_limits<std::size_t>::max() / static_cast<std::size_t>(size))
            throw format_error(text("shape ", std::span(shape), " overflows"));
        bytes *= static_cast<std::size_t>(size);
    }
    return is_empty ? 0 : bytes;
}

host_tensor read_tensor(const json& entry, const std::vector<std::byte>& blob) {
    host_tensor t{entry.at("n").get<std::string>(),
                  testing::dtype_named(entry.at("dt").get<std::string>()),
                  entry.at("sh").get<std::vector<std::int64_t>>(),
                  {}};
    const auto offset = entry.at("off").get<std::uint64_t>();
    const auto count = entry.at("nb").get<std::uint64_t>();
    if (const std::size_t needed = bytes_needed(t.shape, t.dtype); needed != count)
        throw format_error(text("tensor '", t.name, "': ", t.dtype, " ", std::span<const std::int64_t>(t.shape),
                                " takes ", needed, " bytes, but nb is ", count));
    if (offset > blob.size() || count > blob.size() - offset)
        throw format_error(text("tensor '", t.name, "': bytes ", offset, " to ", offset, " + ", count,
                                " reach out of the blob of ", blob.size()));
    const auto first = blob.begin() + static_cast<std::ptrdiff_t>(offset);
    t.bytes.assign(first, first + static_cast<std::ptrdiff_t>(count));
    return t;
}

manifest_case read_case(const json& line, const std::vector<std::byte>& blob) {
    if (!line.is_object()) throw format_error("a case is a JSON object");
    manifest_case c;
    c.asked.id = line.at("id").get<std::string>();
    c.asked.op = line.at("op").get<std::string>();
    c.must_fail = line.value("err", false);
    if (line.contains("tags")) c.asked.tags = line["tags"].get<std::vector<std::string>>();
    if (line.contains("attrs") && !line["attrs"].is_null()) {
        if (!line["attrs"].is_object()) throw format_error("attrs is a JSON object");
        c.asked.attrs = line["attrs"];
    }
    for (const json& entry : line.at("in")) c.asked.in.push_back(read_tensor(entry, blob));
    for (const json& entry : line.at("out")) {
        expected_tensor out{read_tensor(entry, blob), std::nullopt};
        if (entry.contains("cmp") && !entry["cmp"].is_null()) out.compare = parse_comparison(entry["cmp"]);
        c.expected.push_back(std::move(out));
    }
    return c;
}

std::vector<std::string> sorted_names(const fs::path& folder, bool of_folders) {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (of_folders && entry.is_directory()) names.push_back(entry.path().filename().string());
        if (!of_folders && entry.path().extension() == ".jsonl") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

bool manifest_case::has_tag(std::string_view prefix) const {
    return std::any_of(asked.tags.begin(), asked.tags.end(),
                       [&](const std::string& tag) { return tag.starts_with(prefix); });
}

std::vector<group_name> list_groups(const fs::path& root, std::string_view library, std::string_view group) {
    if (!fs::is_directory(root)) throw format_error(text("oracles: --root ", root.string(), " is no folder"));
    std::vector<group_name> found;
    for (const std::string& lib : sorted_names(root, true))
        for (const std::string& name : sorted_names(root / lib, false)) {
            const group_name candidate{lib, name};
            const bool wanted =
                (library.empty() || library == lib) && (group.empty() || group == name || group == candidate.key());
            if (wanted) found.push_back(candidate);
        }
    if (found.empty())
        throw format_error(
            text("oracles: ", root.string(), " has no group for --lib '", library, "' --group '", group, "'"));
    return found;
}

std::vector<manifest_case> load_group(const fs::path& root, const group_name& which) {
    const fs::path base = root / which.library / which.group;
    const std::string file = base.string() + ".jsonl";
    std::ifstream in(file);
    if (!in) throw format_error(text("oracles: cannot read ", file));
    const std::vector<std::byte> blob = read_blob(base.string() + ".bin");
    std::vector<manifest_case> cases;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        try {
            cases.push_back(read_case(json::parse(line), blob));
        } catch (const json::exception& e) {
            throw format_error(text("oracles: ", file, ":", number, ": ", e.what()));
        } catch (const format_error& e) { throw format_error(text("oracles: ", file, ":", number, ": ", e.what())); }
        cases.back().asked.group = which.key();
        cases.back().asked.root = root;
    }
    return cases;
}

}  // namespace tessera::oracles
