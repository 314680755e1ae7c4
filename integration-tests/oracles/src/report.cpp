#include "report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <utility>

namespace tessera::oracles {
namespace {

constexpr std::size_t shown_failures = 20;

nlohmann::ordered_json numbers_json(const counts& c) {
    return {{"passed", c.passed}, {"failed", c.failed}, {"unsupported", c.unsupported}, {"optional", c.optional}};
}

void print_line(std::ostream& out, std::size_t width, const std::string& key, const counts& c) {
    out << std::left << std::setw(static_cast<int>(width)) << key << std::right << std::setw(8) << c.passed << " /"
        << std::setw(6) << c.failed << " /" << std::setw(8) << c.unsupported;
    if (c.optional > 0) out << "   optional: " << c.optional;
    out << '\n';
}

}  // namespace

void report::add_case(const manifest_case& c, const case_result& result) {
    if (c.is_optional()) return;
    if (result.outcome == outcome::unsupported) ++unsupported_[c.asked.group][c.asked.op];
    if (result.outcome == outcome::failed && failures_.size() < shown_failures)
        failures_.push_back({c.asked.id, result.reason});
}

void report::add_group(const group_name& which, const counts& numbers) {
    groups_.push_back({which.key(), numbers});
    total_ += numbers;
}

void report::print(std::ostream& out) const {
    std::size_t width = 5;
    for (const group_counts& g : groups_) width = std::max(width, g.key.size());
    out << std::left << std::setw(static_cast<int>(width)) << "group"
        << "  passed / failed / unsupported\n";
    for (const group_counts& g : groups_) print_line(out, width, g.key, g.numbers);
    print_line(out, width, "total", total_);
    print_unsupported(out);
    if (!failures_.empty()) out << "\nfailed:\n";
    for (const failure& f : failures_) out << "  " << f.id << ": " << f.reason << '\n';
    const auto hidden = total_.failed - static_cast<int>(failures_.size());
    if (hidden > 0) out << "  and " << hidden << " more\n";
}

// Groups that nobody answers at all say so in the table.
void report::print_unsupported(std::ostream& out) const {
    const char* heading = "\nunsupported in groups that are answered:\n";
    for (const group_counts& g : groups_) {
        const auto ops = unsupported_.find(g.key);
        if (ops == unsupported_.end() || g.numbers.passed + g.numbers.failed == 0) continue;
        out << std::exchange(heading, "") << "  " << g.key << ":";
        for (const auto& [op, count] : ops->second) out << ' ' << op << " (" << count << ')';
        out << '\n';
    }
}

nlohmann::ordered_json report::to_json() const {
    nlohmann::ordered_json groups = nlohmann::ordered_json::object();
    for (const group_counts& g : groups_) groups[g.key] = numbers_json(g.numbers);
    return {{"groups", groups}, {"total", numbers_json(total_)}};
}

}  // namespace tessera::oracles
