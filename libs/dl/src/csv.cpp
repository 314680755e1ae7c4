#include "tessera/dl/csv.hpp"

#include <charconv>
#include <cmath>
#include <fstream>

#include "tessera/array/host_memory.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

namespace {

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r\"");
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(" \t\r\"") - first + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (;;) {
        const auto comma = line.find(',');
        fields.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos) return fields;
        line.remove_prefix(comma + 1);
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
        if (trimmed(line).empty()) continue;
        const std::vector<std::string_view> fields = fields_of(line);
        if (result.names.empty()) {
            result.names.assign(fields.begin(), fields.end());
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
