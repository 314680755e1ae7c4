// The instruction sets the loops were compiled for, and which one is in use.
#pragma once

#include <string_view>
#include <vector>

#include "tessera/simd/export.hpp"

namespace tessera::simd {

// "AVX3", "AVX2", "SSE4", ... (Highway's names). Unless forced, the best this CPU runs, or the one that the environment
// variable TESSERA_SIMD_TARGET names; a name that is unknown or that this CPU does not run throws value_error at first
// use.
TESSERA_SIMD_API std::string_view active_target();

// The targets compiled in that this CPU can run, best first.
TESSERA_SIMD_API std::vector<std::string_view> compiled_targets();

// Makes every later find_* return that target's functions, in all threads; "" returns to the best. For tests and
// measurements. Throws value_error with the list when the target is not among compiled_targets().
TESSERA_SIMD_API void force_target(std::string_view target);

}  // namespace tessera::simd
