// The oracle bindings of the array library, each topic registered by the file that owns it.
#pragma once

#include "tessera/testing/oracle.hpp"

namespace tessera::testing {

// Lists the topics.
void register_array_oracles(oracle_registry& registry);

void register_creation_oracles(oracle_registry& registry);
void register_manipulation_oracles(oracle_registry& registry);
void register_random_oracles(oracle_registry& registry);
void register_reduction_oracles(oracle_registry& registry);
void register_cumulative_oracles(oracle_registry&);
void register_indexing_oracles(oracle_registry&);
void register_sorting_oracles(oracle_registry&);
void register_triangle_oracles(oracle_registry&);
void register_statistics_oracles(oracle_registry&);
void register_set_oracles(oracle_registry&);
void register_selection_oracles(oracle_registry& registry);
void register_view_oracles(oracle_registry& registry);

}  // namespace tessera::testing
