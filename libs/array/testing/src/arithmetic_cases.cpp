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
    table.add(binary_case(
        {.op = "array.fmax", .call = fmax, .code = scalar_code::fmax, .derivative = real, .oracles = {"fmax"}}));
    table.add(binary_case(
        {.op = "array.fmin", .call = fmin, .code = scalar_code::fmin, .derivative = real, .oracles = {"fmin"}}));
    table.add(binary_case({.op = "array.pow",
                           .call = pow,
                           .code = scalar_code::pow,
                           .promises = accuracy::function,
                           .domains = {{.low = 0.5, .high = 3}, {.low = -2, .high = 2}},
                           .derivative = complex,
                           .oracles = {"pow"}}));
    // Between its jumps: |a / b| stays below 1.
    const interval small{.low = 0.25, .high = 1}, large{.low = 1.5, .high = 4};
    table.add(binary_case({.op = "array.floor_divide",
                           .call = floor_divide,
                           .code = scalar_code::floor_divide,
                           .oracles = {"floor_divide"}}));
    table.add(binary_case({.op = "array.remainder",
                           .call = remainder,
                           .code = scalar_code::remainder,
                           .domains = {small, large},
                           .derivative = real,
                           .oracles = {"remainder"}}));
    table.add(binary_case({.op = "array.fmod",
                           .call = fmod,
                           .code = scalar_code::fmod,
                           .domains = {small, large},
                           .derivative = real,
                           .oracles = {"fmod"}}));
    table.add(binary_case({.op = "array.copysign",
                           .call = copysign,
                           .code = scalar_code::copysign,
                           .computes_in = function_dtype,
                           .domains = {away_from_zero, away_from_zero},
                           .derivative = real,
                           .oracles = {"copysign"}}));
    table.add(binary_case({.op = "array.nextafter",
                           .call = nextafter,
                           .code = scalar_code::nextafter,
                           .computes_in = function_dtype,
                           .oracles = {"nextafter"}}));
}

}  // namespace tessera::testing
