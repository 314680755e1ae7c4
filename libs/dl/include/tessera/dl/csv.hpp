// Tables of numbers from comma-separated text.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

struct table {
    std::vector<std::string> names;  // of the columns
    array values;                    // f64 (rows, columns)

    // The number of the column of that name. Throws index_error.
    TESSERA_DL_API int column(std::string_view name) const;
};

// Reads a header row of names and rows of as many numbers. Fields may stand in quotes ("" is one quote); blank lines, a
// byte order mark and carriage returns are skipped. Throws format_error, naming source, line and column, for a row of
// another length, a field that is no finite number, a quote that is not closed, a missing header or no rows.
TESSERA_DL_API table read_csv(std::istream& from, std::string_view source);

// The same from a file. Throws format_error when it cannot be opened or read.
TESSERA_DL_API table read_csv_file(const std::string& path);

}  // namespace tessera::dl
