// Arrays as memory: layouts, buffers, views for kernels, values out of traces and literals.
#include "apply.hpp"
#include "storage_make.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/interop/layout.hpp"

namespace tessera {

namespace detail {

void set_row_major(node& n) {
    const std::size_t rank = n.spec.shape.size();
    n.steps.resize_for_overwrite(rank);
    std::int64_t step = 1;
    for (std::size_t i = rank; i-- > 0;) {
        n.steps[i] = step;
        const std::int64_t size = n.spec.shape[i].value();
        // Unsigned: beside an axis of none, the others may be of any size.
        step = static_cast<std::int64_t>(static_cast<std::uint64_t>(step) *
                                         static_cast<std::uint64_t>(size > 0 ? size : 1));
    }
}

bool is_row_major(const dims& shape, const strides& steps) {
    return is_contiguous({reinterpret_cast<const std::int64_t*>(shape.data()), shape.size()},
                         {steps.data(), steps.size()});
}

void fill_buffer(node& n, backend& on, std::string_view op_name) {
    const std::int64_t count = element_count(n.spec.shape).value();
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(static_cast<std::size_t>(count), item_size(n.spec.dtype), &bytes) ||
        bytes > static_cast<std::size_t>(PTRDIFF_MAX))
        throw shape_error(text(op_name, ": a result of ", n.spec, " has more bytes than can be addressed"));
    set_row_major(n);
    n.buffer = new_storage(on, n.spec.device, bytes > 0 ? bytes : 1);
    n.plain = n.spec.device == cpu;
}

array allocate(const spec& s, std::string_view op_name) {
    array made = array::adopt(new_node());
    made.node()->spec = s;
    fill_buffer(*made.node(), backend_for(s.device), op_name);
    return made;
}

any_view kernel_view(const array& x) {
    const node& n = *x.node();
    any_view v;
    v.shape = reinterpret_cast<const std::int64_t*>(n.spec.shape.data());
    v.strides = n.steps.data();
    v.rank = static_cast<std::int32_t>(n.spec.shape.size());
    v.dtype = n.spec.dtype;
    v.device = n.spec.device;
    v.offset = n.offset;
    if (n.literal) {
        v.data = const_cast<std::byte*>(n.value.bytes.data());
        v.flags = view_host_value | view_read_only;
    } else if (n.buffer) [[likely]] {
        v.data = n.buffer->data;
        if (n.buffer->read_only) v.flags = view_read_only;
    } else {
        throw value_error(text("array: a value of ", n.spec,
                               " has no data here: it is a symbol of a transform, or was kept for its spec alone"));
    }
    return v;
}

array concrete(const array& x) {
    array seen = x;
    while (!seen.is_null() && seen.node()->trace) {
        const traced& record = *seen.node()->trace;
        array below = record.owner->concrete(record);
        if (below.is_null())
            throw value_error(
                text("array: a traced value of ", seen.spec(), " has no data to show before the program runs"));
        seen = std::move(below);
    }
    return seen;
}

array materialize(const array& x, device where) {
    if (!x.is_literal()) return x;
    spec s = x.spec();
    s.device = where;
    array made = allocate(s, "array");
    const any_view to = kernel_view(made);
    backend_for(where).copy(kernel_view(x), to);
    return made;
}

}  // namespace detail

void append_text(std::string& out, const spec& value) {
    append_text(out, value.dtype);
    out += " ";
    append_text(out, value.shape);
}

array::array(const scalar_value& value, weak_kind weak) : node_(detail::new_node()) {
    node_->literal = true;
    node_->weak = static_cast<std::uint8_t>(weak);
    node_->spec.dtype = value.dtype;
    std::construct_at(&node_->value, value);
}

bool array::is_contiguous() const { return (void)spec(), node_->contiguous; }

tessera::extent array::extent(int axis) const {
    const dims& sizes = shape();
    const int n = rank();
    if (axis < -n || axis >= n) throw index_error(text("array: axis ", axis, " is out of range for rank ", n));
    return sizes[static_cast<std::size_t>(axis < 0 ? axis + n : axis)];
}

any_view array::view() const& {
    (void)spec();
    if (node_->trace) {
        const array shown = detail::concrete(*this);  // kept alive by the trace
        return shown.view();
    }
    if (device().kind != cpu.kind && !is_literal())
        throw device_error(text("array: its data is on ", device(), "; copy it with to(x, cpu) first"));
    any_view v = detail::kernel_view(*this);
    if (node_->buffer) node_->buffer->exported.store(true, std::memory_order_relaxed);
    v.flags |= view_read_only;
    return v;
}

scalar_value array::item_value() const {
    if (!(size() == tessera::extent{1}))
        throw shape_error(text("item: takes an array of one element, got shape ", shape()));
    const array x = detail::concrete(*this);
    if (x.is_literal()) return x.node_->value;
    scalar_value value;
    value.dtype = x.dtype();
    const any_view from = detail::kernel_view(x);
    any_view to;
    to.data = value.bytes.data();
    to.dtype = x.dtype();
    any_view one = from;
    const std::int64_t* none = nullptr;
    one.rank = 0;  // every size is 1
    one.shape = one.strides = none;
    detail::backend_for(x.device()).copy(one, to);
    return value;
}

array to(const array& x, device where) {
    const array from = detail::concrete(x);
    if (from.is_literal()) return detail::materialize(from, where);
    if (from.device() == where) return x;
    backend& there = backend_of(where);
    spec s = from.spec();
    s.device = where;
    array made = detail::allocate(s, "to");
    backend& mover = where.kind == cpu.kind ? backend_of(from.device()) : there;
    mover.copy(detail::kernel_view(from), detail::kernel_view(made));
    return made;
}

}  // namespace tessera
