// All functions of one instruction set, and how the topic files fill them in.
#pragma once

#include <cstdint>

#include "tessera/simd/loops.hpp"
#include "tessera/simd/loops_reduce.hpp"
#include "tessera/simd/random.hpp"

namespace tessera::simd {

struct target_tables {
    loop loops[scalar_code_count][dtype_count];
    loop casts[dtype_count][dtype_count];
    reduce_row rows[reduce_code_count][dtype_count];
    reduce_spans spans[reduce_code_count][dtype_count];
    reduce_columns columns[reduce_code_count][dtype_count];
    arg_row argmax[dtype_count], argmin[dtype_count];
    random_loop random[random_code_count][dtype_count];
};

// Each topic file specialises its function for every Highway target it is compiled for. `tables` outlives the program's
// use of the loops, so that loops made of other loops (narrow floats) may keep a pointer to it.
template <std::int64_t Target> void fill_arithmetic(target_tables& tables);
template <std::int64_t Target> void fill_complex_arithmetic(target_tables& tables);
template <std::int64_t Target> void fill_comparisons(target_tables& tables);
template <std::int64_t Target> void fill_functions(target_tables& tables);
template <std::int64_t Target> void fill_special_functions(target_tables& tables);
void fill_library_functions(target_tables& tables);
template <std::int64_t Target> void fill_complex_functions(target_tables& tables);
template <std::int64_t Target> void fill_narrow(target_tables& tables);
template <std::int64_t Target> void fill_casts(target_tables& tables);
template <std::int64_t Target> void fill_float_reductions(target_tables& tables);
template <std::int64_t Target> void fill_integer_reductions(target_tables& tables);
template <std::int64_t Target> void fill_arg(target_tables& tables);
template <std::int64_t Target> void fill_random(target_tables& tables);

// The active target's tables; cheap, thread-safe.
const target_tables& active_tables();

}  // namespace tessera::simd
