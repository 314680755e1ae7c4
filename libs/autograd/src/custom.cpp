// Ops that are a user's function: their rules call what the user gave, or the function itself.
#include "tessera/autograd/custom.hpp"

#include <algorithm>

#include "leaves.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/autograd/traces.hpp"
#include "tessera/autograd/vmap.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

struct custom_reference {
    std::shared_ptr<const custom_function> function;
    std::size_t hash() const { return std::hash<const void*>{}(function.get()); }
    friend bool operator==(const custom_reference&, const custom_reference&) = default;
    friend void append_text(std::string& out, const custom_reference&) { out += "function"; }
};

struct custom_attributes {
    custom_reference of;
    auto fields() const { return std::tie(of); }
};

namespace {

void register_custom(registry& r);

// x, once y is there.
constinit const op after_op{
    .name = "autograd.after",
    .inputs = 2,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::first,
    .jvp = [](const jvp_args& args, std::span<array> out) { out[0] = args.tangents[0]; },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = args.cotangents[0]; },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int> out_axes) {
            apply(args.op, args.in, {}, out);
            out_axes[0] = args.batch_axes[0];
        },
    .registers = register_custom,
};

const custom_function& function_of(attributes attrs) { return *attrs.as<custom_attributes>().of.function; }

void require_count(const op& o, std::string_view what, std::size_t got, std::size_t wanted) {
    if (got != wanted)
        throw value_error(text(o.name, ": ", what, " gave ", got, " arrays, where ", wanted, " are due"));
}

// Tangents or cotangents with zeros for null ones.
arrays dense(std::span<const array> given, std::span<const array> like) {
    arrays all(given.begin(), given.end());
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].is_null()) all[i] = zeros_of(like[i].spec());
    return all;
}

// The transpose of a linear function of the floats among `at`, applied to ct; null for integers.
template <class Linear>
arrays transposed(std::string_view name, const Linear& linear, std::span<const array> at, std::span<const array> ct) {
    reverse_trace trace(name);
    std::vector<std::size_t> floats;
    {
        arrays in(at.begin(), at.end());
        for (std::size_t i = 0; i < in.size(); ++i)
            if (is_inexact(in[i].dtype())) {
                floats.push_back(i);
                in[i] = trace.input(in[i]);
            }
        for (const array& y : linear(in)) (void)trace.output(y);
    }
    trace.finish();
    arrays found(floats.size()), gradients(at.size());
    trace.pull(ct, found);
    for (std::size_t k = 0; k < floats.size(); ++k) gradients[floats[k]] = found[k];
    return gradients;
}

arrays zeros_beside(std::span<const array> x) {
    arrays zero;
    for (const array& a : x) zero.push_back(zeros_of(a.spec()));
    return zero;
}

// While a program is captured: the same arrays, which wait for a cotangent. Else what is computed again from them would
// be found to be what the way there computed already, and kept.
arrays after(std::span<const array> x, std::span<const array> cotangents) {
    arrays same(x.begin(), x.end());
    if (!staging_tracer()) return same;
    const auto ct = std::find_if(cotangents.begin(), cotangents.end(), [](const array& c) { return !c.is_null(); });
    for (array& a : same)
        if (!a.is_literal()) a = call(after_op, {}, a, *ct);
    return same;
}

void run_custom(std::span<const array> in, attributes attrs, std::span<array> out, const op& o) {
    const arrays results = function_of(attrs).call(in);
    require_count(o, "the function", results.size(), out.size());
    for (std::size_t i = 0; i < out.size(); ++i) require_output(o.name, results[i], i);
    std::copy(results.begin(), results.end(), out.begin());
}

void custom_jvp_rule(const jvp_args& args, std::span<array> out) {
    const custom_function& f = function_of(args.attrs);
    const arrays dx = dense(args.tangents, args.in);
    arrays dy;
    if (f.push) {
        dy = f.push(args.in, args.out, dx);
    } else {
        // pull is J^H, so its transpose is J.
        const auto pull = [&](std::span<const array> ct) {
            arrays pulled = f.pull(args.in, args.out, ct);
            require_count(args.op, "its vjp", pulled.size(), args.in.size());
            return dense(pulled, args.in);
        };
        dy = transposed(args.op.name, pull, zeros_beside(args.out), dx);
    }
    require_count(args.op, "its jvp", dy.size(), out.size());
    std::move(dy.begin(), dy.end(), out.begin());
}

void custom_vjp_rule(const vjp_args& args, std::span<array> in) {
    const custom_function& f = function_of(args.attrs);
    arrays dx;
    if (f.pull) {
        dx = f.pull(args.in, args.out, dense(args.cotangents, args.out));
        require_count(args.op, "its vjp", dx.size(), in.size());
    } else if (f.push) {
        const auto push = [&](std::span<const array> tangents) { return f.push(args.in, args.out, tangents); };
        dx = transposed(args.op.name, push, zeros_beside(args.in), args.cotangents);
    } else {
        dx = transposed(args.op.name, f.call, after(args.in, args.cotangents), args.cotangents);
    }
    for (std::size_t i = 0; i < in.size(); ++i)
        if (args.needs(i)) in[i] = dx[i];
}

// f for every example: batched arguments lie along axis 0, all results do.
template <class F> auto batched(std::string_view name, F f, std::vector<bool> is_batched) {
    return [name, f = std::move(f), is_batched = std::move(is_batched)](std::span<const array> x) {
        batch_trace trace(name);
        arrays in;
        for (std::size_t i = 0; i < x.size(); ++i)
            in.push_back(trace.input(x[i], is_batched[i] ? std::optional<int>(0) : std::nullopt, i));
        trace.start();
        arrays out = f(in);
        for (array& y : out) y = trace.output(y, 0);
        return out;
    };
}

// Three lists of arrays as one, for functions of one list.
template <class F> auto of_one_list(F f, std::size_t first, std::size_t second) {
    return [f = std::move(f), first, second](std::span<const array> all) {
        return f(all.first(first), all.subspan(first, second), all.subspan(first + second));
    };
}

arrays one_list(std::span<const array> a, std::span<const array> b, std::span<const array> c) {
    arrays all(a.begin(), a.end());
    all.insert(all.end(), b.begin(), b.end());
    all.insert(all.end(), c.begin(), c.end());
    return all;
}

// The function over a batch, with derivatives over the batch: what inputs without a batch get is summed over it.
void custom_batch_rule(const batch_args& args, std::span<array> out, std::span<int>) {
    const auto f = args.attrs.as<custom_attributes>().of.function;
    const std::string_view name = args.op.name;
    std::vector<bool> in_batch;
    for (std::size_t i = 0; i < args.in.size(); ++i) in_batch.push_back(batching::is_batched(args, i));
    const std::size_t inputs = args.in.size(), outputs = out.size();
    const auto with = [&](std::vector<bool> more, std::size_t whole) {
        std::vector<bool> all = in_batch;
        all.insert(all.end(), whole, true);
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };

    auto many = std::make_shared<custom_function>();
    many->call = batched(name, f->call, in_batch);
    if (f->push) {
        const auto push = batched(name, of_one_list(f->push, inputs, outputs), with(in_batch, outputs));
        many->push = [push](auto x, auto y, auto dx) { return push(one_list(x, y, dx)); };
    }
    if (f->pull) {
        const auto pull = batched(
            name, of_one_list([f](auto x, auto y, auto ct) { return dense(f->pull(x, y, ct), x); }, inputs, outputs),
            with(std::vector<bool>(outputs, true), outputs));
        many->pull = [pull, in_batch](auto x, auto y, auto ct) {
            arrays dx = pull(one_list(x, y, ct));
            for (std::size_t i = 0; i < dx.size(); ++i)
                if (!in_batch[i]) dx[i] = sum(dx[i], 0);
            return dx;
        };
    }
    apply(args.op, args.in, custom_attributes{{std::move(many)}}, out);
}

constexpr op custom_op(std::string_view name, jvp_rule jvp, saves kept, body_rule body) {
    return {.name = name,
            .inputs = any_number,
            .outputs = any_number,
            .shape = nullptr,
            .dtype = nullptr,
            .jvp = jvp,
            .vjp = custom_vjp_rule,
            .saves = kept,
            .batch = custom_batch_rule,
            .body = body,
            .registers = register_custom};
}

void run_jvp_op(std::span<const array> in, attributes attrs, std::span<array> out);
void run_vjp_op(std::span<const array> in, attributes attrs, std::span<array> out);
void run_checkpoint_op(std::span<const array> in, attributes attrs, std::span<array> out);

constinit const op custom_jvp_op = custom_op("autograd.custom_jvp", custom_jvp_rule, saves::everything, run_jvp_op);
constinit const op custom_vjp_op = custom_op("autograd.custom_vjp", custom_jvp_rule, saves::everything, run_vjp_op);
// Forward mode goes through the body.
constinit const op checkpoint_op = custom_op("autograd.checkpoint", nullptr, saves::inputs, run_checkpoint_op);

void run_jvp_op(std::span<const array> in, attributes attrs, std::span<array> out) {
    run_custom(in, attrs, out, custom_jvp_op);
}
void run_vjp_op(std::span<const array> in, attributes attrs, std::span<array> out) {
    run_custom(in, attrs, out, custom_vjp_op);
}
void run_checkpoint_op(std::span<const array> in, attributes attrs, std::span<array> out) {
    run_custom(in, attrs, out, checkpoint_op);
}

void register_custom(registry& r) {
    for (const op* o : {&custom_jvp_op, &custom_vjp_op, &checkpoint_op, &after_op}) r.add(*o);
    r.add_kernel(cpu.kind, after_op.name,
                 {.run = [](const kernel_args& args) { args.on.copy(args.in[0], args.out[0]); }, .label = "copy"});
}

}  // namespace

arrays call_custom(custom_kind kind, const std::shared_ptr<const custom_function>& f, std::span<const array> x,
                   std::size_t results) {
    const op& o = kind == custom_kind::jvp ? custom_jvp_op : kind == custom_kind::vjp ? custom_vjp_op : checkpoint_op;
    arrays out(results);
    apply(o, x, custom_attributes{{f}}, out);
    return out;
}

}  // namespace tessera::detail
