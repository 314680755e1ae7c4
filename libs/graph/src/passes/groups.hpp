// What may be fused, and what is fused together.
#pragma once

#include <vector>

#include "tessera/array/reductions.hpp"
#include "tessera/graph/function.hpp"

namespace tessera::graph::passes {

// An element-wise op without inputs gives one value everywhere.
inline bool is_uniform(const node& n) { return n.operation && n.operation->scalar && n.inputs.empty(); }
inline bool is_elementwise(const node& n) { return n.operation && n.operation->scalar && n.outputs.size() == 1; }
inline bool is_reduction(const node& n) {
    return n.operation && n.operation->reduces != reduction_kind::no_reduction && n.outputs.size() == 1 &&
           !attributes(n.attrs).as<reduction_attributes>().axes.empty();
}

struct group {
    std::vector<std::size_t> members;     // nodes, in order
    std::vector<std::size_t> reductions;  // nodes
    bool alive = true;
};

}  // namespace tessera::graph::passes
