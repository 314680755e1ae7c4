// Which op runs where in which dtype, read from the registry with the operands of the test table.
#pragma once

#include <string>
#include <vector>

#include "tessera/array/backend.hpp"
#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

// Which kernel a device has for an op in one dtype.
struct kernel_choice {
    bool runs = false;
    std::string how;  // the kernel's label; or why none takes it
};

struct op_coverage {
    const tessera::op* op;
    std::vector<dtype> dtypes;                        // of the first operand that is not discrete
    std::vector<std::vector<kernel_choice>> choices;  // [device][dtype]
};

// The devices in order of their kinds; the CPU first.
std::vector<device> devices_in_table();

// One entry for every op that a case calls, sorted by name.
std::vector<op_coverage> coverage_of(const case_table& table, const std::vector<device>& devices);

// Registered ops that no case calls, less those that are only other ops' machinery.
std::vector<std::string_view> ops_without_cases(const case_table& table);

}  // namespace tessera::testing
