// Answers that are judged by what they satisfy instead of by their values.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "manifest.hpp"

namespace tessera::oracles {

struct property_question {
    const oracle_case& asked;
    std::span<const expected_tensor> expected;
    const oracle_answer& answer;
    std::function<oracle_answer(const oracle_case&)> ask;  // the same op again, for "same seed, same result"
};

// Empty when the property holds; else what breaks it.
using property = std::string (*)(const property_question&);

// The checker of an op's property; null when there is none.
property find_property(std::string_view group, std::string_view op);

// The answer's tensor of that name. Throws format_error when the answer has none.
const host_tensor& answered(const oracle_answer& answer, std::string_view name);

// array/random
std::string check_distribution(const property_question& q);
std::string check_permutation(const property_question& q);
std::string check_integers(const property_question& q);
std::string check_reproducible(const property_question& q);

// linalg/dense
std::string check_solution(const property_question& q);

}  // namespace tessera::oracles
