// Making storage; the array library's own.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/array/storage.hpp"

namespace tessera::detail {

storage* new_storage(backend& owner, tessera::device where, std::size_t bytes);
storage* new_borrowed_storage(void* data, std::size_t bytes, tessera::device where, void (*release)(storage&),
                              void* context);

}  // namespace tessera::detail
