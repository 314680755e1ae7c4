// The quick way of small element-wise ops: what the general way costs would be most of an op on a hundred elements.
#include <algorithm>
#include <bit>

#include "apply.hpp"
#include "storage_make.hpp"
#include "tessera/array/rules.hpp"

namespace tessera::detail {

namespace {

constexpr std::int64_t most_elements = 32768;  // beyond, the general way is noise, and threads may help
constexpr std::size_t most_inputs = 3;

bool same_sizes(const dims& a, const dims& b) {
    if (a.size() != b.size()) return false;
    const extent *x = a.data(), *y = b.data();
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<std::int64_t>(x[i]) != std::bit_cast<std::int64_t>(y[i])) return false;
    return true;
}

// The number of elements; 0 when there are none, too many, or the size is a symbol.
std::int64_t few_elements(const dims& shape) {
    std::int64_t count = 1;
    for (const extent e : shape) {
        const auto size = std::bit_cast<std::int64_t>(e);
        if (size < 0 || size > most_elements) return 0;
        count *= size;
        if (count > most_elements) return 0;
    }
    return count;
}

// One element seen as many, as cotangents of sums are.
bool repeats_one_element(const node& n) {
    return std::all_of(n.steps.begin(), n.steps.end(), [](std::int64_t step) { return step == 0; });
}

// The operands of one call.
struct flat_call {
    const node* like = nullptr;  // the first dense operand
    flat_operand operands[most_inputs];
};

// Host operands of one shape and dtype, dense or one element repeated, at least one of them dense; or literals.
bool gather(std::span<const array> in, flat_call& call) {
    for (const array& x : in) {
        const node* n = x.node();
        if (!n || n->trace) return false;
        if (!call.like && n->contiguous && n->buffer) call.like = n;
    }
    if (!call.like) return false;
    const dtype type = call.like->spec.dtype;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const node& n = *in[i].node();
        if (n.spec.dtype != type) return false;
        if (n.literal) {
            call.operands[i] = {n.value.bytes.data(), 0};
            continue;
        }
        if (!n.buffer || !(n.spec.device == cpu)) return false;
        if (&n != call.like && !same_sizes(n.spec.shape, call.like->spec.shape)) return false;
        if (!n.contiguous && !repeats_one_element(n)) return false;
        call.operands[i] = {static_cast<const std::byte*>(n.buffer->data) +
                                n.offset * static_cast<std::int64_t>(item_size(type)),
                            n.contiguous ? 1 : 0};
    }
    return true;
}

dtype dtype_of_result(const op& o, std::span<const array> in, dtype type) {
    if (o.dtype == dtypes::same) return type;  // the usual rule, whose check was made by gather
    const spec* specs[most_inputs];
    for (std::size_t i = 0; i < in.size(); ++i) specs[i] = &in[i].spec();
    spec typed;
    spec* results[] = {&typed};
    o.dtype({o, {specs, in.size()}, {}}, std::span<spec* const>(results));
    return typed.dtype;
}

// Would writing the destination change an operand that is read later? Its own elements in place are fine.
bool disturbs(const node& to, const std::byte* data, std::int64_t count, std::span<const array> in,
              const flat_call& call) {
    const auto item = static_cast<std::int64_t>(item_size(call.like->spec.dtype));
    const auto to_item = static_cast<std::int64_t>(item_size(to.spec.dtype));
    for (std::size_t i = 0; i < in.size(); ++i) {
        const node& n = *in[i].node();
        if (n.literal || (n.buffer != to.buffer && !n.buffer->borrowed && !to.buffer->borrowed)) continue;
        const auto* from = static_cast<const std::byte*>(call.operands[i].data);
        const bool dense = call.operands[i].step == 1;
        if (dense && from == data && item == to_item) continue;
        if (data < from + (dense ? count : 1) * item && from < data + count * to_item) return true;
    }
    return false;
}

}  // namespace

bool quick_elementwise(const op& o, std::span<const array> in, array* made, const array* destination) {
    const op_record* record = o.record.load(std::memory_order_acquire);
    if (!record || in.size() != static_cast<std::size_t>(o.inputs) || in.size() > most_inputs) return false;
    const kernel_table* table = record->kernels[0].load(std::memory_order_acquire);
    const auto flat = table ? table->kernels.front().flat : nullptr;
    flat_call call;
    if (!flat || !gather(in, call)) return false;
    const dims& shape = call.like->spec.shape;
    const dtype type = call.like->spec.dtype;
    const std::int64_t count = few_elements(shape);
    if (count == 0) return false;
    const dtype result = dtype_of_result(o, in, type);

    if (destination) {
        const node* to = destination->node();
        if (!to || to->trace || !to->buffer || !to->contiguous || to->buffer->read_only || to->spec.dtype != result ||
            !(to->spec.device == cpu) || !same_sizes(to->spec.shape, shape))
            return false;
        std::byte* data =
            static_cast<std::byte*>(to->buffer->data) + to->offset * static_cast<std::int64_t>(item_size(result));
        if (disturbs(*to, data, count, in, call)) return false;
        if (!flat(type, data, call.operands, static_cast<std::size_t>(count))) return false;
        to->buffer->version.store(to->buffer->version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        return true;
    }

    array fresh = array::adopt(new_node());
    node& n = *fresh.node();
    n.spec.dtype = result;
    n.spec.shape = shape;
    n.steps = call.like->steps;
    n.buffer = new_storage(cpu_backend(), cpu, static_cast<std::size_t>(count) * item_size(result));
    if (!flat(type, n.buffer->data, call.operands, static_cast<std::size_t>(count))) return false;
    *made = std::move(fresh);
    return true;
}

}  // namespace tessera::detail
