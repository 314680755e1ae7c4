// Every topic of the array library, each registered by the file that owns it.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera {

// The registrar of all array ops: lists the topics.
void register_array(registry&);

void register_scalar_programs(registry&);
void register_arithmetic(registry&);
void register_functions(registry&);
void register_special(registry&);
void register_trigonometry(registry&);
void register_powers(registry&);
void register_rounding(registry&);
void register_comparisons(registry&);
void register_selection(registry&);
void register_creation(registry&);
void register_views(registry&);
void register_reshaping(registry&);
void register_slicing(registry&);
void register_manipulation(registry&);
void register_taking(registry&);
void register_random(registry&);
void register_reductions(registry&);
void register_extremes(registry&);
void register_cumulative(registry&);
void register_indexing(registry&);
void register_nonzero(registry&);
void register_sorting(registry&);
void register_triangles(registry&);

}  // namespace tessera
