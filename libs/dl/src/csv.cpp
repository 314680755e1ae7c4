#include "tessera/dl/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "tessera/array/host_memory.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

struct place {
    std::string_view source;
    std::size_t line;
};

// Takes a field in quotes, in which "" stands for one quote, off the front of the rest of a line; leaves what follows
// the closing quote.
std::string take_quoted(std::string_view& rest, const place& at, std::size_t column) {
    std::string field;
    for (std::size_t i = 1;; ++i) {
        const auto quote = rest.find('"', i);
        if (quote == std::string_view::npos)
            throw format_error(text("read_csv: ", at.source, " line ", at.line, ", field ", column + 1,
                                    ": a quote is not closed on its line"));
        field += rest.substr(i, quote - i);
        if (quote + 1 == rest.size() || rest[quote + 1] != '"') {
            rest.remove_prefix(quote + 1);
            return field;
        }
        field += '"';
        i = quote + 1;
    }
}

std::vector<std::string> fields_of(std::string_view line, const place& at) {
    std::vector<std::string> fields;
    for (std::string_view rest = line;;) {
        const auto first = std::min(rest.find_first_not_of(blanks), rest.size());
        if (first < rest.size() && rest[first] == '"') {
            rest.remove_prefix(first);
            fields.push_back(take_quoted(rest, at, fields.size()));
            const auto comma = rest.find(',');
            if (const auto behind = trimmed(rest.substr(0, comma)); !behind.empty())
                throw format_error(text("read_csv: ", at.source, " line ", at.line, ", field ", fields.size(), ": '",
                                        behind, "' follows the closing quote"));
            rest.remove_prefix(std::min(comma, rest.size()));
        } else {
            const auto comma = std::min(rest.find(','), rest.size());
            fields.emplace_back(trimmed(rest.substr(0, comma)));
            rest.remove_prefix(comma);
        }
        if (rest.empty()) return fields;
        rest.remove_prefix(1);
    }
}

double number_of(std::string_view field, std::string_view source, std::size_t line, std::string_view column) {
    double value = 0;
    const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (problem != std::errc{} || end != field.data() + field.size() || !std::isfinite(value))
        throw format_error(text("read_csv: ", source, " line ", line, ", column '", column, "': '", field,
                                "' is not a finite number"));
    return value;
}

}  // namespace

int table::column(std::string_view name) const {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<int>(i);
    throw index_error(text("table: no column '", name, "' among ", names.size()));
}

table read_csv(std::istream& from, std::string_view source) {
    table result;
    std::vector<double> values;
    std::string line;
    std::size_t number = 0;
    std::int64_t rows = 0;
    while (std::getline(from, line)) {
        ++number;
        if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // a UTF-8 byte order mark
        if (trimmed(line).empty()) continue;
        std::vector<std::string> fields = fields_of(line, {source, number});
        if (result.names.empty()) {
            result.names = std::move(fields);
            continue;
        }
        if (fields.size() != result.names.size())
            throw format_error(text("read_csv: ", source, " line ", number, " has ", fields.size(),
                                    " fields but the header names ", result.names.size()));
        for (std::size_t i = 0; i < fields.size(); ++i)
            values.push_back(number_of(fields[i], source, number, result.names[i]));
        ++rows;
    }
    if (from.bad()) throw format_error(text("read_csv: ", source, " could not be read"));
    if (result.names.empty())
        throw format_error(text("read_csv: ", source, " is empty; the first line must name the columns"));
    if (rows == 0) throw format_error(text("read_csv: ", source, " has a header but no rows"));
    result.values = from_span(std::span<const double>(values), {rows, static_cast<std::int64_t>(result.names.size())});
    return result;
}

table read_csv_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw format_error(text("read_csv: cannot open ", path));
    return read_csv(file, path);
}

}  // namespace tessera::dl
