// The cases of the array library, each topic registered by the file that owns it.
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

void register_arithmetic_cases(case_table& table);
void register_function_cases(case_table& table);
void register_comparison_cases(case_table& table);
void register_selection_cases(case_table& table);
void register_creation_cases(case_table& table);
void register_view_cases(case_table& table);
void register_slicing_cases(case_table& table);
void register_manipulation_cases(case_table& table);
void register_reduction_cases(case_table& table);
void register_cumulative_cases(case_table&);
void register_indexing_cases(case_table&);
void register_sorting_cases(case_table&);
void register_triangle_cases(case_table&);
void register_statistics_cases(case_table&);
void register_random_cases(case_table& table);

}  // namespace tessera::testing
