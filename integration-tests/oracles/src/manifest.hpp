// Reading an oracle group: GROUP.jsonl, one case a line, and GROUP.bin, the bytes of its tensors.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "comparison.hpp"
#include "tessera/testing/oracle.hpp"

namespace tessera::oracles {

using testing::host_tensor;
using testing::oracle_answer;
using testing::oracle_case;

struct expected_tensor {
    host_tensor tensor;
    std::optional<comparison> compare;  // nullopt: only the shape (and dtype) is part of the answer
};

struct manifest_case {
    oracle_case asked;
    std::vector<expected_tensor> expected;
    bool must_fail = false;

    bool has_tag(std::string_view prefix) const;
    bool is_optional() const { return has_tag("optional:"); }
};

// Where a group lives; key() is "array/unary".
struct group_name {
    std::string library;
    std::string group;
    std::string key() const { return library + "/" + group; }
};

// The groups under root in alphabetical order. library and group narrow the choice, empty takes all; group is
// "unary" or "array/unary". Throws format_error when root is no folder or nothing is left.
std::vector<group_name> list_groups(const std::filesystem::path& root, std::string_view library,
                                    std::string_view group);

// Throws format_error with file and line for anything that does not follow the format: broken JSON, unknown dtypes
// or comparisons, sizes that disagree, tensors that reach out of the blob.
std::vector<manifest_case> load_group(const std::filesystem::path& root, const group_name& which);

}  // namespace tessera::oracles
