#include "walk.hpp"

#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

namespace {

void check_cotangent(const tape_node& n, const array& ct, std::size_t input) {
    const spec& like = n.saved[input].spec();
    if (ct.dtype() == like.dtype && ct.shape() == like.shape) [[likely]]
        return;
    const std::string message = text(n.operation->name, ": its vjp rule gave ", ct.spec(), " as cotangent of input ",
                                     input, ", which is ", like);
    if (ct.dtype() != like.dtype) throw dtype_error(message);
    throw shape_error(message);
}

// The cotangents of a node's inputs, added to where its parents expect them.
void step_back(const tape_node& n, cotangent_slots& slots) {
    short_vector<array, 4> in(n.inputs);
    pull_through(n, {n.saved_inputs(), n.saved_outputs()}, slots.part(n.slot, n.outputs), in.all());
    for (std::size_t i = 0; i < n.inputs; ++i) {
        const tape_edge& parent = n.parents[i];
        if (!in[i].is_null()) accumulate(slots[parent.node->slot + parent.output], std::move(in[i]));
    }
}

}  // namespace

void pull_through(const tape_node& n, saved_values values, std::span<const array> cotangents, std::span<array> in) {
    if (std::all_of(cotangents.begin(), cotangents.end(), [](const array& ct) { return ct.is_null(); })) return;
    check_not_overwritten(n);
    short_vector<bool, 8> needed(n.inputs);
    for (std::size_t i = 0; i < n.inputs; ++i) needed[i] = static_cast<bool>(n.parents[i].node);
    n.operation->vjp({*n.operation, n.attrs, values.in, values.out, cotangents, std::as_const(needed).all()}, in);
    for (std::size_t i = 0; i < n.inputs; ++i)
        if (!n.parents[i].node)
            in[i] = {};
        else if (!in[i].is_null())
            check_cotangent(n, in[i], i);
}

void accumulate(array& slot, array ct) {
    if (slot.is_null())
        slot = std::move(ct);
    else
        slot = std::move(slot) + std::move(ct);
}

void backward_plan::add(tape_node& n) {
    std::size_t next = order_.size();
    const auto visit = [&](tape_node& found) {
        if (found.slot != tape_node::unplanned) return;
        found.slot = 0;
        order_.push_back(&found);
    };
    for (visit(n); next < order_.size(); ++next)
        for (const tape_edge& parent : order_[next]->parents)
            if (parent.node) visit(*parent.node);
}

void backward_plan::finish() {
    const auto later = [](const tape_node* a, const tape_node* b) { return a->sequence > b->sequence; };
    if (!std::is_sorted(order_.begin(), order_.end(), later)) std::sort(order_.begin(), order_.end(), later);
    for (tape_node* n : order_) {
        n->slot = static_cast<std::uint32_t>(slots_);
        slots_ += n->outputs;
    }
    if (slots_ >= tape_node::unplanned) throw value_error("vjp: more than 4 294 967 294 values on the tape");
}

void backward_plan::run(cotangent_slots& slots, memory after_use) const {
    for (tape_node* n : order_) {
        if (!n->operation) continue;
        step_back(*n, slots);
        for (array& spent : slots.part(n->slot, n->outputs)) spent = {};
        if (after_use == memory::given_back)
            for (array& saved : n->saved) saved = {};
    }
}

}  // namespace tessera::detail
