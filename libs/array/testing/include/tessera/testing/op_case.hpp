// The test table: one declarative case per op (or per kind of attributes), from which the harness (harness.hpp) derives
// its checks and tessera-optable the docs. A library lists its cases in one ordinary function:
//
//     void register_array_cases(case_table& table) {
//         table.add({.op = "array.add", .call = [](auto in) { return add(in[0], in[1]); }, .reference = ..., ...});
//     }
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tessera/interop/error.hpp"
#include "tessera/testing/host_tensors.hpp"
#include "tessera/testing/samples.hpp"

namespace tessera::testing {

// The result from operands in host memory, by the plainest means there are.
using reference_function = std::function<expectation(std::span<const host_tensor>)>;

// A call that must throw: operands of these shapes (dtypes are those of the case's first tuple), or anything at all.
struct rejection {
    std::string_view rule;            // in the test's messages: "sizes that differ"
    std::function<void()> call = {};  // empty: the case's own call
    std::vector<sizes> shapes = {};
    bool (*is_expected)(const error&);  // throws<shape_error>
    std::vector<std::string> mentions;  // parts of the text besides the op's name: the actual values
};
template <class Error> bool throws(const error& e) { return dynamic_cast<const Error*>(&e) != nullptr; }

// Where the derivative rules hold. Rules are tested in f64 and, where `complex`, in c128.
enum class smoothness : std::uint8_t {
    none,      // not differentiable, or no operand is inexact
    constant,  // rules exist and give zero
    real,
    complex,
};

struct op_case {
    std::string_view op;            // its name, "array.sum"
    std::string_view variant = {};  // tells cases of one op apart: "last_axis"
    std::function<array(std::span<const array>)> call;
    std::string_view function = {};  // error texts may name it instead of the op
    reference_function reference;
    std::vector<std::vector<sizes>> shapes;  // the operands' shapes of every call; the first is an ordinary one
    std::vector<std::vector<dtype>> dtypes;  // the operands' dtypes: all that are taken; others must be refused
    accuracy promises = accuracy::exact;
    std::vector<interval> domains = {};   // of the operands; missing ones are interval{}
    special specials = special::numbers;  // for real dtypes; complex ones only where promises is exact
    std::vector<sizes> large = {};        // operand shapes that threads share; empty: the op never forks
    bool layout_shows = false;            // other strides may give other bits, within the tolerance
    bool may_repeat = true;  // false: operands whose elements repeat are no valid input (singular matrices)
    std::vector<rejection> rejects = {};
    smoothness derivative = smoothness::none;
    std::vector<std::size_t> discrete = {};      // operands without derivatives: indices, conditions
    std::vector<std::string_view> oracles = {};  // names of the op in the oracle sets

    std::size_t operands() const { return dtypes.front().size(); }
    interval domain(std::size_t operand) const { return operand < domains.size() ? domains[operand] : interval{}; }
    bool is_discrete(std::size_t operand) const;
    std::string test_name() const;  // "array_sum_last_axis"
};

class case_table {
public:
    // Throws value_error when op and variant are there already or the case is incomplete.
    void add(op_case c);
    const std::vector<op_case>& cases() const { return cases_; }

private:
    std::vector<op_case> cases_;
};
using case_registrar = void (*)(case_table&);

// Every case of the array library.
void register_array_cases(case_table& table);

}  // namespace tessera::testing
