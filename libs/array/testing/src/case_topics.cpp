#include "case_topics.hpp"

namespace tessera::testing {

void register_array_cases(case_table& table) {
    register_arithmetic_cases(table);
    register_function_cases(table);
    register_comparison_cases(table);
    register_selection_cases(table);
    register_creation_cases(table);
    register_view_cases(table);
    register_slicing_cases(table);
    register_manipulation_cases(table);
    register_reduction_cases(table);
    register_cumulative_cases(table);
    register_indexing_cases(table);
    register_sorting_cases(table);
    register_triangle_cases(table);
    register_statistics_cases(table);
    register_random_cases(table);
}

}  // namespace tessera::testing
