// What a run tells: a line per group, the first failures, and the same numbers as JSON.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "runner.hpp"

namespace tessera::oracles {

class report {
public:
    void add_case(const manifest_case& c, const case_result& result);
    void add_group(const group_name& which, const counts& numbers);

    const counts& total() const { return total_; }

    // The table, the ops that partly answered groups lack, and the first failures with got and expected.
    void print(std::ostream& out) const;
    // {"groups": {"array/unary": {"passed": n, "failed": n, "unsupported": n, "optional": n}}, "total": {...}}
    nlohmann::ordered_json to_json() const;

private:
    void print_unsupported(std::ostream& out) const;

    struct failure {
        std::string id;
        std::string reason;
    };
    struct group_counts {
        std::string key;
        counts numbers;
    };

    std::vector<group_counts> groups_;
    std::map<std::string, std::map<std::string, int>> unsupported_;  // by group, by op
    std::vector<failure> failures_;
    counts total_;
};

}  // namespace tessera::oracles
