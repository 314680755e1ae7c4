// Buffers for arrays: 64-byte aligned, kept for reuse by size class, huge pages where they help.
#pragma once

#include <cstddef>

namespace tessera::cpu_memory {

void* allocate(std::size_t bytes);  // throws out_of_memory
void deallocate(void* data, std::size_t bytes) noexcept;

}  // namespace tessera::cpu_memory
