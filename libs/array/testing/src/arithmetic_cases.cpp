#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/dtype/promotion.hpp"

namespace tessera::testing {

void register_arithmetic_cases(case_table& table) {
    using enum smoothness;
    const interval away_from_zero{.low = -4, .high = 4, .gap = 0.5};
    table.add(binary_case(
        {.op = "array.add", .call = add, .code = scalar_code::add, .derivative = complex, .oracles = {"add"}}));
    table.add(binary_case({.op = "array.subtract",
                           .call = subtract,
                           .code = scalar_code::subtract,
                           .derivative = complex,
                           .oracles = {"sub"}}));
    table.add(binary_case({.op = "array.multiply",
                           .call = multiply,
                           .code = scalar_code::multiply,
                           .derivative = complex,
                           .oracles = {"mul"}}));
    table.add(binary_case({.op = "array.divide",
                           .call = divide,
                           .code = scalar_code::divide,
                           .computes_in = mean_dtype,
                           .domains = {interval{}, away_from_zero},
                           .derivative = complex,
                           .oracles = {"div"}}));
    table.add(binary_case({.op = "array.maximum",
                           .call = maximum,
                           .code = scalar_code::maximum,
                           .derivative = real,
                           .oracles = {"maximum"}}));
    table.add(binary_case({.op = "array.minimum",
                           .call = minimum,
                           .code = scalar_code::minimum,
                           .derivative = real,
                           .oracles = {"minimum"}}));
}

}  // namespace tessera::testing
