#include "tape.hpp"

#include <algorithm>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "watch.hpp"

namespace tessera::detail {

namespace {

// The version of the storage a value was read from; traced values are looked through.
const storage* storage_of(const array& x) {
    const node* n = x.node();
    while (n && n->trace) n = n->trace->value.node();
    return n ? n->buffer : nullptr;
}

// Values of a tape are freed one after the other: a chain of a million nodes must not recurse.
thread_local constinit tape_node* dead = nullptr;
thread_local constinit bool burying = false;

// What the vjp rule does not read is replaced by its spec; equal specs next to each other share one array.
void keep_specs_alone(std::span<array> values) {
    const array* last = nullptr;
    for (array& x : values) {
        if (x.is_literal()) continue;
        x = last && last->spec() == x.spec() ? *last : spec_only(x.spec());
        last = &x;
    }
}

bool reads(const op& o, saves what) { return (static_cast<unsigned>(o.saves) & static_cast<unsigned>(what)) != 0; }

}  // namespace

counted<tape_node> new_tape_node() { return counted<tape_node>(free_list<tape_node>::make()); }

void destroy(tape_node* n) noexcept {
    n->next_dead = dead;
    dead = n;
    if (burying) return;
    burying = true;
    while (tape_node* next = dead) {
        dead = next->next_dead;
        free_list<tape_node>::recycle(next);
    }
    burying = false;
}

void refuse_escaped(const op& used_in, std::string_view made_by) {
    throw value_error(text(used_in.name, ": an argument was made by ", made_by,
                           " inside a transform that has ended; return it from the differentiated function instead of "
                           "storing it elsewhere"));
}

void require_closed(const op& o, std::span<const array> values, std::uint64_t level) {
    if (o.shape) [[likely]]
        return;
    for (const array& y : values)
        if (trace_at(y, level))
            throw value_error(text(o.name, ": the function uses a value of a running transform that is not among its "
                                           "arguments; pass it as one"));
}

void evaluate_undifferentiated(const op& o, std::span<const array> in, attributes attrs, std::span<array> out,
                               std::uint64_t level, std::string_view rule) {
    short_vector<array, 4> below(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) below[i] = peel(in[i], level);
    short_vector<array, 2> values(out.size());
    apply(o, below.all(), attrs, values.all());
    for (const array& y : values)
        if (is_inexact(y.dtype()))
            throw not_differentiable(text(o.name, ": has no ", rule, " rule and no body to derive one from"));
    std::move(values.begin(), values.end(), out.begin());
}

array tape::trace(array x, tape_edge from) {
    const spec& like = x.spec();
    const std::uint8_t weak = x.node()->weak;
    array y = wrap(like, {});
    y.node()->weak = weak;
    y.node()->trace = new tape_record(counted<tracer>::sharing(this), std::move(x), std::move(from));
    return y;
}

namespace {
thread_local constinit int recording_off = 0;
}  // namespace

tape& tape_of_variables() {
    static tape* const shared = new tape(0);
    return *shared;
}
bool is_recording_off() { return recording_off > 0; }
void count_recording_off(int scopes) { recording_off += scopes; }

void tape::process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) {
    if (level() == 0 && is_recording_off()) {
        short_vector<array, 4> values(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) values[i] = peel(in[i], 0);
        return apply(o, values.all(), attrs, out);
    }
    if (closed_.load(std::memory_order_relaxed)) [[unlikely]] {
        for (const array& x : in)
            if (const tape_edge* from = edge_of(x, level()))
                refuse_escaped(o, from->node->operation ? from->node->operation->name : "an input of the function");
    }
    if (!o.vjp) [[unlikely]]
        return process_without_rule(o, in, attrs, out);

    counted<tape_node> made = new_tape_node();
    tape_node& n = *made;
    n.operation = &o;
    n.inputs = static_cast<std::uint32_t>(in.size());
    n.outputs = static_cast<std::uint32_t>(out.size());
    n.parents.resize(in.size());
    n.saved.resize(in.size() + out.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
        n.saved[i] = peel(in[i], level());
        if (const tape_edge* from = edge_of(in[i], level())) n.parents[i] = *from;
    }
    const std::span<array> values = n.saved.part(in.size(), out.size());
    apply(o, n.saved_inputs(), attrs, values);
    require_closed(o, values, level());
    if (std::none_of(values.begin(), values.end(), [](const array& y) { return is_inexact(y.dtype()); })) {
        std::move(values.begin(), values.end(), out.begin());
        return;
    }

    n.sequence = last_sequence_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (attrs) n.attrs = kept_attributes(attrs);
    if (!reads(o, saves::inputs)) keep_specs_alone(n.saved.part(0, in.size()));
    for (std::size_t i = 0; i < out.size(); ++i) {
        array kept = reads(o, saves::outputs) ? values[i] : spec_only(values[i].spec());
        out[i] = std::exchange(values[i], std::move(kept));
    }
    n.versions.resize(n.saved.size());
    for (std::size_t i = 0; i < n.saved.size(); ++i)
        if (const storage* s = storage_of(n.saved[i])) n.versions[i] = s->version.load(std::memory_order_acquire);

    std::uint32_t position = 0;
    for (array& y : out) {
        const bool is_last = position + 1 == n.outputs;
        if (is_inexact(y.dtype())) y = trace(std::move(y), {is_last ? std::move(made) : made, position});
        ++position;
    }
}

void tape::process_without_rule(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) {
    if (o.body)
        o.body(in, attrs, out);  // made of ops that come back to this tape
    else
        evaluate_undifferentiated(o, in, attrs, out, level(), "vjp");
}

void check_not_overwritten(const tape_node& n) {
    for (std::size_t i = 0; i < n.saved.size(); ++i) {
        const storage* s = storage_of(n.saved[i]);
        if (!s || s->version.load(std::memory_order_acquire) == n.versions[i]) [[likely]]
            continue;
        const bool is_input = i < n.inputs;
        throw value_error(text(n.operation->name, ": its ", is_input ? "input " : "output ",
                               is_input ? i : i - n.inputs, ", ", n.saved[i].spec(),
                               ", was overwritten through out= before the derivative could read it; copy it first"));
    }
}

}  // namespace tessera::detail
