// How far a result may lie from the exact one: one table for every test.
#pragma once

#include <cstdint>

#include "tessera/interop/dtype.hpp"

namespace tessera::testing {

// What an op promises about its floating results. Integers and booleans are exact always.
enum class accuracy : std::uint8_t {
    exact,         // these bits, NaN payloads excepted
    function,      // a bound in ulp of the result: exp, sin, ...
    accumulation,  // a bound in ulp of the sum of the magnitudes of the terms: sum, matmul, ...
};

// In ulp of that dtype; 0 means the same bits. For complex dtypes it is in ulp of the modulus, for each part.
double tolerance(accuracy promised, dtype t);

// The relative spacing of the numbers of a floating or complex dtype, and the spacing of its smallest ones.
double epsilon(dtype t);
double least_spacing(dtype t);

}  // namespace tessera::testing
