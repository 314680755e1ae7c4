// One op's way from the public call to a kernel: trace, rules, destination, kernel.
#include "apply.hpp"

#include "storage_make.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/array/tracer.hpp"

namespace tessera {

using detail::scratch_list;

namespace {

thread_local constinit tracer* staging = nullptr;

const traced* highest_trace(std::span<const array> in) {
    const traced* highest = nullptr;
    for (const array& x : in) {
        const traced* t = x.node() ? x.node()->trace : nullptr;
        if (t && (!highest || t->level > highest->level)) highest = t;
    }
    return highest;
}

// May a result of that spec take over the memory of x? Only when nobody can see x any more.
bool can_donate(const array& x, const spec& result) {
    const detail::node& n = *x.node();
    return n.buffer && n.contiguous && n.references.load(std::memory_order_acquire) == 1 &&
           n.buffer->references.load(std::memory_order_acquire) == 1 && !n.buffer->borrowed &&
           !n.buffer->exported.load(std::memory_order_relaxed) && n.spec.dtype == result.dtype &&
           n.spec.shape == result.shape;
}

// Inputs that every kernel of the op may overwrite.
std::uint32_t reuse_bits(const op& o, std::int32_t kind) {
    const kernel_table* table = detail::kernels_of(o, kind);
    std::uint32_t bits = table ? std::uint32_t{reuse_any} : std::uint32_t{reuse_none};
    if (table)
        for (const kernel& k : table->kernels) bits &= k.reuse;
    return bits;
}

bool make_view(const op& o, const array& x, attributes attrs, detail::node& out) {
    const array source = detail::materialize(x, cpu);
    const detail::node& from = *source.node();
    out.offset = 0;
    out.steps.clear();
    if (!from.buffer) (void)detail::kernel_view(source);  // throws: nothing to look at
    if (!o.view({o, attrs, from.spec, from.steps, out.spec}, out.steps, out.offset)) return false;
    out.offset += from.offset;
    out.buffer = detail::share(from.buffer);
    out.contiguous = detail::is_row_major(out.spec.shape, out.steps);
    out.plain = out.contiguous && from.plain;
    return true;
}

void evaluate_reusing(const op& o, std::span<const array> in, attributes attrs, std::span<array> out, bool may_donate) {
    detail::check_call(o, in, out.size());
    if (!o.shape) [[unlikely]]
        return o.body(in, attrs, out);
    scratch_list<const spec*> specs(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) specs[i] = &in[i].spec();
    scratch_list<array, 2> made(out.size());
    scratch_list<spec*, 2> out_specs(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        made[i] = array::adopt(detail::new_node());
        out_specs[i] = &made[i].node()->spec;
    }

    const rule_args rules{o, specs.all(), attrs};
    const device where = detail::device_for(rules, in);
    o.shape(rules, out_specs.all());
    o.dtype(rules, out_specs.all());
    for (spec* s : out_specs.all()) s->device = where;

    if (o.view && make_view(o, in[0], attrs, *made[0].node())) {
        out[0] = std::move(made[0]);
        return;
    }
    if (o.body && !detail::has_kernel(o, where.kind)) return o.body(in, attrs, out);

    backend& on = detail::backend_for(where);
    scratch_list<any_view> in_views(in.size());
    scratch_list<any_view, 2> out_views(out.size());
    if (may_donate) {
        const std::uint32_t reuse = reuse_bits(o, where.kind);
        detail::node& n = *made[0].node();
        for (std::size_t j = 0; j < in.size() && j < 3 && !n.buffer; ++j)
            if ((reuse >> j & 1U) != 0 && can_donate(in[j], n.spec)) {
                detail::set_row_major(n);
                n.buffer = detail::share(in[j].node()->buffer);
                n.offset = in[j].node()->offset;
                n.plain = in[j].node()->plain;
            }
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!made[i].node()->buffer) detail::fill_buffer(*made[i].node(), on, o.name);
        out_views[i] = detail::kernel_view(made[i]);
    }
    for (std::size_t i = 0; i < in.size(); ++i) in_views[i] = detail::kernel_view(in[i]);
    detail::run_kernel(o, in_views.all(), out_views.all(), attrs, on);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::move(made[i]);
}

void apply_reusing(const op& o, std::span<const array> in, attributes attrs, std::span<array> out, bool may_donate) {
    if (o.core.in == 0 && !staging && out.size() == 1 && detail::quick_elementwise(o, in, out.data(), nullptr)) return;
    const traced* t = highest_trace(in);
    // Whichever began later: a capture sees what happens to values that older transforms made.
    tracer* by = t && !(staging && staging->level() > t->level) ? t->owner.get() : staging;
    if (!by) [[likely]]
        return evaluate_reusing(o, in, attrs, out, may_donate);
    detail::check_call(o, in, out.size());
    by->process(o, in, attrs, out);
}

}  // namespace

namespace detail {

void check_call(const op& o, std::span<const array> in, std::size_t outputs) {
    if (o.inputs != any_number && in.size() != static_cast<std::size_t>(o.inputs))
        throw value_error(text(o.name, ": takes ", o.inputs, " arrays, got ", in.size()));
    if (o.outputs != any_number && outputs != static_cast<std::size_t>(o.outputs))
        throw value_error(text(o.name, ": gives ", o.outputs, " arrays, asked for ", outputs));
    for (std::size_t i = 0; i < in.size(); ++i)
        if (in[i].is_null()) [[unlikely]]
            throw value_error(text(o.name, ": argument ", i, " is a null array"));
}

device device_for(const rule_args& args, std::span<const array> in) {
    if (args.op.device) return args.op.device(args);
    const array* first = nullptr;
    for (const array& x : in) {
        if (x.is_literal()) continue;
        if (!first)
            first = &x;
        else if (!(x.device() == first->device())) [[unlikely]]
            throw device_error(text(args.op.name, ": operands are on ", first->device(), " and ", x.device(),
                                    "; copy one with to(x, device)"));
    }
    return first ? first->device() : cpu;
}

bool has_kernel(const op& o, std::int32_t kind) { return kernels_of(o, kind) || o.scalar; }

const kernel& kernel_for(const kernel_args& args) {
    const std::int32_t kind = args.on.kind();
    const kernel_table* table = kernels_of(args.op, kind);
    if (!table && args.op.scalar) table = kernels_of(scalar_program_op, kind);
    return table && !table->kernels.front().declines ? table->kernels.front()
                                                     : registry::global().find(args.op, kind, args);
}

void run_kernel(const op& o, std::span<const any_view> in, std::span<const any_view> out, attributes attrs,
                backend& on) {
    const kernel_args args{o, attrs, in, out, {}, on};
    const kernel& k = kernel_for(args);
    const std::size_t scratch = k.scratch_bytes ? k.scratch_bytes(args) : 0;
    if (scratch == 0) return k.run(args);

    const counted<storage> memory(new_storage(on, out[0].device, scratch));
    const auto size = static_cast<std::int64_t>(scratch);
    const std::int64_t step = 1;
    kernel_args with_scratch = args;
    with_scratch.scratch = any_view{memory->data, 0, &size, &step, 1, u8, memory->device, 0};
    k.run(with_scratch);
}

}  // namespace detail

tracer* staging_tracer() { return staging; }

tracer* install_staging_tracer(tracer* t) { return std::exchange(staging, t); }

void apply(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) {
    apply_reusing(o, in, attrs, out, false);
}

void evaluate(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) {
    evaluate_reusing(o, in, attrs, out, false);
}

void infer(const op& o, std::span<const spec* const> in, attributes attrs, std::span<spec> out) {
    scratch_list<spec*, 2> outs(out.size());
    for (std::size_t i = 0; i < out.size(); ++i) outs[i] = &out[i];
    const rule_args rules{o, in, attrs};
    o.shape(rules, outs.all());
    o.dtype(rules, outs.all());
    const device where = o.device ? o.device(rules) : in.empty() ? cpu : in[0]->device;
    for (spec& s : out) s.device = where;
}

array call(const op& o, attributes attrs, std::span<const array> in) {
    array out;
    apply_reusing(o, in, attrs, {&out, 1}, false);
    return out;
}

array call(const op& o, attributes attrs, const array& a) { return call(o, attrs, std::span(&a, 1)); }

array call(const op& o, attributes attrs, const array& a, const array& b) {
    return call(o, attrs, detail::borrowed_handles<2>(a, b).all());
}

array call_reusing(const op& o, attributes attrs, std::span<array> in) {
    array out;
    apply_reusing(o, in, attrs, {&out, 1}, true);
    return out;
}

}  // namespace tessera
