#include "tessera/array/to_extent.hpp"

#include "tessera/array/tracer.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {

extent to_extent(const array& n) {
    if (n.is_null()) throw value_error("to_extent: takes a rank-0 integer, got a null array");
    if (n.rank() != 0) throw shape_error(text("to_extent: takes a rank-0 integer, got ", n.spec()));
    if (!is_integer(n.dtype())) throw dtype_error(text("to_extent: takes a rank-0 integer, got ", n.spec()));
    if (const traced* record = n.node()->trace) return record->owner->extent_of(*record);
    const auto size = n.item<std::int64_t>();
    if (size < 0) throw shape_error(text("to_extent: a size must not be negative, got ", size));
    return size;
}

extent tracer::extent_of(const traced& record) const {
    const array shown = concrete(record);
    if (shown.is_null())
        throw value_error("to_extent: a traced value has no data to give a size before the program runs");
    return to_extent(shown);
}

}  // namespace tessera
