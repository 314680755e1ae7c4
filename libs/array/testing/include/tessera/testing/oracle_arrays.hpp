// Oracle cases in terms of arrays: inputs on the device of the run, answers back in host memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/testing/op_case.hpp"
#include "tessera/testing/oracle.hpp"

namespace tessera::testing {

// The input on the case's device.
array input(const oracle_case& c, std::string_view name);
// The inputs x0, x1, ... in order.
std::vector<array> numbered_inputs(const oracle_case& c, std::string_view prefix = "x");

// A host tensor as an array on a device, and back.
array upload(const host_tensor& t, device where);
host_tensor download(const array& x, std::string_view name);

// The output y. Throws device_error when it lies on another device than the case asked for: a case that a back end
// answers by way of the host does not count for it.
oracle_answer answer(const oracle_case& c, const array& y);

struct named_array {
    std::string name;
    array value;
};
oracle_answer answer(const oracle_case& c, const std::vector<named_array>& outputs);

// An attribute that is a list of axes or one axis; nullopt when it is absent or null.
std::optional<axes> axes_attr(const oracle_case& c, std::string_view name);
// An attribute that is a dtype's name. Throws format_error when it is absent.
dtype dtype_attr(const oracle_case& c, std::string_view name);
dims dims_attr(const oracle_case& c, std::string_view name);

// Answers the oracle names of the table's cases, in the groups array/*, by the cases' own calls: for ops without
// attributes, whose operands are the inputs in order. Names that are answered already stay as they are.
void add_cases(oracle_registry& registry, const case_table& table);

}  // namespace tessera::testing
