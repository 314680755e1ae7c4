#include "tessera/array/node.hpp"

#include "storage_make.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/free_list.hpp"
#include "tessera/array/tracer.hpp"

namespace tessera {

namespace detail {

node* new_node() { return free_list<node>::make(); }

void destroy(node* n) noexcept {
    if (n->buffer) drop(n->buffer);
    if (n->trace) drop(n->trace);
    free_list<node>::recycle(n);
}

storage* new_storage(backend& owner, tessera::device where, std::size_t bytes) {
    storage* made = free_list<storage>::make();
    try {
        made->data = owner.allocate(bytes, where.index);
    } catch (...) {
        free_list<storage>::recycle(made);
        throw;
    }
    made->bytes = bytes;
    made->device = where;
    made->owner = &owner;
    made->release = [](storage& s) { s.owner->deallocate(s.data, s.bytes, s.device.index); };
    return made;
}

storage* new_borrowed_storage(void* data, std::size_t bytes, tessera::device where, void (*release)(storage&),
                              void* context) {
    storage* made = free_list<storage>::make();
    made->borrowed = true;
    made->data = data;
    made->bytes = bytes;
    made->device = where;
    made->release = release;
    made->context = context;
    return made;
}

void destroy(storage* s) noexcept {
    if (s->release) s->release(*s);
    free_list<storage>::recycle(s);
}

void destroy(traced* record) noexcept { delete record; }
void destroy(tracer* t) noexcept { delete t; }

void refuse_null() {
    throw value_error("array: the null array has no value; it stands for zero in derivative rules only");
}

}  // namespace detail

traced::traced(counted<tracer> by, array stands_for)
    : level(by->level()), owner(std::move(by)), value(std::move(stands_for)) {}
traced::~traced() = default;

tracer::~tracer() = default;

std::uint64_t new_level() {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

array wrap(const spec& s, counted<traced> record) {
    detail::node* n = detail::new_node();
    n->spec = s;
    n->trace = record.release();
    return array::adopt(n);
}

array spec_only(const spec& s) {
    detail::node* n = detail::new_node();
    n->spec = s;
    return array::adopt(n);
}

}  // namespace tessera
