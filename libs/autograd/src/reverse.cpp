// Reverse mode: one run forward onto a tape, then any number of walks back.
#include "leaves.hpp"
#include "tape.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "walk.hpp"

namespace tessera::detail {

struct reverse_state {
    struct output {
        array like;  // its spec
        tape_edge from;
    };

    explicit reverse_state(std::string_view transform) : name(transform), owner(new tape) {}
    ~reverse_state() { tracer_of_tape().close(); }
    tape& tracer_of_tape() { return static_cast<tape&>(*owner); }

    std::atomic<std::int32_t> references{1};
    std::string_view name;
    counted<tracer> owner;
    short_vector<counted<tape_node>, 2> inputs;
    short_vector<output, 2> outputs;
    backward_plan plan;
};

namespace {

// A gradient is an ordinary array of its input's spec.
array as_gradient(array ct, const spec& like) {
    if (ct.is_null()) return zeros_of(like);
    return ct.is_literal() ? full(like.shape, ct.node()->value, like.device) : ct;
}

// From the cotangents of the outputs in their slots to the gradients of the inputs.
void walk(const reverse_state& state, cotangent_slots& slots, std::span<array> gradients, memory after_use) {
    state.plan.run(slots, after_use);
    for (std::size_t i = 0; i < state.inputs.size(); ++i) {
        const tape_node& input = *state.inputs[i];
        const bool reached = input.slot != tape_node::unplanned;
        gradients[i] = as_gradient(reached ? std::move(slots[input.slot]) : array{}, input.saved[0].spec());
    }
}

}  // namespace

reverse_trace::reverse_trace(std::string_view name) : state_(free_list<reverse_state>::make(name)) {}
reverse_trace::reverse_trace(const reverse_trace& other) noexcept : state_(share(other.state_)) {}
reverse_trace::~reverse_trace() {
    if (state_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) free_list<reverse_state>::recycle(state_);
}

array reverse_trace::input(const array& primal) {
    require_differentiable(state_->name, primal, state_->inputs.size());
    counted<tape_node> n = new_tape_node();
    n->saved.resize(1);
    const array* last = state_->inputs.size() > 0 ? &state_->inputs.back()->saved[0] : nullptr;
    n->saved[0] = last && last->spec() == primal.spec() ? *last : spec_only(primal.spec());
    array x = state_->tracer_of_tape().trace(primal, {n, 0});
    state_->inputs.push_back(std::move(n));
    return x;
}

array reverse_trace::output(const array& y) {
    require_output(state_->name, y, state_->outputs.size());
    const tape_edge* from = edge_of(y, state_->owner->level());
    if (from)
        state_->outputs.push_back({from->node->saved[from->node->inputs + from->output], *from});
    else
        state_->outputs.push_back({spec_only(y.spec()), {}});
    return peel(y, state_->owner->level());
}

array reverse_trace::auxiliary(const array& y) { return peel(y, state_->owner->level()); }

array reverse_trace::input_spec(std::size_t i) const { return state_->inputs[i]->saved[0]; }
std::size_t reverse_trace::inputs() const { return state_->inputs.size(); }
std::size_t reverse_trace::outputs() const { return state_->outputs.size(); }

void reverse_trace::require_scalar_output() const {
    if (state_->outputs.size() != 1)
        throw shape_error(
            text(state_->name, ": the function must return one scalar, got ", state_->outputs.size(), " arrays"));
    const spec& loss = state_->outputs[0].like.spec();
    if (!loss.shape.empty())
        throw shape_error(text(state_->name, ": the function must return a scalar, got ", loss, "; sum or average it"));
    if (!is_inexact(loss.dtype) || is_complex(loss.dtype))
        throw dtype_error(text(state_->name, ": the function must return a real float, got ", loss));
}

void reverse_trace::finish() {
    state_->tracer_of_tape().close();
    for (const auto& [like, from] : state_->outputs)
        if (from.node) state_->plan.add(*from.node);
    state_->plan.finish();
}

void reverse_trace::pull(std::span<const array> cotangents, std::span<array> gradients) const {
    if (cotangents.size() != outputs())
        throw value_error(
            text(state_->name, ": the function has ", outputs(), " outputs, got ", cotangents.size(), " cotangents"));
    cotangent_slots slots(state_->plan.slots());
    for (std::size_t k = 0; k < cotangents.size(); ++k) {
        const auto& [like, from] = state_->outputs[k];
        if (cotangents[k].is_null()) continue;
        array ct = matching(state_->name, "cotangent", cotangents[k], like.spec(), k);
        if (from.node) accumulate(slots[from.node->slot + from.output], std::move(ct));
    }
    walk(*state_, slots, gradients, memory::kept);
}

void reverse_trace::pull_once(std::span<array> gradients) {
    const auto& [loss, from] = state_->outputs[0];
    cotangent_slots slots(state_->plan.slots());
    if (from.node) slots[from.node->slot + from.output] = full({}, scalar_value(1.0).cast(loss.dtype()), loss.device());
    walk(*state_, slots, gradients, memory::given_back);
}

}  // namespace tessera::detail
