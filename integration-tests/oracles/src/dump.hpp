// Writing answers in the layout of the oracle set itself: GROUP.jsonl, one line a case, and GROUP.bin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "runner.hpp"

namespace tessera::oracles {

class group_dump {
public:
    // Creates folder/<lib>/<group>.jsonl and .bin. Throws format_error when it cannot.
    group_dump(const std::filesystem::path& folder, const group_name& which);

    // One line: id, op, out (n, dt, sh, off, nb), attrs for answers that are texts, err the text when the call threw,
    // unsupported the reason.
    void add(const manifest_case& c, const case_result& result);

    // Throws format_error when not everything could be written.
    void close();

private:
    std::filesystem::path lines_path_;
    std::ofstream lines_;
    std::ofstream blob_;
    std::uint64_t offset_ = 0;
};

}  // namespace tessera::oracles
