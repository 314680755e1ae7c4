// Every topic of the deep-learning library, each registered by the file that owns it.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera {

void register_dl(registry&);  // lists the topics

namespace dl {
void register_activations(registry&);
}  // namespace dl

}  // namespace tessera
