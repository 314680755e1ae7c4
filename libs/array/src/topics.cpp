#include "topics.hpp"

namespace tessera {

void register_array(registry& r) {
    register_scalar_programs(r);
    register_arithmetic(r);
    register_functions(r);
    register_special(r);
    register_trigonometry(r);
    register_powers(r);
    register_rounding(r);
    register_comparisons(r);
    register_selection(r);
    register_creation(r);
    register_views(r);
    register_reshaping(r);
    register_slicing(r);
    register_manipulation(r);
    register_taking(r);
    register_random(r);
    register_reductions(r);
    register_extremes(r);
    register_cumulative(r);
    register_indexing(r);
    register_nonzero(r);
    register_sorting(r);
    register_triangles(r);
}

}  // namespace tessera
