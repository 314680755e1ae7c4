// graph.call: a compiled function as one op, for the transforms that see it.
#include "program.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
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

void call_jvp(const jvp_args& args, std::span<array> out) {
    std::vector<bool> given;
    const std::vector<array> all = given_ones(args.in, args.tangents, given);
    const std::vector<array> tangents = call_program(callee(args.attrs).jvp(given), all);
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

void run_callee(std::span<const array> in, attributes attrs, std::span<array> out) {
    const program& p = callee(attrs);
    std::vector<array> results = is_any_traced(in) ? replay(p.source(), in) : p.run(in);
    std::move(results.begin(), results.end(), out.begin());
}

}  // namespace

constinit const op call_op{
    .name = "graph.call",
    .inputs = any_number,
    .outputs = any_number,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const std::vector<spec> specs = result_specs(callee(args.attrs).source(), args.in);
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->shape = specs[i].shape;
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            const function& f = callee(args.attrs).source();
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
        },
    .jvp = call_jvp,
    .vjp = call_vjp,
    .saves = saves::inputs,
    .body = run_callee,
    .registers = register_graph,
};

std::vector<array> call_program(const std::shared_ptr<const program>& callee, std::span<const array> arguments) {
    std::vector<array> results(callee->source().results.size());
    apply(call_op, arguments, call_attributes{{callee}}, results);
    return results;
}

void register_calls(registry& r) { r.add(call_op); }

}  // namespace tessera::graph
