#include "tessera/array/host_memory.hpp"

#include <memory>

#include "apply.hpp"
#include "storage_make.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/interop/layout.hpp"

namespace tessera {

namespace {

// The spec of a foreign view, once it is known to be one.
spec spec_of(const any_view& v, std::string_view name) {
    if (v.rank < 0 || v.rank > static_cast<std::int32_t>(max_rank))
        throw shape_error(text(name, ": rank is 0 to ", max_rank, ", got ", v.rank));
    if (v.rank > 0 && (!v.shape || !v.strides))
        throw value_error(text(name, ": a view of rank ", v.rank, " has no ", v.shape ? "strides" : "shape"));
    if (element_count(v.sizes(), name) > 0 && !v.data)
        throw value_error(text(name, ": a view of shape ", v.sizes(), " has no data"));
    spec s;
    s.dtype = v.dtype;
    s.device = v.device;
    for (const std::int64_t size : v.sizes()) s.shape.push_back(size);
    return s;
}

backend& mover(device from, device to) { return detail::backend_for(to.kind == cpu.kind ? from : to); }

void call_release(storage& s) {
    const std::unique_ptr<std::function<void()>> release(static_cast<std::function<void()>*>(s.context));
    (*release)();
}

}  // namespace

array from_view(const any_view& v, device where) {
    spec s = spec_of(v, "from_view");
    s.device = where;
    array made = detail::allocate(s, "from_view");
    if (element_count(v.sizes()) > 0) mover(v.device, where).copy(v, detail::kernel_view(made));
    return made;
}

array borrow(const any_view& v, std::int64_t buffer_elements, std::function<void()> release) {
    spec s = spec_of(v, "borrow");
    (void)detail::backend_for(v.device);  // throws for an unknown device
    check_within(v, buffer_elements, "borrow");
    const std::size_t alignment = std::min<std::size_t>(item_size(v.dtype), alignof(std::max_align_t));
    if (v.device.kind == cpu.kind &&
        reinterpret_cast<std::uintptr_t>(v.data) % (is_complex(v.dtype) ? alignment / 2 : alignment) != 0)
        throw value_error(text("borrow: memory of ", v.dtype, " must be aligned to its elements, got an address ",
                               reinterpret_cast<std::uintptr_t>(v.data) % alignment, " bytes beyond"));
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(buffer_elements, static_cast<std::int64_t>(item_size(v.dtype)), &bytes))
        throw shape_error(text("borrow: a buffer of ", buffer_elements, " elements of ", v.dtype,
                               " has more bytes than can be addressed"));

    array made = array::adopt(detail::new_node());
    detail::node& n = *made.node();
    n.spec = std::move(s);
    n.steps = strides(v.steps());
    n.offset = v.offset;
    n.contiguous = detail::is_row_major(n.spec.shape, n.steps);
    std::unique_ptr<std::function<void()>> kept;
    if (release) kept = std::make_unique<std::function<void()>>(std::move(release));
    n.buffer = detail::new_borrowed_storage(v.data, static_cast<std::size_t>(bytes), v.device,
                                            kept ? call_release : nullptr, kept.get());
    (void)kept.release();
    n.buffer->read_only = (v.flags & view_read_only) != 0;
    return made;
}

namespace detail {

array from_values(const void* values, std::size_t count, dtype t, const dims& shape, device where,
                  std::string_view name) {
    shapes::check_rank(shape, name);
    if (!(element_count(shape) == extent(count)))
        throw shape_error(text(name, ": ", count, " values do not fill shape ", shape));
    array made = allocate({t, shape, cpu}, name);
    if (count > 0) std::memcpy(kernel_view(made).first(), values, count * item_size(t));
    return to(made, where);
}

void copy_to_host(const array& x, dtype t, void* to) {
    const array shown = concrete(x);
    if (shown.size() == extent{0}) return;
    const array there = shown.dtype() == t || shown.is_literal() ? shown : astype(shown, t);
    const scalar_value value = there.is_literal() ? there.node()->value.cast(t) : scalar_value();
    if (there.is_literal()) return (void)std::memcpy(to, value.bytes.data(), item_size(t));
    any_view from = kernel_view(there), target = from;
    strides steps(there.shape().size(), 1);
    row_major_strides(from.sizes(), {steps.data(), steps.size()});
    target.data = to;
    target.offset = 0;
    target.strides = steps.data();
    target.device = cpu;
    target.flags = 0;
    backend_for(there.device()).copy(from, target);
}

void refuse_ragged(std::size_t row, std::size_t length, std::size_t first_length) {
    throw shape_error(text("array: row ", row, " has ", length, " values but the first has ", first_length));
}

array borrow_typed(void* data, dtype t, bool read_only, const dims& shape, const strides* steps,
                   std::int64_t buffer_elements, std::function<void()> release) {
    strides sizes, row_major(shape.size(), 1);
    for (const extent e : shape) sizes.push_back(e.value());
    if (!steps) {
        buffer_elements = element_count({sizes.data(), sizes.size()}, "borrow");
        row_major_strides({sizes.data(), sizes.size()}, {row_major.data(), row_major.size()});
        steps = &row_major;
    }
    if (steps->size() != shape.size()) throw shape_error(text("borrow: ", steps->size(), " strides for shape ", shape));
    any_view v;
    v.data = data;
    v.shape = sizes.data();
    v.strides = steps->data();
    v.rank = static_cast<std::int32_t>(shape.size());
    v.dtype = t;
    v.flags = read_only ? std::uint32_t{view_read_only} : 0U;
    return borrow(v, buffer_elements, std::move(release));
}

}  // namespace detail

}  // namespace tessera
