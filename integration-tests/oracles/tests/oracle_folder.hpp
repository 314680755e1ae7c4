// A tiny oracle set in a temporary folder, written by hand in the tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tessera/interop/text.hpp"

namespace tessera::oracles {

class oracle_folder {
public:
    oracle_folder() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ =
            std::filesystem::path(::testing::TempDir()) / text("oracles-", test->test_suite_name(), "-", test->name());
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~oracle_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    oracle_folder(const oracle_folder&) = delete;
    oracle_folder& operator=(const oracle_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    void write_group(const std::string& library, const std::string& group, std::string_view lines,
                     std::string_view blob) const {
        std::filesystem::create_directories(path_ / library);
        std::ofstream(path_ / library / (group + ".jsonl")) << lines;
        std::ofstream(path_ / library / (group + ".bin"), std::ios::binary) << blob;
    }

private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace tessera::oracles
