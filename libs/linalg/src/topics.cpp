#include "topics.hpp"

namespace tessera {

void register_linalg(registry& r) {
    register_matmul(r);
    register_solve(r);
}

}  // namespace tessera
