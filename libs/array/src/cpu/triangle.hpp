// The CPU's kernel of tril and triu.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::cpu_kernels {

// in = {x}: x on and below (above, unless `lower`) diagonal k of the last two axes, zeros elsewhere.
void triangle(const kernel_args& args, std::int64_t k, bool lower);

}  // namespace tessera::cpu_kernels
