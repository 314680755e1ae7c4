#include "oracle_topics.hpp"

namespace tessera::testing {

void register_array_oracles(oracle_registry& registry) {
    register_creation_oracles(registry);
    register_manipulation_oracles(registry);
    register_random_oracles(registry);
    register_reduction_oracles(registry);
    register_cumulative_oracles(registry);
    register_indexing_oracles(registry);
    register_sorting_oracles(registry);
    register_triangle_oracles(registry);
    register_statistics_oracles(registry);
    register_set_oracles(registry);
    register_selection_oracles(registry);
    register_view_oracles(registry);
}

}  // namespace tessera::testing
