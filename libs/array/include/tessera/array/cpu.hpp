// The CPU back end's knobs: threads and cached memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tessera/array/export.hpp"

namespace tessera {

// How many threads one op may use; the caller counts as one. Default: the hardware's. Throws value_error below 1.
TESSERA_ARRAY_API void set_threads(int count);
TESSERA_ARRAY_API int threads();

namespace cpu_memory {

// Freed buffers are kept for reuse, up to a bound. Counted are buffers above 64 KiB; of smaller ones each thread
// keeps a few of every size and gives them back when it ends.
struct statistics {
    std::size_t in_use_bytes;       // handed out now
    std::size_t peak_bytes;         // most ever handed out at once since the last reset_peak
    std::size_t cached_bytes;       // kept for reuse
    std::uint64_t system_requests;  // times memory had to be asked of the system
};
TESSERA_ARRAY_API statistics current();
TESSERA_ARRAY_API void reset_peak();
// Gives cached buffers back to the system.
TESSERA_ARRAY_API void release_cached();
// Most bytes to keep; default 1 GiB. Surplus is released at once.
TESSERA_ARRAY_API void set_cache_bound(std::size_t bytes);

}  // namespace cpu_memory

}  // namespace tessera
