// The quick way of small element-wise ops: what the general way costs would be most of an op on a hundred elements.
#include <algorithm>
#include <bit>

#include "apply.hpp"
#include "storage_make.hpp"

namespace tessera::detail {

namespace {

constexpr std::int64_t most_elements = 32768;  // beyond, the general way is noise, and threads may help
constexpr std::size_t most_inputs = 3;

bool same_sizes(const dims& a, const dims& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<std::int64_t>(a[i]) != std::bit_cast<std::int64_t>(b[i])) return false;
    return true;
}

std::int64_t few_elements(const dims& shape) {
    std::int64_t count = 1;
    for (const extent e : shape) {
        const std::int64_t size = e.is_symbol() ? most_elements + 1 : e.value();
        if (size > most_elements) return most_elements + 1;
        count *= size;
        if (count > most_elements) return count;
    }
    return count;
}

// One element seen as many, as cotangents of sums are.
bool repeats_one_element(const node& n) {
    return n.buffer && std::all_of(n.steps.begin(), n.steps.end(), [](std::int64_t step) { return step == 0; });
}

bool overlaps(const std::byte* a, std::size_t a_bytes, const std::byte* b, std::size_t b_bytes) {
    return a < b + b_bytes && b < a + a_bytes;
}

}  // namespace

bool quick_elementwise(const op& o, std::span<const array> in, array* made, const array* destination) {
    const op_record* record = o.record.load(std::memory_order_acquire);
    if (!record || in.size() != static_cast<std::size_t>(o.inputs) || in.size() > most_inputs) return false;
    const kernel_table* table = record->kernels[0].load(std::memory_order_acquire);
    if (!table || !table->kernels.front().flat) return false;

    // Host operands of one shape and dtype, dense or one element repeated, at least one of them dense; or literals.
    const node* like = nullptr;
    bool repeated[most_inputs] = {};
    for (std::size_t i = 0; i < in.size(); ++i) {
        const node* n = in[i].node();
        if (!n || n->trace || (!n->literal && (!n->buffer || !(n->spec.device == cpu)))) return false;
        if (n->literal) continue;
        if (n->contiguous)
            like = n;
        else if (repeats_one_element(*n))
            repeated[i] = true;
        else
            return false;
    }
    if (!like) return false;
    for (const array& x : in)
        if (const node* n = x.node(); n != like && !n->literal && !same_sizes(n->spec.shape, like->spec.shape))
            return false;
    const dtype type = like->spec.dtype;
    const auto item = static_cast<std::int64_t>(item_size(type));
    const spec* specs[most_inputs];
    flat_operand operands[most_inputs];
    for (std::size_t i = 0; i < in.size(); ++i) {
        const node& n = *in[i].node();
        if (n.spec.dtype != type) return false;
        specs[i] = &n.spec;
        if (n.literal)
            operands[i] = {n.value.bytes.data(), 0};
        else
            operands[i] = {static_cast<const std::byte*>(n.buffer->data) + n.offset * item, repeated[i] ? 0 : 1};
    }
    const std::int64_t count = few_elements(like->spec.shape);
    if (count > most_elements || count == 0) return false;

    spec typed;
    spec* results[] = {&typed};
    o.dtype({o, {specs, in.size()}, {}}, std::span<spec* const>(results));
    const dtype result_type = typed.dtype;
    const auto flat = table->kernels.front().flat;

    if (destination) {
        const node* to = destination->node();
        if (!to || to->trace || !to->buffer || !to->contiguous || to->buffer->read_only ||
            to->spec.dtype != result_type || !(to->spec.device == cpu) || !same_sizes(to->spec.shape, like->spec.shape))
            return false;
        const std::size_t to_bytes = static_cast<std::size_t>(count) * item_size(result_type);
        std::byte* data =
            static_cast<std::byte*>(to->buffer->data) + to->offset * static_cast<std::int64_t>(item_size(result_type));
        for (std::size_t i = 0; i < in.size(); ++i) {
            const auto* from = static_cast<const std::byte*>(operands[i].data);
            if (operands[i].step == 1 && overlaps(data, to_bytes, from, static_cast<std::size_t>(count * item)) &&
                !(from == data && result_type == type))
                return false;
        }
        if (!flat(type, data, operands, static_cast<std::size_t>(count))) return false;
        to->buffer->version.store(to->buffer->version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        return true;
    }

    array fresh = array::adopt(new_node());
    node& n = *fresh.node();
    n.spec.dtype = result_type;
    n.spec.shape = like->spec.shape;
    n.steps = like->steps;
    n.buffer = new_storage(cpu_backend(), cpu, static_cast<std::size_t>(count) * item_size(result_type));
    if (!flat(type, n.buffer->data, operands, static_cast<std::size_t>(count))) return false;
    *made = std::move(fresh);
    return true;
}

}  // namespace tessera::detail
