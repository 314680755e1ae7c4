#include "custom.hpp"

#include <algorithm>

#include "control.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

namespace {

const custom_attributes& custom(attributes attrs) { return attrs.as<custom_attributes>(); }

void shapes_of(const rule_args& args, std::span<spec* const> out) {
    const std::vector<spec> specs = result_specs(*custom(args.attrs).body, args.in);
    for (std::size_t i = 0; i < out.size(); ++i) out[i]->shape = specs[i].shape;
}

void dtypes_of(const rule_args& args, std::span<spec* const> out) {
    const function& f = *custom(args.attrs).body;
    for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
}

[[noreturn]] void refuse_closed_over(const custom_attributes& c, const array& x) {
    throw value_error(text(c.rules->operation->name, ": the function uses ", x.spec(),
                           ", which a transform traces, besides its arguments; pass it as an argument"));
}

void custom_jvp(const jvp_args& args, std::span<array> out) {
    const custom_attributes& c = custom(args.attrs);
    const op& o = *c.rules->operation;
    for (std::size_t i = c.arguments; i < args.in.size(); ++i)
        if (!args.tangents[i].is_null()) refuse_closed_over(c, args.in[i]);
    o.jvp({o, c.rules->attrs, args.in.first(c.arguments), args.out, args.tangents.first(c.arguments)}, out);
}

void custom_vjp(const vjp_args& args, std::span<array> in) {
    const custom_attributes& c = custom(args.attrs);
    const op& o = *c.rules->operation;
    for (std::size_t i = c.arguments; i < args.in.size(); ++i)
        if (args.needs(i) && is_inexact(args.in[i].dtype())) refuse_closed_over(c, args.in[i]);
    o.vjp({o, c.rules->attrs, args.in.first(c.arguments), args.out, args.cotangents, args.needed.first(c.arguments)},
          in.first(c.arguments));
}

void custom_batch(const batch_args& args, std::span<array> out, std::span<int> out_axes) {
    const custom_attributes& c = custom(args.attrs);
    const op& o = *c.rules->operation;
    for (std::size_t i = c.arguments; i < args.in.size(); ++i)
        if (batching::is_batched(args, i)) refuse_closed_over(c, args.in[i]);
    o.batch({o, c.rules->attrs, args.in.first(c.arguments), args.batch_axes.first(c.arguments)}, out, out_axes);
}

}  // namespace

constinit const op custom_op{
    .name = "graph.custom",
    .inputs = any_number,
    .outputs = any_number,
    .shape = shapes_of,
    .dtype = dtypes_of,
    .jvp = custom_jvp,
    .vjp = custom_vjp,
    .saves = saves::everything,
    .batch = custom_batch,
    .body =
        [](std::span<const array> in, attributes attrs, std::span<array> out) {
            std::vector<array> results = replay(*custom(attrs).body, in);
            std::move(results.begin(), results.end(), out.begin());
        },
    .registers = register_graph,
};

bool holds_function(const op& o) { return &o == &custom_op || (o.body && !o.shape && o.jvp && o.vjp && o.batch); }

custom_attributes keep_function(const op& o, std::span<const array> in, attributes attrs, std::size_t outputs,
                                std::vector<array>& inputs) {
    captured c = capture(o.name, all_like(in), {}, closures::lifted, [&](std::span<const array> arguments) {
        std::vector<array> results(outputs);
        o.body(arguments, attrs, results);
        return results;
    });
    inputs.assign(in.begin(), in.end());
    inputs.insert(inputs.end(), c.closed_over.begin(), c.closed_over.end());
    custom_attributes kept;
    kept.body.program = std::make_shared<const function>(std::move(c.body));
    if (&o == &custom_op) {
        kept.rules = custom(attrs).rules;
        kept.arguments = custom(attrs).arguments;
    } else {
        kept.rules.program = std::make_shared<const ruled_op>(ruled_op{&o, kept_attributes(attrs)});
        kept.arguments = static_cast<std::uint32_t>(in.size());
    }
    return kept;
}

void register_custom(registry& r) { r.add(custom_op); }

}  // namespace tessera::graph
