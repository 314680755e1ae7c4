// What the library registers, each by the file that owns it.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::graph {

void register_graph(registry&);

void register_fused(registry&);
void register_calls(registry&);
void register_cond(registry&);
void register_while(registry&);
void register_scan(registry&);
void register_custom(registry&);

extern const op call_op, saving_call_op, cond_op, while_op, scan_op, custom_op;

}  // namespace tessera::graph
