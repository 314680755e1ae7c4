// The quick way of small element-wise ops and reductions: what the general way costs would be most of an op on a
// hundred elements.
#include <algorithm>
#include <bit>

#include "apply.hpp"
#include "storage_make.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/tracer.hpp"

namespace tessera::detail {

namespace {

constexpr std::int64_t most_elements = 32768;  // beyond, the general way is noise, and threads may help
constexpr std::int64_t most_reduced = 16384;   // of a reduction
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

std::byte* address(const node& n) {
    return static_cast<std::byte*>(n.buffer->data) + n.offset * static_cast<std::int64_t>(item_size(n.spec.dtype));
}

using flat_loop = bool (*)(dtype, void*, const flat_operand*, std::size_t);

bool run_into(flat_loop flat, dtype type, const flat_operand* operands, std::int64_t count, const node& to) {
    if (!flat(type, address(to), operands, static_cast<std::size_t>(count))) return false;
    std::atomic<std::uint64_t>& version = to.buffer->version;
    version.store(version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    return true;
}

// A new array of the shape of `like`.
bool run_into_new(flat_loop flat, dtype type, const flat_operand* operands, std::int64_t count, const node& like,
                  dtype result, array& made) {
    array fresh = array::adopt(new_node());
    node& n = *fresh.node();
    n.spec.dtype = result;
    n.spec.shape = like.spec.shape;
    n.steps = like.steps;
    n.buffer = new_storage(cpu_backend(), cpu, static_cast<std::size_t>(count) * item_size(result));
    n.plain = true;
    if (!flat(type, n.buffer->data, operands, static_cast<std::size_t>(count))) return false;
    made = std::move(fresh);
    return true;
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
        if (n.plain && (&n == call.like || same_sizes(n.spec.shape, call.like->spec.shape))) [[likely]] {
            call.operands[i] = {address(n), 1};
            continue;
        }
        if (n.literal) {
            call.operands[i] = {n.value.bytes.data(), 0};
            continue;
        }
        if (!n.buffer || !(n.spec.device == cpu)) return false;
        if (&n != call.like && !same_sizes(n.spec.shape, call.like->spec.shape)) return false;
        if (!n.contiguous && !repeats_one_element(n)) return false;
        call.operands[i] = {address(n), n.contiguous ? 1 : 0};
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

// Could the destination share memory with an operand otherwise than element by element? Then the general way decides.
bool shares_memory(const node& to, const std::byte* data, std::span<const array> in, const flat_call& call) {
    const bool same_items = item_size(call.like->spec.dtype) == item_size(to.spec.dtype);
    for (std::size_t i = 0; i < in.size(); ++i) {
        const node& n = *in[i].node();
        if (n.literal || (n.buffer != to.buffer && !n.buffer->borrowed && !to.buffer->borrowed)) continue;
        if (!same_items || call.operands[i].step != 1 || call.operands[i].data != data) return true;
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
        std::byte* const data = address(*to);
        if (shares_memory(*to, data, in, call)) return false;
        return run_into(flat, type, call.operands, count, *to);
    }
    return run_into_new(flat, type, call.operands, count, *call.like, result, *made);
}

bool quick_pair(const op& o, const node& a, const node& b, array* made, const array* destination) {
    const op_record* record = o.record.load(std::memory_order_acquire);
    const node* const to = destination ? destination->node() : &a;
    const std::size_t rank = a.spec.shape.size();
    if (!record || !to || !to->plain || b.spec.shape.size() != rank || to->spec.shape.size() != rank) return false;
    const kernel_table* table = record->kernels[0].load(std::memory_order_acquire);
    const flat_loop flat = table ? table->kernels.front().flat : nullptr;
    if (!flat || staging_tracer()) return false;
    std::int64_t count = 1;
    const extent *as = a.spec.shape.data(), *bs = b.spec.shape.data(), *tos = to->spec.shape.data();
    for (std::size_t i = 0; i < rank; ++i) {
        const auto size = std::bit_cast<std::int64_t>(as[i]);
        if (size != std::bit_cast<std::int64_t>(bs[i]) || size != std::bit_cast<std::int64_t>(tos[i])) return false;
        if (size > most_elements) return false;
        count *= size;
        if (count > most_elements) return false;
    }
    if (count == 0) return false;
    const dtype type = a.spec.dtype;
    const bool is_same = o.dtype == dtypes::same;
    if (!is_same && o.dtype != dtypes::boolean) return false;
    const dtype result = is_same ? type : boolean;
    const flat_operand operands[] = {{address(a), 1}, {address(b), 1}};
    if (!destination) return run_into_new(flat, type, operands, count, a, result, *made);
    if (to->spec.dtype != result || to->buffer->read_only || to->buffer == a.buffer || to->buffer == b.buffer)
        return false;
    return run_into(flat, type, operands, count, *to);
}

bool quick_reduction(const op& o, const array& x, array& made) {
    const op_record* record = o.record.load(std::memory_order_acquire);
    const node* from = x.node();
    if (!record || !from || !from->plain || staging_tracer()) return false;
    const kernel_table* table = record->kernels[0].load(std::memory_order_acquire);
    const auto row = table ? table->kernels.front().row : nullptr;
    const std::int64_t count = few_elements(from->spec.shape);
    if (!row || count == 0 || count > most_reduced) return false;
    array fresh = array::adopt(new_node());
    node& n = *fresh.node();
    n.spec.dtype = dtype_of_result(o, {&x, 1}, from->spec.dtype);
    n.buffer = new_storage(cpu_backend(), cpu, item_size(n.spec.dtype));
    n.plain = true;
    if (!row(from->spec.dtype, n.spec.dtype, n.buffer->data, address(*from), static_cast<std::size_t>(count)))
        return false;
    made = std::move(fresh);
    return true;
}

}  // namespace tessera::detail
