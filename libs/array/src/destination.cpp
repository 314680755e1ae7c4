// op(..., out): results into memory the caller already has.
#include <algorithm>
#include <cstdlib>

#include "apply.hpp"

#include "tessera/array/tracer.hpp"

namespace tessera {

namespace {

struct byte_range {
    std::intptr_t first;
    std::intptr_t last;
};

// The addresses a view can touch; first > last when it is empty.
byte_range range_of(const any_view& v) {
    std::int64_t low = v.offset, high = v.offset;
    for (std::int32_t i = 0; i < v.rank; ++i) {
        if (v.shape[i] == 0) return {1, 0};
        const std::int64_t reach = (v.shape[i] - 1) * v.strides[i];
        (reach < 0 ? low : high) += reach;
    }
    const auto item = static_cast<std::int64_t>(item_size(v.dtype));
    const auto base = reinterpret_cast<std::intptr_t>(v.data);
    return {base + low * item, base + (high + 1) * item - 1};
}

bool overlap(const any_view& a, const any_view& b) {
    if (!(a.device == b.device)) return false;
    const byte_range x = range_of(a), y = range_of(b);
    return x.first <= x.last && y.first <= y.last && x.first <= y.last && y.first <= x.last;
}

bool same_place(const any_view& a, const any_view& b) {
    return a.data == b.data && a.offset == b.offset && a.dtype == b.dtype && std::ranges::equal(a.sizes(), b.sizes()) &&
           std::ranges::equal(a.steps(), b.steps());
}

// Two indices of such a view can name one element, so its value after a write would depend on the order. Axes by rising
// step: one whose step is not beyond what the ones before reach may repeat elements. (Some layouts that interleave
// without repeating are refused as well.)
bool repeats_elements(const any_view& v) {
    inline_vector<std::int64_t> order;
    for (std::int32_t i = 0; i < v.rank; ++i)
        if (v.shape[i] > 1) order.push_back(i);
    const auto step = [&](std::int64_t axis) { return std::abs(v.strides[axis]); };
    std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return step(a) < step(b); });
    std::int64_t reach = 0;
    for (const std::int64_t axis : order) {
        if (step(axis) <= reach) return true;
        reach += (v.shape[axis] - 1) * step(axis);
    }
    return false;
}

[[noreturn]] void refuse_destination(const op& o, const spec& result, const spec& out) {
    const std::string message =
        text(o.name, ": out is ", out, " on ", out.device, " but the result is ", result, " on ", result.device);
    if (result.dtype != out.dtype) throw dtype_error(message);
    if (!(result.shape == out.shape)) throw shape_error(message);
    throw device_error(message);
}

}  // namespace

void apply_into(const op& o, std::span<const array> in, attributes attrs, const array& out) {
    if (o.core.in == 0 && !staging_tracer() && detail::quick_elementwise(o, in, nullptr, &out)) return;
    detail::check_call(o, in, 1);
    if (o.view) throw value_error(text(o.name, ": a view has no destination form"));
    if (out.is_null()) throw value_error(text(o.name, ": out is a null array"));
    for (const array& x : in)
        if (x.node()->trace) [[unlikely]]
            throw value_error(text(o.name, ": out= cannot be combined with a traced input; assign the result instead"));
    if (out.node()->trace || out.is_literal())
        throw value_error(text(o.name, ": out must be an ordinary array, not a literal or a traced value"));
    if (staging_tracer()) [[unlikely]]
        throw value_error(text(o.name, ": out= writes memory and cannot be captured; assign the result instead"));

    detail::scratch_list<const spec*> specs(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) specs[i] = &in[i].spec();
    const rule_args rules{o, specs.all(), attrs};
    const device where = detail::device_for(rules, in);
    spec result;
    spec* results[] = {&result};
    o.shape(rules, std::span<spec* const>(results));
    o.dtype(rules, std::span<spec* const>(results));
    result.device = where;
    if (!(result == out.spec())) [[unlikely]]
        refuse_destination(o, result, out.spec());

    const any_view to = detail::kernel_view(out);
    if ((to.flags & view_read_only) != 0) throw value_error(text(o.name, ": out is read-only"));
    if (!out.is_contiguous() && repeats_elements(to))
        throw value_error(text(o.name, ": out repeats elements: strides ", to.steps(), " over shape ", out.shape()));

    backend& on = detail::backend_for(where);
    if (o.body && !detail::has_kernel(o, where.kind)) {
        array computed;
        o.body(in, attrs, {&computed, 1});
        on.copy(detail::kernel_view(computed), to);
        out.node()->buffer->version.fetch_add(1, std::memory_order_release);
        return;
    }
    detail::scratch_list<any_view> views(in.size());
    detail::scratch_list<array> copies(in.size());
    const bool in_place_is_safe = o.core.in == 0;  // element by element
    for (std::size_t i = 0; i < in.size(); ++i) {
        views[i] = detail::kernel_view(in[i]);
        if (in[i].is_literal() || !overlap(views[i], to) || (in_place_is_safe && same_place(views[i], to))) continue;
        copies[i] = detail::allocate(in[i].spec(), o.name);
        const any_view copy = detail::kernel_view(copies[i]);
        on.copy(views[i], copy);
        views[i] = copy;
    }
    const any_view outs[] = {to};
    detail::run_kernel(o, views.all(), outs, attrs, on);
    out.node()->buffer->version.fetch_add(1, std::memory_order_release);
}

}  // namespace tessera
