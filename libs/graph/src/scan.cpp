// graph.scan.
#include "control.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera::graph {

// Inputs: the carry, then the arrays to run over, then what the body uses besides.
struct scan_attributes {
    part body;
    std::uint32_t carries, xs;
    extent length;
    bool backwards;
    auto fields() const { return std::tie(body, carries, xs, length, backwards); }
};

namespace {

const scan_attributes& loop(attributes attrs) { return attrs.as<scan_attributes>(); }

array element(const array& x, std::int64_t i) { return slice(x, {i}); }

dims without_first(const dims& shape) { return dims(std::span(shape.data() + 1, shape.size() - 1)); }
dims with_first(extent first, const dims& shape) {
    dims longer = shape;
    longer.insert(0, first);
    return longer;
}

value element_of(const array& x) {
    value v = like(x);
    v.spec.shape = without_first(v.spec.shape);
    return v;
}

// The loop itself, one round after the other.
std::vector<array> run_rounds(const scan_attributes& attrs, std::int64_t length, std::span<const array> in,
                              const std::function<std::vector<array>(std::span<const array>)>& round,
                              const std::vector<spec>& ys_specs) {
    std::vector<array> all(in.begin(), in.end());
    const std::size_t carries = attrs.carries;
    std::vector<std::vector<array>> ys(ys_specs.size());  // without specs, the first round tells how many
    for (std::int64_t k = 0; k < length; ++k) {
        const std::int64_t i = attrs.backwards ? length - 1 - k : k;
        for (std::size_t x = carries; x < carries + attrs.xs; ++x) all[x] = element(in[x], i);
        std::vector<array> results = round(all);
        std::move(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(carries), all.begin());
        if (k == 0) ys.resize(results.size() - carries);
        for (std::size_t y = 0; y < ys.size(); ++y) ys[y].push_back(std::move(results[carries + y]));
    }
    std::vector<array> out(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(carries));
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

std::vector<array> run(const scan_attributes& attrs, std::span<const array> in) {
    std::vector<array> out(attrs.body.code->source().results.size());
    apply(scan_op, in, attrs, out);
    return out;
}

// A loop over more than the one it is derived from.
struct wider_loop {
    std::vector<array> carry, xs, more;

    std::vector<array> inputs() const {
        std::vector<array> all = carry;
        all.insert(all.end(), xs.begin(), xs.end());
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    std::vector<value> elements() const {
        std::vector<value> values = all_like(carry);
        for (const array& x : xs) values.push_back(element_of(x));
        for (const array& x : more) values.push_back(like(x));
        return values;
    }
};

void scan_jvp(const jvp_args& args, std::span<array> out) {
    const scan_attributes& attrs = loop(args.attrs);
    const std::size_t carries = attrs.carries, xs_end = carries + attrs.xs, ys = out.size() - carries;
    const auto tangent = [&](std::size_t i) {
        return args.tangents[i].is_null() ? zeros_like(args.in[i]) : args.tangents[i];
    };
    wider_loop w;
    std::vector<std::size_t> place(args.in.size(), SIZE_MAX);  // of tangents among the inputs of their kind
    for (std::size_t i = 0; i < args.in.size(); ++i)
        (i < carries ? w.carry : i < xs_end ? w.xs : w.more).push_back(args.in[i]);
    for (std::size_t i = 0; i < args.in.size(); ++i) {
        if (!is_inexact(args.in[i].dtype()) || (i >= carries && args.tangents[i].is_null())) continue;
        auto& list = i < carries ? w.carry : i < xs_end ? w.xs : w.more;
        place[i] = list.size();
        list.push_back(tangent(i));
    }
    const std::size_t all_carries = w.carry.size(), all_xs = w.xs.size();
    const auto at = [&](std::size_t i, std::size_t within) {  // among all inputs
        return i < carries ? within : i < xs_end ? all_carries + within : all_carries + all_xs + within;
    };
    const auto own = [&](std::size_t i) { return at(i, i < carries ? i : i < xs_end ? i - carries : i - xs_end); };

    scan_attributes derived{
        {}, static_cast<std::uint32_t>(all_carries), static_cast<std::uint32_t>(all_xs), attrs.length, attrs.backwards};
    derived.body = derived_part("graph.scan", w.elements(), [&](std::span<const array> given) {
        std::vector<array> arguments, tangents;
        for (const std::uint32_t i : attrs.body.inputs) {
            arguments.push_back(given[own(i)]);
            tangents.push_back(place[i] == SIZE_MAX ? array{} : given[at(i, place[i])]);
        }
        const std::vector<array> results = replay(attrs.body.code->source(), arguments);
        const std::vector<array> slopes = tangents_through(attrs.body, arguments, tangents);
        std::vector<array> wide(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(carries));
        for (std::size_t i = 0; i < carries; ++i)
            if (place[i] != SIZE_MAX) wide.push_back(slopes[i]);
        for (std::size_t y = 0; y < ys; ++y)
            if (!slopes[carries + y].is_null()) wide.push_back(slopes[carries + y]);
        return wide;
    });
    const std::vector<array> results = run(derived, w.inputs());
    for (std::size_t i = 0; i < carries; ++i)
        if (place[i] != SIZE_MAX) out[i] = results[place[i]];
    std::size_t next = all_carries;
    for (std::size_t y = 0; y < ys; ++y)
        if (is_inexact(args.out[carries + y].dtype())) out[carries + y] = results[next++];
}

// Forwards once more, keeping every carry; then backwards, the cotangent of the carry as the carry, with those of what
// the body uses besides summed up beside it.
void scan_vjp(const vjp_args& args, std::span<array> in) {
    const scan_attributes& attrs = loop(args.attrs);
    const std::size_t carries = attrs.carries, xs_end = carries + attrs.xs, ys = args.cotangents.size() - carries;
    const std::span<const array> carry = args.in.first(carries), xs = args.in.subspan(carries, attrs.xs),
                                 more = args.in.subspan(xs_end);
    std::vector<value> elements = all_like(carry);
    for (const array& x : xs) elements.push_back(element_of(x));
    for (const array& x : more) elements.push_back(like(x));

    scan_attributes keeping{{}, attrs.carries, attrs.xs, attrs.length, attrs.backwards};
    keeping.body = derived_part("graph.scan", elements, [&](std::span<const array> given) {
        std::vector<array> results = replay(attrs.body.code->source(), attrs.body.pick(given));
        results.resize(carries);
        results.insert(results.end(), given.begin(), given.begin() + static_cast<std::ptrdiff_t>(carries));
        return results;
    });
    const std::vector<array> kept = run(keeping, args.in);

    const auto is_wanted = [&](std::size_t i) {
        return is_inexact(args.in[i].dtype()) && (i < carries || args.needs(i));
    };
    wider_loop w;
    std::vector<std::size_t> wanted_carries, wanted_more, wanted_xs, given_ys;
    for (std::size_t i = 0; i < carries; ++i)
        if (is_wanted(i)) {
            wanted_carries.push_back(i);
            w.carry.push_back(args.cotangents[i].is_null() ? zeros_like(args.in[i]) : args.cotangents[i]);
        }
    for (std::size_t i = xs_end; i < args.in.size(); ++i)
        if (is_wanted(i)) {
            wanted_more.push_back(i);
            w.carry.push_back(zeros_like(args.in[i]));
        }
    for (std::size_t i = carries; i < xs_end; ++i)
        if (is_wanted(i)) wanted_xs.push_back(i);
    w.xs.assign(kept.begin() + static_cast<std::ptrdiff_t>(carries), kept.end());
    w.xs.insert(w.xs.end(), xs.begin(), xs.end());
    for (std::size_t y = 0; y < ys; ++y)
        if (!args.cotangents[carries + y].is_null()) {
            given_ys.push_back(y);
            w.xs.push_back(args.cotangents[carries + y]);
        }
    w.more.assign(more.begin(), more.end());
    const std::size_t all_carries = w.carry.size(), all_xs = w.xs.size();

    scan_attributes reversed{{},
                             static_cast<std::uint32_t>(all_carries),
                             static_cast<std::uint32_t>(all_xs),
                             attrs.length,
                             !attrs.backwards};
    reversed.body = derived_part("graph.scan", w.elements(), [&](std::span<const array> given) {
        std::vector<array> all(given.begin() + static_cast<std::ptrdiff_t>(all_carries),
                               given.begin() + static_cast<std::ptrdiff_t>(all_carries + carries + attrs.xs));
        all.insert(all.end(), given.begin() + static_cast<std::ptrdiff_t>(all_carries + all_xs), given.end());
        std::vector<array> cotangents(carries + ys);
        for (std::size_t k = 0; k < wanted_carries.size(); ++k) cotangents[wanted_carries[k]] = given[k];
        for (std::size_t k = 0; k < given_ys.size(); ++k)
            cotangents[carries + given_ys[k]] = given[all_carries + carries + attrs.xs + k];
        std::vector<bool> needed;
        for (const std::uint32_t i : attrs.body.inputs) needed.push_back(is_wanted(i));
        const auto through = cotangents_through(attrs.body, attrs.body.pick(all), cotangents, needed);
        const auto of = [&](std::size_t i) {
            array sum;
            for (std::size_t k = 0; k < attrs.body.inputs.size(); ++k)
                if (attrs.body.inputs[k] == i && !through[k].is_null())
                    sum = sum.is_null() ? through[k] : sum + through[k];
            return sum.is_null() ? zeros_like(all[i]) : sum;
        };
        std::vector<array> results;
        for (const std::size_t i : wanted_carries) results.push_back(of(i));
        for (std::size_t k = 0; k < wanted_more.size(); ++k)
            results.push_back(given[wanted_carries.size() + k] + of(wanted_more[k]));
        for (const std::size_t i : wanted_xs) results.push_back(of(i));
        return results;
    });
    const std::vector<array> gradients = run(reversed, w.inputs());
    std::size_t next = 0;
    for (const auto* list : {&wanted_carries, &wanted_more, &wanted_xs})
        for (const std::size_t i : *list) in[i] = gradients[next++];
}

}  // namespace

constinit const op scan_op{
    .name = "graph.scan",
    .inputs = any_number,
    .outputs = any_number,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const scan_attributes& attrs = loop(args.attrs);
            const std::vector<spec> made = body_specs(attrs, args.in);
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i]->shape = i < attrs.carries ? args.in[i]->shape : with_first(attrs.length, made[i].shape);
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            const function& f = loop(args.attrs).body.code->source();
            for (std::size_t i = 0; i < out.size(); ++i) out[i]->dtype = f.values[f.results[i]].spec.dtype;
        },
    .jvp = scan_jvp,
    .vjp = scan_vjp,
    .saves = saves::inputs,
    .body =
        [](std::span<const array> in, attributes attrs, std::span<array> out) {
            const scan_attributes& l = loop(attrs);
            std::vector<const spec*> specs;
            for (const array& x : in) specs.push_back(&x.spec());
            std::vector<spec> made = body_specs(l, specs);
            made.erase(made.begin(), made.begin() + l.carries);
            std::vector<array> results = run_rounds(
                l, l.length.value(), in, [&](std::span<const array> all) { return l.body.run(all); }, made);
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
