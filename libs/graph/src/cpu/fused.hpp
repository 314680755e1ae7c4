// The CPU's kernel of graph.fused.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/graph/fused.hpp"

namespace tessera::graph::cpu_kernels {

kernel fused_kernel();
// The program made ready for the CPU, for attributes to keep. Throws no_kernel when an instruction has no loop.
std::shared_ptr<const void> prepare(const scalar_program& program);

}  // namespace tessera::graph::cpu_kernels
