// vmap: every op runs on the whole batch, by its own rule or over its leading axes.
#include "tessera/array/batching.hpp"

#include "leaves.hpp"
#include "tape.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/autograd/vmap.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace autograd {

std::optional<int> batch_axes::at(std::size_t i, std::size_t count, std::string_view what) const {
    if (!is_list_) return listed_[0];
    if (listed_.size() != count) throw value_error(text("vmap: got ", listed_.size(), " axes for ", count, " ", what));
    return listed_[i];
}

}  // namespace autograd

namespace detail {

namespace {

// Its value has the batch as its first axis.
struct batch_record final : traced {
    batch_record(counted<tracer> by, array stands_for, const op* from)
        : traced(std::move(by), std::move(stands_for)), made_by(from) {}
    const op* made_by;  // null: an input of the function

    static void* operator new(std::size_t) { return free_list<batch_record>::take(); }
    static void operator delete(void* block) { free_list<batch_record>::give(block); }
};

class batch_tracer final : public tracer {
public:
    batch_tracer() : tracer(new_level()) {}
    void close() { closed_.store(true, std::memory_order_relaxed); }

    // What one call sees of a batch.
    array trace(array batch, const op* from) {
        spec one = batch.spec();
        one.shape.erase(0);
        const std::uint8_t weak = batch.node()->weak;
        array y = wrap(one, counted<traced>(new batch_record(counted<tracer>::sharing(this), std::move(batch), from)));
        y.node()->weak = weak;
        return y;
    }

    bool holds_many() const override { return true; }
    array concrete(const traced& record) const override {
        throw value_error(text("vmap: a batched value of ", record.value.spec(),
                               ", the batch first, has no single value to read; choose with where, not with if"));
    }
    extent extent_of(const traced& record) const override {
        throw value_error(
            text("vmap: a size cannot be different for every example: to_extent got a batch of ", record.value.spec()));
    }

    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override {
        if (closed_.load(std::memory_order_relaxed)) [[unlikely]]
            refuse_closed(o, in);
        if (!o.batch && o.core.in < 0) {
            if (o.body) return o.body(in, attrs, out);  // made of ops that come back here
            throw value_error(text(o.name, ": has no batch rule, no core ranks and no body, so vmap cannot run it"));
        }
        short_vector<spec, 2> results(out.size());
        if (o.shape) infer_one(o, in, attrs, results.all());

        short_vector<array, 4> below(in.size());
        short_vector<int, 4> axes(in.size());
        extent batch = 0;
        for (std::size_t i = 0; i < in.size(); ++i) {
            const bool is_batched = trace_at(in[i], level()) != nullptr;
            below[i] = peel(in[i], level());
            axes[i] = is_batched ? 0 : -1;
            if (is_batched) batch = below[i].shape()[0];
        }
        short_vector<array, 2> values(out.size());
        short_vector<int, 2> out_axes(out.size());
        const batch_args args{o, attrs, std::as_const(below).all(), std::as_const(axes).all()};
        (o.batch ? o.batch : batching::over_leading_axes)(args, values.all(), out_axes.all());
        require_closed(o, values.all(), level());
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (out_axes[i] < 0) {
                out[i] = std::move(values[i]);
                continue;
            }
            array front = out_axes[i] == 0 ? std::move(values[i]) : moveaxis(values[i], out_axes[i], 0);
            check_result(o, front, batch, o.shape ? &results[i] : nullptr, i);
            out[i] = trace(std::move(front), &o);
        }
    }

private:
    void refuse_closed(const op& o, std::span<const array> in) const {
        for (const array& x : in)
            if (const traced* record = trace_at(x, level())) {
                const op* from = static_cast<const batch_record*>(record)->made_by;
                refuse_escaped(o, from ? from->name : "an input of the function");
            }
    }

    // The rules on what one call sees: bad shapes are refused in the shapes that the function has.
    static void infer_one(const op& o, std::span<const array> in, attributes attrs, std::span<spec> results) {
        short_vector<const spec*, 4> specs(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) specs[i] = &in[i].spec();
        infer(o, std::as_const(specs).all(), attrs, results);
    }

    static void check_result(const op& o, const array& y, extent batch, const spec* one, std::size_t position) {
        const dims& shape = y.shape();
        const bool fits = !shape.empty() && shape[0] == batch &&
                          (!one || (y.dtype() == one->dtype && shape == batching::with_batch(batch, one->shape)));
        if (fits) [[likely]]
            return;
        std::string message =
            text(o.name, ": its batch rule gave ", y.spec(), " as output ", position, " of a batch of ", batch);
        if (one) message += text(", where one call gives ", *one);
        throw shape_error(message);
    }

    std::atomic<bool> closed_{false};
};

}  // namespace

struct batch_state {
    std::string_view name;
    counted<tracer> owner;
    extent size = 0;
    std::size_t first_batched = 0;
    bool any = false;
    std::size_t outputs = 0;
    batch_tracer& tracer_of_batches() { return static_cast<batch_tracer&>(*owner); }
};

batch_trace::batch_trace(std::string_view name) : state_(new batch_state{name, counted<tracer>(new batch_tracer)}) {}

batch_trace::~batch_trace() {
    state_->tracer_of_batches().close();
    delete state_;
}

array batch_trace::input(const array& x, std::optional<int> axis, std::size_t argument) {
    if (x.is_null()) throw value_error(text(state_->name, ": argument ", argument, " holds a null array"));
    if (!axis) return x;
    const int rank = x.rank();
    if (*axis < -rank || *axis >= rank)
        throw index_error(
            text(state_->name, ": argument ", argument, " is ", x.spec(), " and has no axis ", *axis, " to map over"));
    const extent size = x.extent(*axis);
    if (!state_->any) {
        state_->any = true;
        state_->size = size;
        state_->first_batched = argument;
    } else if (!(size == state_->size)) {
        throw shape_error(text(state_->name, ": argument ", argument, " has ", size, " examples along axis ", *axis,
                               " of ", x.shape(), ", but argument ", state_->first_batched, " has ", state_->size));
    }
    array front = *axis == 0 ? x : moveaxis(x, *axis, 0);
    return state_->tracer_of_batches().trace(std::move(front), nullptr);
}

void batch_trace::start() {
    if (!state_->any) throw value_error(text(state_->name, ": no argument has an axis to map over"));
}

bool batch_trace::is_batched(const array& y) const { return trace_at(y, state_->owner->level()) != nullptr; }

array batch_trace::output(const array& y, std::optional<int> axis) {
    const std::size_t position = state_->outputs++;
    require_output(state_->name, y, position);
    const traced* record = trace_at(y, state_->owner->level());
    if (!axis) {
        if (!record) return y;
        throw value_error(text(state_->name, ": output ", position,
                               " is asked for without an axis, but differs from example to example"));
    }
    const int rank = y.rank() + 1;
    if (*axis < -rank || *axis >= rank)
        throw index_error(text(state_->name, ": output ", position, " is ", y.spec(),
                               " for one example and cannot have them along axis ", *axis));
    const array all = record ? record->value : broadcast_to(y, batching::with_batch(state_->size, y.shape()));
    const int to = *axis < 0 ? *axis + rank : *axis;
    return to == 0 ? all : moveaxis(all, 0, to);
}

}  // namespace detail

}  // namespace tessera
