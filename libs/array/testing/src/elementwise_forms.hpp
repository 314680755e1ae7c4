// The forms that cases of element-wise ops share.
#pragma once

#include "tessera/testing/references.hpp"

namespace tessera::testing {

// What f computes integers in, as elementwise.hpp says: 8 bits in f16, 16 in f32, others in f64.
constexpr dtype function_dtype(dtype d) {
    if (is_inexact(d)) return d;
    return item_size(d) == 1 ? f16 : item_size(d) == 2 ? f32 : f64;
}

struct unary_form {
    std::string_view op;
    array (*call)(const array&);
    scalar_code code;
    dtype (*computes_in)(dtype) = nullptr;  // null: the operand's dtype
    accuracy promises = accuracy::exact;
    interval domain = {};
    smoothness derivative = smoothness::none;
    std::vector<std::string_view> oracles = {};
};
op_case unary_case(unary_form form);

struct binary_form {
    std::string_view op;
    array (*call)(const array&, const array&);
    scalar_code code;
    dtype (*computes_in)(dtype) = nullptr;  // of the promoted dtype
    accuracy promises = accuracy::exact;
    std::vector<interval> domains = {};
    smoothness derivative = smoothness::none;
    std::vector<std::string_view> oracles = {};
};
op_case binary_case(binary_form form);

// Shapes that meet every kind of loop: rank 0, empty, one element, tails, broadcasts.
std::vector<std::vector<sizes>> unary_shapes();
std::vector<std::vector<sizes>> binary_shapes();
inline const sizes shape_for_threads{640, 625};

// Every dtype, one operand.
std::vector<std::vector<dtype>> each_dtype();

}  // namespace tessera::testing
