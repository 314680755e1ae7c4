// When an answer is close enough: the comparison kinds of the oracle format.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "tessera/testing/oracle.hpp"

namespace tessera::oracles {

enum class comparison_kind { exact, ulp, close, norm, set, bytes, code, frac, ge, property };

struct tolerances {
    double rtol = 0;
    double atol = 0;
};

struct comparison {
    comparison_kind kind = comparison_kind::exact;
    double limit = 0;  // ulp: n; norm: tol; bytes, code: largest share of misses; frac: smallest share of hits;
                       // ge: slack; property: thr or tol
    tolerances close;  // close; set uses atol, frac uses rtol
    std::optional<tolerances> close_f32;  // close: the tolerances of a float32 run
    std::string property;                 // property: its name
};

// Throws format_error for an unknown kind or a missing parameter.
comparison parse_comparison(const nlohmann::json& cmp);

// What a run changes about a comparison.
struct run_rules {
    bool inputs_cast_to_f32 = false;  // then close uses its float32 tolerances
    bool gpu = false;                 // then the format's wider bounds hold
};

// The comparison under the rules of the run, given the case's op and tags and the output's dtype.
comparison adapt(comparison c, const testing::oracle_case& asked, dtype output, run_rules rules);

// Empty when got agrees with expected; else what differs, with both values of the first difference. Both have the
// same dtype and shape. A zero counts as right for a subnormal f32 answer when subnormals_may_flush.
std::string difference(const testing::host_tensor& got, const testing::host_tensor& expected, const comparison& c,
                       bool subnormals_may_flush = false);

}  // namespace tessera::oracles
