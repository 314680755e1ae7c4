#include "blas_threads.hpp"

#include <mutex>

// Whichever BLAS is bound at run time has at most one of these.
extern "C" {
[[gnu::weak]] void openblas_set_num_threads(int);
[[gnu::weak]] void bli_thread_set_num_threads(long);
}

namespace tessera::linalg_views {

void keep_to_calling_thread() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (openblas_set_num_threads) openblas_set_num_threads(1);
        if (bli_thread_set_num_threads) bli_thread_set_num_threads(1);
    });
}

}  // namespace tessera::linalg_views
