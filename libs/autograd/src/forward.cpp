// Forward mode: every op runs with its tangents beside it.
#include "leaves.hpp"
#include "tape.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

namespace {

struct dual_record final : traced {
    dual_record(counted<tracer> by, array stands_for, array slope, const op* from)
        : traced(std::move(by), std::move(stands_for)), tangent(std::move(slope)), made_by(from) {}
    array tangent;      // never null
    const op* made_by;  // null: an input of the transform

    static void* operator new(std::size_t) { return free_list<dual_record>::take(); }
    static void operator delete(void* block) { free_list<dual_record>::give(block); }
};

const dual_record* dual_at(const array& x, std::uint64_t level) {
    return static_cast<const dual_record*>(trace_at(x, level));
}

void check_tangent(const op& o, const array& t, const spec& like, std::size_t position) {
    if (t.dtype() == like.dtype && t.shape() == like.shape) [[likely]]
        return;
    const std::string message =
        text(o.name, ": its jvp rule gave ", t.spec(), " as tangent of output ", position, ", which is ", like);
    if (t.dtype() != like.dtype) throw dtype_error(message);
    throw shape_error(message);
}

class dual_tracer final : public tracer {
public:
    dual_tracer() : tracer(new_level()) {}
    void close() { closed_.store(true, std::memory_order_relaxed); }

    array trace(const array& x, const array& tangent, const op* from) {
        counted<traced> record(new dual_record(counted<tracer>::sharing(this), x, tangent, from));
        array y = wrap(x.spec(), std::move(record));
        y.node()->weak = x.node()->weak;
        return y;
    }

    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override {
        if (closed_.load(std::memory_order_relaxed)) [[unlikely]] {
            for (const array& x : in)
                if (const dual_record* from = dual_at(x, level()))
                    refuse_escaped(o, from->made_by ? from->made_by->name : "an input of the function");
        }
        if (!o.jvp) [[unlikely]] {
            if (o.body) return o.body(in, attrs, out);  // made of ops that come back here
            return evaluate_undifferentiated(o, in, attrs, out, level(), "jvp");
        }
        short_vector<array, 4> primals(in.size()), tangents(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) {
            primals[i] = peel(in[i], level());
            if (const dual_record* d = dual_at(in[i], level())) tangents[i] = d->tangent;
        }
        short_vector<array, 2> values(out.size()), out_tangents(out.size());
        apply(o, primals.all(), attrs, values.all());
        require_closed(o, values.all(), level());
        o.jvp({o, attrs, primals.all(), values.all(), tangents.all()}, out_tangents.all());
        for (std::size_t i = 0; i < out.size(); ++i) {
            array& t = out_tangents[i];
            if (t.is_null() || !is_inexact(values[i].dtype())) {
                out[i] = std::move(values[i]);
                continue;
            }
            check_tangent(o, t, values[i].spec(), i);
            out[i] = trace(values[i], t, &o);
        }
    }

private:
    std::atomic<bool> closed_{false};
};

}  // namespace

struct forward_state {
    std::string_view name;
    counted<tracer> owner;
    std::size_t inputs = 0, outputs = 0;
    dual_tracer& tracer_of_duals() { return static_cast<dual_tracer&>(*owner); }
};

forward_trace::forward_trace(std::string_view name)
    : state_(new forward_state{name, counted<tracer>(new dual_tracer)}) {}

forward_trace::~forward_trace() {
    state_->tracer_of_duals().close();
    delete state_;
}

array forward_trace::input(const array& primal, std::span<const array> tangents) {
    const std::size_t position = state_->inputs++;
    require_differentiable(state_->name, primal, position);
    if (position >= tangents.size())
        throw value_error(text(state_->name, ": there are more inputs than the ", tangents.size(), " tangents"));
    const array& tangent = tangents[position];
    if (tangent.is_null()) return primal;
    return state_->tracer_of_duals().trace(primal, matching(state_->name, "tangent", tangent, primal.spec(), position),
                                           nullptr);
}

void forward_trace::require_all_used(std::span<const array> tangents) const {
    if (tangents.size() != state_->inputs)
        throw value_error(text(state_->name, ": got ", tangents.size(), " tangents for ", state_->inputs, " inputs"));
}

std::pair<array, array> forward_trace::output(const array& y) {
    require_output(state_->name, y, state_->outputs++);
    const std::uint64_t level = state_->owner->level();
    if (const dual_record* d = dual_at(y, level)) return {d->value, d->tangent};
    return {y, zeros_of(y.spec())};
}

array forward_trace::auxiliary(const array& y) const { return peel(y, state_->owner->level()); }

}  // namespace tessera::detail
