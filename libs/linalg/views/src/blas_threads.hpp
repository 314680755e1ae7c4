// BLAS libraries bring threads of their own; ours call them from many threads at once.
#pragma once

namespace tessera::linalg_views {

// Sets the BLAS to one thread, once per process, so that a call stays on its caller's thread.
void keep_to_calling_thread();

}  // namespace tessera::linalg_views
