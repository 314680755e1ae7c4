#include "topics.hpp"

namespace tessera {

void register_linalg(registry& r) { register_matmul(r); }

}  // namespace tessera
