// References of ops that only move elements.
#pragma once

#include "elementwise_forms.hpp"

namespace tessera::testing {

// Shape of the result and, for every position in it, the position in the operand.
using shape_map = std::function<sizes(const sizes&)>;
using position_map = std::function<sizes(const sizes& operand_shape, const sizes& position)>;
reference_function moving(shape_map shape, position_map source);

struct moving_form {
    std::string_view op;
    std::string_view variant;
    array (*call)(const array&);
    shape_map shape;
    position_map source;
    std::vector<std::vector<sizes>> shapes;
    std::vector<rejection> rejects = {};
    std::vector<std::string_view> oracles = {};
};
// Of every dtype, to the bit, differentiable in all of them.
op_case moving_case(moving_form form);

}  // namespace tessera::testing
