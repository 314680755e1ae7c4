// The derivatives of graph.scan, which are scans.
#include "scan.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"

namespace tessera::graph {

namespace {

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

}  // namespace

void scan_jvp(const jvp_args& args, std::span<array> out) {
    const scan_attributes& attrs = scan_of(args.attrs);
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
    const std::vector<array> results = run_scan(derived, w.inputs());
    for (std::size_t i = 0; i < carries; ++i)
        if (place[i] != SIZE_MAX) out[i] = results[place[i]];
    std::size_t next = all_carries;
    for (std::size_t y = 0; y < ys; ++y)
        if (is_inexact(args.out[carries + y].dtype())) out[carries + y] = results[next++];
}

// Forwards once more, keeping every carry; then backwards, the cotangent of the carry as the carry, with those of what
// the body uses besides summed up beside it.
void scan_vjp(const vjp_args& args, std::span<array> in) {
    const scan_attributes& attrs = scan_of(args.attrs);
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
    const std::vector<array> kept = run_scan(keeping, args.in);

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
    const std::vector<array> gradients = run_scan(reversed, w.inputs());
    std::size_t next = 0;
    for (const auto* list : {&wanted_carries, &wanted_more, &wanted_xs})
        for (const std::size_t i : *list) in[i] = gradients[next++];
}

}  // namespace tessera::graph
