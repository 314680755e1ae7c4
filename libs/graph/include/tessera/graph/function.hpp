// A captured program: ops over numbered values, each assigned once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tessera/array/op.hpp"
#include "tessera/graph/export.hpp"

namespace tessera::graph {

class symbol_table;

using value_id = std::uint32_t;

struct value {
    tessera::spec spec;  // sizes may be symbols
    std::uint8_t weak;   // a weak_kind, or detail::not_weak
};

// One op, or the reading of a size: then `operation` is null and `binds` is the symbol that inputs[0] gives a number.
struct node {
    const op* operation = nullptr;
    kept_attributes attrs;
    std::vector<value_id> inputs, outputs;
    extent binds = 0;
};

struct constant {
    value_id id;
    array data;
};

struct function {
    std::vector<value> values;
    std::vector<node> nodes;  // in an order in which they can run
    std::vector<value_id> parameters, results;
    std::vector<constant> constants;
    std::shared_ptr<symbol_table> sizes;

    value_id add_value(const tessera::spec& s, std::uint8_t weak) {
        values.push_back({s, weak});
        return static_cast<value_id>(values.size() - 1);
    }
};

// "f(%0: f32 (s0, 784), ...) {\n  %3 = linalg.matmul(%0, %1) -> f32 (s0, 10)\n  return %3\n}"
TESSERA_GRAPH_API std::string to_string(const function& f);

// Runs the program op by op through apply, so that whatever traces the arguments sees every op. Throws value_error when
// the number of arguments is another than that of the parameters.
TESSERA_GRAPH_API std::vector<array> replay(const function& f, std::span<const array> arguments);

// A shared program as an attribute of an op.
template <class Program> struct program_reference {
    std::shared_ptr<const Program> program;
    const Program* operator->() const { return program.get(); }
    const Program& operator*() const { return *program; }
    std::size_t hash() const { return std::hash<const void*>{}(program.get()); }
    friend bool operator==(const program_reference&, const program_reference&) = default;
    friend void append_text(std::string& out, const program_reference&) { out += "program"; }
};

}  // namespace tessera::graph
