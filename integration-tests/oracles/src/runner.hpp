// Asking every case and judging the answers.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "manifest.hpp"

namespace tessera::oracles {

enum class precision { as_given, f32, f64 };

struct run_options {
    std::filesystem::path root{};
    std::string library{};  // empty: all
    std::string group{};    // "unary" or "array/unary"; empty: all
    tessera::device device = cpu;
    // f32: nn, autograd, optim and solvers get their inputs cast to f32; elsewhere the cases run whose floats are all
    // f32 or c64. f64: elsewhere the cases run whose floats are all f64 or c128.
    precision floats = precision::as_given;
};

enum class outcome { passed, failed, unsupported };

struct case_result {
    tessera::oracles::outcome outcome = outcome::passed;
    std::string reason;  // of failed and unsupported
    oracle_answer answer;
    std::optional<std::string> error;  // the text of what the call threw
};

// Asks one case. Throws nothing that the call throws: a failing call is a result.
case_result run_case(const manifest_case& c, const testing::oracle_registry& registry, const run_options& options);

struct counts {
    int passed = 0;
    int failed = 0;
    int unsupported = 0;
    int optional = 0;  // cases tagged optional:, whatever came of them

    void add(const manifest_case& c, tessera::oracles::outcome o);
    counts& operator+=(const counts& other);
};

// Whether the case takes part under options.floats.
bool takes_part(const manifest_case& c, const run_options& options);

using case_visitor = std::function<void(const manifest_case&, const case_result&)>;

// Runs all cases of one group that take part. Throws format_error for a malformed group.
counts run_group(const group_name& which, const testing::oracle_registry& registry, const run_options& options,
                 const case_visitor& visit);

}  // namespace tessera::oracles
