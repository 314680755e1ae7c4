// graph.fused: element-wise work, and the reductions of what it gives, in one pass over memory. What the fusion pass
// makes, and what a back end registers a kernel for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tessera/array/reductions.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/graph/export.hpp"

namespace tessera::graph {

// A result of the program that is reduced instead of stored.
struct fused_reduction {
    const op* how;  // one whose `reduces` says which
    reduction_attributes over;
    auto fields() const { return std::tie(over); }
};

struct fused_attributes {
    dims shape;  // of all elements; inputs broadcast to it
    std::shared_ptr<const scalar_program> program;
    std::vector<fused_reduction> reductions;  // of the last results of the program, over the same axes
    std::shared_ptr<const void> prepared;     // the back end's own; kernels make it when it is missing

    std::size_t stored() const { return program->results.size() - reductions.size(); }

    struct printed {
        const scalar_program* program;
        friend bool operator==(printed a, printed b) { return a.program == b.program; }
        std::size_t hash() const { return std::hash<const void*>{}(program); }
        TESSERA_GRAPH_API friend void append_text(std::string& out, printed p);
    };
    auto fields() const { return std::tuple<const dims&, printed>(shape, {program.get()}); }
};

TESSERA_GRAPH_API extern const op fused_op;

}  // namespace tessera::graph
