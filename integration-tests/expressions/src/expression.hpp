// Expressions as the oracle sets write them (oracles/FORMAT.md): ["op", a, b, ...], numbers, names of variables.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tessera/array/array.hpp"

namespace tessera::testing {

using variables = std::map<std::string, array>;

// Throws no_kernel for an op that no library offers, format_error for what is no expression.
array evaluate(const nlohmann::json& expression, const variables& of);

}  // namespace tessera::testing
