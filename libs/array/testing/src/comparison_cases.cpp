#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/elementwise.hpp"

namespace tessera::testing {
namespace {

constexpr interval shift_counts{.low = 0, .high = 9};

struct discrete_binary {
    std::string_view op;
    array (*call)(const array&, const array&);
    scalar_code code;
    std::string_view oracle;
    interval second = {};
};
constexpr discrete_binary binaries[] = {
    {"array.equal", equal, scalar_code::equal, "eq"},
    {"array.not_equal", not_equal, scalar_code::not_equal, "ne"},
    {"array.less", less, scalar_code::less, "lt"},
    {"array.less_equal", less_equal, scalar_code::less_equal, "le"},
    {"array.greater", greater, scalar_code::greater, "gt"},
    {"array.greater_equal", greater_equal, scalar_code::greater_equal, "ge"},
    {"array.logical_and", logical_and, scalar_code::logical_and, "logical_and"},
    {"array.logical_or", logical_or, scalar_code::logical_or, "logical_or"},
    {"array.logical_xor", logical_xor, scalar_code::logical_xor, "logical_xor"},
    {"array.bitwise_and", bitwise_and, scalar_code::bitwise_and, "bitwise_and"},
    {"array.bitwise_or", bitwise_or, scalar_code::bitwise_or, "bitwise_or"},
    {"array.bitwise_xor", bitwise_xor, scalar_code::bitwise_xor, "bitwise_xor"},
    {"array.left_shift", left_shift, scalar_code::left_shift, "left_shift", shift_counts},
    {"array.right_shift", right_shift, scalar_code::right_shift, "right_shift", shift_counts},
};

struct discrete_unary {
    std::string_view op;
    array (*call)(const array&);
    scalar_code code;
    std::string_view oracle;
};
constexpr discrete_unary unaries[] = {
    {"array.isnan", isnan, scalar_code::isnan, "isnan"},
    {"array.isinf", isinf, scalar_code::isinf, "isinf"},
    {"array.isfinite", isfinite, scalar_code::isfinite, "isfinite"},
    {"array.logical_not", logical_not, scalar_code::logical_not, "logical_not"},
    {"array.bitwise_not", bitwise_not, scalar_code::bitwise_not, "bitwise_not"},
};

// Bits exist of integers alone, so that their ops have no derivatives to be zero.
smoothness smoothness_of(scalar_code code) { return takes(code, f64) ? smoothness::constant : smoothness::none; }

}  // namespace

void register_comparison_cases(case_table& table) {
    for (const discrete_binary& b : binaries)
        table.add(binary_case({.op = b.op,
                               .call = b.call,
                               .code = b.code,
                               .domains = {interval{}, b.second},
                               .derivative = smoothness_of(b.code),
                               .oracles = {b.oracle}}));
    for (const discrete_unary& u : unaries)
        table.add(unary_case(
            {.op = u.op, .call = u.call, .code = u.code, .derivative = smoothness_of(u.code), .oracles = {u.oracle}}));
}

}  // namespace tessera::testing
