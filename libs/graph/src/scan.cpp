// graph.scan.
#include "scan.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

namespace {

array element(const array& x, std::int64_t i) { return slice(x, {i}); }

dims with_first(extent first, const dims& shape) {
    dims longer = shape;
    longer.insert(0, first);
    return longer;
}

void copy_to(const array& from, const array& to) {
    backend_of(to.device()).copy(detail::kernel_view(detail::materialize(from, to.device())), detail::kernel_view(to));
}

// The loop itself, one round after the other: `round` may use up the carry. With the specs of ys, and where nothing is
// traced, every y is put where it stays; else they are stacked at the end.
std::vector<array> run_rounds(const scan_attributes& attrs, std::int64_t length, std::span<const array> in,
                              const std::function<std::vector<array>(std::vector<array>&)>& round,
                              const std::vector<spec>& ys_specs) {
    std::vector<array> all(in.begin(), in.end()), out;
    const std::size_t carries = attrs.carries;
    std::vector<std::vector<array>> ys(ys_specs.size());  // without specs, the first round tells how many
    std::vector<array> places;
    if (std::none_of(in.begin(), in.end(), [](const array& x) { return x.node()->trace != nullptr; }))
        for (const spec& s : ys_specs)
            places.push_back(detail::allocate({s.dtype, with_first(length, s.shape), s.device}, "graph.scan"));
    for (std::int64_t k = 0; k < length; ++k) {
        const std::int64_t i = attrs.backwards ? length - 1 - k : k;
        for (std::size_t x = carries; x < carries + attrs.xs; ++x) all[x] = element(in[x], i);
        std::vector<array> results = round(all);
        std::move(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(carries), all.begin());
        if (k == 0) ys.resize(results.size() - carries);
        for (std::size_t y = 0; y < ys.size(); ++y) {
            array& made = results[carries + y];
            if (places.empty())
                ys[y].push_back(std::move(made));
            else
                copy_to(made, element(places[y], i));
        }
    }
    out.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(carries));
    if (!places.empty() || ys.empty()) {
        out.insert(out.end(), places.begin(), places.end());
        return out;
    }
    for (std::size_t y = 0; y < ys.size(); ++y) {
        if (attrs.backwards) std::reverse(ys[y].begin(), ys[y].end());
        out.push_back(length > 0 ? stack(ys[y], 0)
                                 : zeros(with_first(0, ys_specs[y].shape), ys_specs[y].dtype, ys_specs[y].device));
    }
    return out;
}

void require_kept(std::span<const array> results, std::span<const array> carry) {
    if (results.size() < carry.size())
        throw shape_error(text("graph.scan: the carry has ", carry.size(), " arrays, body gives ", results.size()));
    for (std::size_t i = 0; i < carry.size(); ++i)
        require_same_specs("graph.scan", "what body gives for carry", results[i].spec(), carry[i].spec(), i);
}

std::vector<spec> body_specs(const scan_attributes& attrs, std::span<const spec* const> in) {
    std::vector<spec> elements;
    std::vector<const spec*> picked;
    elements.reserve(in.size());
    for (const std::uint32_t i : attrs.body.inputs) {
        elements.push_back(*in[i]);
        if (i >= attrs.carries && i < attrs.carries + attrs.xs)
            elements.back().shape = without_first(elements.back().shape);
        picked.push_back(&elements.back());
    }
    return result_specs(attrs.body.code->source(), picked);
}

}  // namespace

std::vector<array> run_scan(const scan_attributes& attrs, std::span<const array> in) {
    std::vector<array> out(attrs.body.code->source().results.size());
    apply(scan_op, in, attrs, out);
    return out;
}

namespace {

// The body for all examples at once. A part of the carry differs from example to example when what the body makes of it
// does. Arrays to run over have their elements first and the batch behind.
void scan_batch(const batch_args& args, std::span<array> out, std::span<int> out_axes) {
    const scan_attributes& attrs = scan_of(args.attrs);
    const std::size_t carries = attrs.carries, xs_end = carries + attrs.xs;
    const auto body = [&](std::span<const array> one) { return attrs.body.replayed(one); };
    std::vector<bool> batched = batched_inputs(args);
    std::vector<array> all(args.in.begin(), args.in.end());
    for (std::size_t i = carries; i < xs_end; ++i)
        if (batched[i]) all[i] = moveaxis(all[i], 0, 1);
    const auto elements = [&] {
        std::vector<value> values;
        for (std::size_t i = 0; i < all.size(); ++i)
            values.push_back(i >= carries && i < xs_end ? element_of(all[i]) : like(all[i]));
        return values;
    };
    for (bool is_settled = false; !is_settled;) {
        is_settled = true;
        const std::vector<bool> differs = which_are_batched(args.op.name, elements(), batched, body);
        for (std::size_t i = 0; i < carries; ++i) {
            if (batched[i] || !differs[i]) continue;
            all[i] = broadcast_to(all[i], batching::with_batch(batching::size(args), all[i].shape()));
            batched[i] = true;
            is_settled = false;
        }
    }
    std::vector<bool> differs(batched.begin(), batched.begin() + static_cast<std::ptrdiff_t>(carries));
    scan_attributes derived = attrs;
    derived.body = batched_part(args.op.name, elements(), batched, differs, body);
    std::vector<array> results = run_scan(derived, all);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::move(results[i]);
        out_axes[i] = !differs[i] ? -1 : i < carries ? 0 : 1;
    }
}

}  // namespace

constinit const op scan_op{
    .name = "graph.scan",
    .inputs = any_number,
    .outputs = any_number,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const scan_attributes& attrs = scan_of(args.attrs);
            const std::vector<spec> made = body_specs(attrs, args.in);
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i]->shape = i < attrs.carries ? args.in[i]->shape : with_first(attrs.length, made[i].shape);
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            const function& f = scan_of(args.attrs).body.code->source();
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
        },
    .jvp = scan_jvp,
    .vjp = scan_vjp,
    .saves = saves::inputs,
    .batch = scan_batch,
    .body =
        [](std::span<const array> in, attributes attrs, std::span<array> out) {
            const scan_attributes& l = scan_of(attrs);
            std::vector<const spec*> specs;
            for (const array& x : in) specs.push_back(&x.spec());
            std::vector<spec> made = body_specs(l, specs);
            made.erase(made.begin(), made.begin() + l.carries);
            std::vector<array> results = run_rounds(
                l, l.length.value(), in, [&](std::vector<array>& all) { return l.body.run_round(all, l.carries); },
                made);
            std::move(results.begin(), results.end(), out.begin());
        },
    .registers = register_graph,
};

void register_scan(registry& r) { r.add(scan_op); }

}  // namespace tessera::graph

namespace tessera::detail {

std::vector<array> scan(const flat_function& body, std::span<const array> carry, std::span<const array> xs,
                        extent length, bool backwards) {
    using namespace graph;
    for (std::size_t i = 0; i < xs.size(); ++i)
        if (xs[i].is_null() || xs[i].rank() == 0 || !(xs[i].shape()[0] == length))
            throw shape_error(text("graph.scan: xs ", i, " is ", xs[i].is_null() ? spec{} : xs[i].spec(),
                                   "; every one must have a leading axis of size ", length));
    std::vector<array> inputs;
    for (const array& x : carry) {
        if (x.is_null()) throw value_error("graph.scan: the carry holds a null array");
        inputs.push_back(x.is_literal() ? full({}, x.item_value(), cpu) : x);
    }
    const std::vector<array> start = inputs;
    inputs.insert(inputs.end(), xs.begin(), xs.end());
    scan_attributes attrs{
        {}, static_cast<std::uint32_t>(carry.size()), static_cast<std::uint32_t>(xs.size()), length, backwards};
    const flat_function checked = [&](std::span<const array> values) {
        std::vector<array> results = body(values);
        require_kept(results, start);
        return results;
    };
    // Outside of captures every round is an ordinary call; without any, a capture tells the results' specs.
    if (!staging_tracer() && length.value() > 0) return run_rounds(attrs, length.value(), inputs, checked, {});
    std::vector<value> values = all_like(start);
    for (const array& x : xs) values.push_back(element_of(x));
    attrs.body = capture_part("graph.scan", values, 0, inputs, checked);
    std::vector<array> out(attrs.body.code->source().results.size());
    apply(scan_op, inputs, attrs, out);
    return out;
}

}  // namespace tessera::detail
