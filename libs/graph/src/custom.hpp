// graph.custom: a function with derivatives of its own, inside a program. Programs run what it is made of; derivatives
// of a program call its rules.
#pragma once

#include "capture.hpp"

namespace tessera::graph {

// The op whose rules these are, with its attributes.
struct ruled_op {
    const op* operation;
    kept_attributes attrs;
};

// Inputs: the arguments of the function, then what its body uses besides.
struct custom_attributes {
    program_reference<function> body;
    program_reference<ruled_op> rules;
    std::uint32_t arguments = 0;
    auto fields() const { return std::tie(body, rules, arguments); }
};

// Does the op hold a function, whose derivative rules its body does not know?
bool holds_function(const op& o);

// What a capture keeps of such an op that is called with `in`: attributes, and the inputs, closed-over ones behind
// `in`.
custom_attributes keep_function(const op& o, std::span<const array> in, attributes attrs, std::size_t outputs,
                                std::vector<array>& inputs);

}  // namespace tessera::graph
