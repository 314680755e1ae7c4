// The texts made of the op table.
#pragma once

#include <string>

#include "coverage.hpp"

namespace tessera::testing {

// docs/ops.md: a row for every op.
std::string ops_document(const case_table& table);

// A row for every op and device, a column for every dtype: the kernel's label, or "-". Reasons follow the table.
std::string parity_table(const case_table& table);

}  // namespace tessera::testing
