// graph.cond.
#include "control.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

// Inputs: the predicate, then what the branches use.
struct cond_attributes {
    part on_true, on_false;
    auto fields() const { return std::tie(on_true, on_false); }
};

namespace {

const cond_attributes& branches(attributes attrs) { return attrs.as<cond_attributes>(); }

std::vector<spec> specs_of(const part& p, std::span<const spec* const> in) {
    std::vector<const spec*> picked;
    for (const std::uint32_t i : p.inputs) picked.push_back(in[i]);
    return result_specs(p.code->source(), picked);
}

void cond_shapes(const rule_args& args, std::span<spec* const> out) {
    const spec& predicate = *args.in[0];
    if (!predicate.shape.empty())
        throw shape_error(text(args.op.name, ": the predicate must be one boolean of rank 0, got ", predicate));
    const auto a = specs_of(branches(args.attrs).on_true, args.in),
               b = specs_of(branches(args.attrs).on_false, args.in);
    for (std::size_t i = 0; i < out.size(); ++i) {
        require_same_specs(args.op.name, "result of on_false", b[i], a[i], i);
        out[i]->shape = a[i].shape;
    }
}

void cond_dtypes(const rule_args& args, std::span<spec* const> out) {
    if (args.in[0]->dtype != boolean)
        throw dtype_error(text(args.op.name, ": the predicate must be one boolean of rank 0, got ", *args.in[0]));
    const function& f = branches(args.attrs).on_true.code->source();
    for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
}

std::vector<array> run(const cond_attributes& attrs, std::span<const array> in) {
    std::vector<array> out(attrs.on_true.code->source().results.size());
    apply(cond_op, in, attrs, out);
    return out;
}

// in, then the tangents that are not zero.
void cond_jvp(const jvp_args& args, std::span<array> out) {
    const cond_attributes& attrs = branches(args.attrs);
    std::vector<array> all(args.in.begin(), args.in.end());
    std::vector<std::uint32_t> place(args.in.size(), 0);
    for (std::size_t i = 1; i < args.in.size(); ++i) {
        if (args.tangents[i].is_null()) continue;
        place[i] = static_cast<std::uint32_t>(all.size());
        all.push_back(args.tangents[i]);
    }
    const auto derivative = [&](const part& p) {
        std::vector<std::uint32_t> inputs = p.inputs;
        for (const std::uint32_t i : p.inputs)
            if (place[i] != 0) inputs.push_back(place[i]);
        std::vector<value> parameters;
        for (const std::uint32_t i : inputs) parameters.push_back(like(all[i]));
        part made = derived_part("graph.cond", parameters, [&](std::span<const array> given) {
            std::vector<array> tangents(p.inputs.size());
            std::size_t next = p.inputs.size();
            for (std::size_t i = 0; i < p.inputs.size(); ++i)
                if (place[p.inputs[i]] != 0) tangents[i] = given[next++];
            std::vector<array> results;
            for (array& t : tangents_through(p, given.first(p.inputs.size()), tangents))
                if (!t.is_null()) results.push_back(std::move(t));
            return results;
        });
        made.inputs = std::move(inputs);
        return made;
    };
    const std::vector<array> tangents = run({derivative(attrs.on_true), derivative(attrs.on_false)}, all);
    for (std::size_t i = 0, next = 0; i < out.size(); ++i)
        if (is_inexact(args.out[i].dtype())) out[i] = tangents[next++];
}

// in, then the cotangents that are not zero. Each branch gives the cotangents of all needed inputs.
void cond_vjp(const vjp_args& args, std::span<array> in) {
    const cond_attributes& attrs = branches(args.attrs);
    std::vector<array> all(args.in.begin(), args.in.end());
    std::vector<std::size_t> wanted;
    for (std::size_t i = 1; i < in.size(); ++i)
        if (args.needs(i) && is_inexact(args.in[i].dtype())) wanted.push_back(i);
    for (const array& ct : args.cotangents)
        if (!ct.is_null()) all.push_back(ct);
    const auto derivative = [&](const part& p) {
        part made = derived_part("graph.cond", all_like(all), [&](std::span<const array> given) {
            std::vector<array> cotangents(args.cotangents.size());
            std::size_t next = args.in.size();
            for (std::size_t k = 0; k < cotangents.size(); ++k)
                if (!args.cotangents[k].is_null()) cotangents[k] = given[next++];
            std::vector<bool> needed;
            for (const std::uint32_t i : p.inputs)
                needed.push_back(std::find(wanted.begin(), wanted.end(), i) != wanted.end());
            const auto through = cotangents_through(p, p.pick(given), cotangents, needed);
            std::vector<array> results;
            for (const std::size_t i : wanted) {
                array sum;
                for (std::size_t k = 0; k < p.inputs.size(); ++k)
                    if (p.inputs[k] == i && !through[k].is_null()) sum = sum.is_null() ? through[k] : sum + through[k];
                results.push_back(sum.is_null() ? zeros_like(given[i]) : sum);
            }
            return results;
        });
        return made;
    };
    const std::vector<array> gradients = run({derivative(attrs.on_true), derivative(attrs.on_false)}, all);
    for (std::size_t k = 0; k < wanted.size(); ++k) in[wanted[k]] = gradients[k];
}

// A predicate for each example: both branches for all of them, then a choice. One for all: one branch, for all of them.
void cond_batch(const batch_args& args, std::span<array> out, std::span<int> out_axes) {
    const cond_attributes& attrs = branches(args.attrs);
    const std::vector<bool> batched = batched_inputs(args);
    std::vector<bool> differs(out.size(), false);
    std::vector<array> results;
    if (batched[0]) {
        results = over_batch(args.op.name, args.in, batched, differs, [&](std::span<const array> given) {
            std::vector<array> chosen = attrs.on_true.replayed(given);
            const std::vector<array> others = attrs.on_false.replayed(given);
            for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = where(given[0], chosen[i], others[i]);
            return chosen;
        });
    } else {
        const std::vector<value> parameters = all_like(args.in);
        const auto of = [&](const part& p) {
            return batched_part(args.op.name, parameters, batched, differs,
                                [&](std::span<const array> given) { return p.replayed(given); });
        };
        part on_true = of(attrs.on_true);
        const std::vector<bool> before = differs;
        part on_false = of(attrs.on_false);
        if (differs != before) on_true = of(attrs.on_true);
        results = run({std::move(on_true), std::move(on_false)}, args.in);
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::move(results[i]);
        out_axes[i] = differs[i] ? 0 : -1;
    }
}

}  // namespace

constinit const op cond_op{
    .name = "graph.cond",
    .inputs = any_number,
    .outputs = any_number,
    .shape = cond_shapes,
    .dtype = cond_dtypes,
    .jvp = cond_jvp,
    .vjp = cond_vjp,
    .saves = saves::inputs,
    .batch = cond_batch,
    .body =
        [](std::span<const array> in, attributes attrs, std::span<array> out) {
            const cond_attributes& b = branches(attrs);
            std::vector<array> results = (in[0].item<bool>() ? b.on_true : b.on_false).run(in);
            std::move(results.begin(), results.end(), out.begin());
        },
    .registers = register_graph,
};

void register_cond(registry& r) { r.add(cond_op); }

}  // namespace tessera::graph

namespace tessera::detail {

std::vector<array> cond(const array& predicate, const flat_function& on_true, const flat_function& on_false,
                        std::span<const array> operands) {
    using namespace graph;
    if (predicate.is_null()) throw value_error("graph.cond: the predicate is a null array");
    if (predicate.dtype() != boolean)
        throw dtype_error(text("graph.cond: the predicate must be one boolean of rank 0, got ", predicate.spec()));
    if (predicate.rank() != 0)
        throw shape_error(text("graph.cond: the predicate must be one boolean of rank 0, got ", predicate.spec()));
    if (has_data(predicate)) return predicate.item<bool>() ? on_true(operands) : on_false(operands);
    std::vector<array> inputs{predicate};
    inputs.insert(inputs.end(), operands.begin(), operands.end());
    const std::vector<value> values = all_like(operands);
    cond_attributes attrs;
    attrs.on_false = capture_part("graph.cond", values, 1, inputs, on_false);
    attrs.on_true = capture_part("graph.cond", values, 1, inputs, on_true);
    const std::size_t results = attrs.on_true.code->source().results.size();
    if (attrs.on_false.code->source().results.size() != results)
        throw shape_error(text("graph.cond: on_true gives ", results, " arrays, on_false ",
                               attrs.on_false.code->source().results.size()));
    std::vector<array> out(results);
    apply(cond_op, inputs, attrs, out);
    return out;
}

}  // namespace tessera::detail
