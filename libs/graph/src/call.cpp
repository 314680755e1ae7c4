// graph.call: a compiled function as one op, for the transforms that see it.
#include "program.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

namespace {

const program& callee(attributes attrs) { return *attrs.as<call_attributes>().callee; }

bool is_any_traced(std::span<const array> in) {
    return std::any_of(in.begin(), in.end(), [](const array& x) { return x.node()->trace != nullptr; });
}

std::vector<array> given_ones(std::span<const array> in, std::span<const array> more, std::vector<bool>& given) {
    std::vector<array> all(in.begin(), in.end());
    for (const array& x : more) {
        given.push_back(!x.is_null());
        if (!x.is_null()) all.push_back(x);
    }
    return all;
}

void jvp_of(const program& p, const jvp_args& args, std::span<array> out) {
    std::vector<bool> given;
    const std::vector<array> all = given_ones(args.in, args.tangents, given);
    const std::vector<array> tangents = call_program(p.jvp(given), all);
    for (std::size_t i = 0; i < out.size(); ++i)
        if (is_inexact(args.out[i].dtype())) out[i] = tangents[i];
}

void call_vjp(const vjp_args& args, std::span<array> in) {
    std::vector<bool> given, needed;
    for (std::size_t i = 0; i < in.size(); ++i) needed.push_back(args.needs(i) && is_inexact(args.in[i].dtype()));
    const std::vector<array> all = given_ones(args.in, args.cotangents, given);
    const std::vector<array> gradients = call_program(callee(args.attrs).vjp(given, needed), all);
    for (std::size_t i = 0, next = 0; i < in.size(); ++i)
        if (needed[i]) in[i] = gradients[next++];
}

void shapes_of(const function& f, const rule_args& args, std::span<spec* const> out) {
    const std::vector<spec> specs = result_specs(f, args.in);
    for (std::size_t i = 0; i < out.size(); ++i) out[i]->shape = specs[i].shape;
}

void dtypes_of(const function& f, std::span<spec* const> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
}

void run(const program& p, std::span<const array> in, std::span<array> out) {
    std::vector<array> results = is_any_traced(in) ? replay(p.source(), in) : p.run(in);
    std::move(results.begin(), results.end(), out.begin());
}

}  // namespace

constinit const op call_op{
    .name = "graph.call",
    .inputs = any_number,
    .outputs = any_number,
    .shape = [](const rule_args& args,
                std::span<spec* const> out) { shapes_of(callee(args.attrs).source(), args, out); },
    .dtype = [](const rule_args& args, std::span<spec* const> out) { dtypes_of(callee(args.attrs).source(), out); },
    .jvp = [](const jvp_args& args, std::span<array> out) { jvp_of(callee(args.attrs), args, out); },
    .vjp = call_vjp,
    .saves = saves::inputs,
    .body = [](std::span<const array> in, attributes attrs, std::span<array> out) { run(callee(attrs), in, out); },
    .registers = register_graph,
};

namespace {

const linearisation& parts_of(attributes attrs) { return *attrs.as<saving_attributes>().parts; }

void saving_vjp(const vjp_args& args, std::span<array> in) {
    const linearisation& parts = parts_of(args.attrs);
    const auto results = static_cast<std::size_t>(args.attrs.as<saving_attributes>().results);
    const auto later = args.cotangents.subspan(results);
    std::vector<bool> needed;
    std::vector<array> gradients;
    if (std::all_of(later.begin(), later.end(), [](const array& ct) { return ct.is_null(); })) {
        std::vector<array> all(args.in.begin(), args.in.end());
        all.insert(all.end(), args.out.begin() + static_cast<std::ptrdiff_t>(results), args.out.end());
        for (std::size_t k = 0; k < results; ++k)
            if (const array& ct = args.cotangents[k], &y = args.out[k]; is_inexact(y.dtype()))
                all.push_back(ct.is_null() ? zeros(y.shape(), y.dtype(), y.device()) : ct);
        needed = parts.needed;
        gradients = call_program(parts.pullback, all);
    } else {  // a derivative of the pullback itself
        std::vector<bool> given;
        for (std::size_t i = 0; i < in.size(); ++i) needed.push_back(args.needs(i) && is_inexact(args.in[i].dtype()));
        const std::vector<array> all = given_ones(args.in, args.cotangents, given);
        gradients = call_program(parts.forward->vjp(given, needed), all);
    }
    for (std::size_t i = 0, next = 0; i < in.size(); ++i) {
        if (!needed[i]) continue;
        const array& gradient = gradients[next++];
        if (args.needs(i)) in[i] = gradient;
    }
}

}  // namespace

constinit const op saving_call_op{
    .name = "graph.call_saving",
    .inputs = any_number,
    .outputs = any_number,
    .shape = [](const rule_args& args,
                std::span<spec* const> out) { shapes_of(parts_of(args.attrs).forward->source(), args, out); },
    .dtype = [](const rule_args& args,
                std::span<spec* const> out) { dtypes_of(parts_of(args.attrs).forward->source(), out); },
    .jvp = [](const jvp_args& args, std::span<array> out) { jvp_of(*parts_of(args.attrs).forward, args, out); },
    .vjp = saving_vjp,
    .body = [](std::span<const array> in, attributes attrs,
               std::span<array> out) { run(*parts_of(attrs).forward, in, out); },
    .registers = register_graph,
};

namespace {

// What the innermost transform, when it is reverse mode, will want of a program with these arguments.
std::shared_ptr<const linearisation> for_reverse_mode(const program& callee, std::span<const array> arguments) {
    const traced* innermost = nullptr;
    for (const array& x : arguments)
        if (const traced* record = x.node()->trace; record && (!innermost || record->level > innermost->level))
            innermost = record;
    if (!innermost || !innermost->owner->reads_values_later()) return nullptr;
    std::vector<bool> needed;
    for (const array& x : arguments)
        needed.push_back(trace_at(x, innermost->level) != nullptr && is_inexact(x.dtype()));
    return callee.linearised(needed);
}

}  // namespace

std::vector<array> call_program(const std::shared_ptr<const program>& callee, std::span<const array> arguments) {
    const std::size_t results = callee->source().results.size();
    if (auto parts = for_reverse_mode(*callee, arguments)) {
        std::vector<array> all(parts->forward->source().results.size());
        const auto count = static_cast<std::int64_t>(results);
        apply(saving_call_op, arguments, saving_attributes{{std::move(parts)}, count}, all);
        all.resize(results);
        return all;
    }
    std::vector<array> all(results);
    apply(call_op, arguments, call_attributes{{callee}}, all);
    return all;
}

void register_calls(registry& r) {
    r.add(call_op);
    r.add(saving_call_op);
}

}  // namespace tessera::graph
