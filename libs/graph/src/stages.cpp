#include "stages.hpp"

#include <algorithm>

#include "passes/passes.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

namespace {

extent number_of(void* sizes, extent e) { return extent(static_cast<size_values*>(sizes)->of(e)); }

void add_once(std::vector<value_id>& list, value_id v) {
    if (std::find(list.begin(), list.end(), v) == list.end()) list.push_back(v);
}

}  // namespace

stages::stages(const function& f) : f_(f), uses_(f.values.size(), 0) {
    const auto device_of = [&](const node& n) { return f_.values[n.outputs[0]].spec.device; };
    for (std::size_t i = 0; i < f_.nodes.size();) {
        if (!plan::serves(f_, f_.nodes[i])) {
            stage& s = stages_.emplace_back();
            s.alone = &f_.nodes[i++];
            for (const value_id v : s.alone->inputs) add_once(s.inputs, v);
            s.outputs = s.alone->outputs;
            continue;
        }
        const std::size_t begin = i++;
        while (i < f_.nodes.size() && plan::serves(f_, f_.nodes[i]) &&
               device_of(f_.nodes[i]) == device_of(f_.nodes[begin]))
            ++i;
        add_part(std::span(f_.nodes).subspan(begin, i - begin));
    }
    for (const stage& s : stages_)
        for (const value_id v : s.inputs) ++uses_[v];
    for (const value_id v : f_.results) ++uses_[v];
}

void stages::add_part(std::span<const node> nodes) {
    stage& s = stages_.emplace_back();
    std::vector<bool> is_made(f_.values.size(), false), is_constant(f_.values.size(), false);
    std::vector<std::size_t> readers(f_.values.size(), 0);
    for (const constant& c : f_.constants) is_constant[c.id] = true;
    for (const node& n : f_.nodes)
        for (const value_id v : n.inputs) ++readers[v];
    for (const value_id v : f_.results) ++readers[v];
    for (const node& n : nodes) {
        for (const value_id v : n.inputs) {
            --readers[v];
            if (!is_made[v] && !is_constant[v]) add_once(s.inputs, v);
        }
        for (const value_id v : n.outputs) is_made[v] = true;
    }
    for (const node& n : nodes)
        for (const value_id v : n.outputs)
            if (readers[v] > 0) s.outputs.push_back(v);
    for (const node& n : nodes) {
        for (const value_id v : n.outputs)
            for (const extent e : f_.values[v].spec.shape) f_.sizes->add_roots(s.symbols, e);
        attributes(n.attrs).for_each_symbol([&](extent e) { f_.sizes->add_roots(s.symbols, e); });
    }
    for (const value_id v : s.inputs)
        for (const extent e : f_.values[v].spec.shape) f_.sizes->add_roots(s.symbols, e);
    s.part.values = f_.values;
    s.part.sizes = f_.sizes;
    s.part.constants = f_.constants;
    s.part.nodes.assign(nodes.begin(), nodes.end());
    s.part.parameters = s.inputs;
    s.part.results = s.outputs;
    passes::drop_dead(s.part);
}

void stages::require_guards(size_values& sizes) const {
    if (const size_guard* g = sizes.first_broken())
        throw size_surprise(text("a program needs ", f_.sizes->print(*g), ", but the sizes are ", sizes.of(g->a),
                                 " and ", sizes.of(g->b)));
}

// Bytes of what stages have given and somebody still needs.
struct stages::memory_count {
    bool is_on = false;
    std::size_t peak = 0;
    std::vector<value_id> made;

    std::size_t held(const std::vector<array>& values) const {
        std::vector<const void*> seen;
        std::size_t bytes = 0;
        for (const value_id v : made) {
            if (values[v].is_null() || !values[v].node()->buffer) continue;
            const auto* buffer = values[v].node()->buffer;
            if (std::find(seen.begin(), seen.end(), buffer) != seen.end()) continue;
            seen.push_back(buffer);
            bytes += static_cast<std::size_t>(values[v].size().value()) * item_size(values[v].dtype());
        }
        return bytes;
    }
};

void stages::run_part(const stage& s, size_values& sizes, std::vector<array>& values, std::vector<std::size_t>& uses,
                      memory_count& count) const {
    std::vector<array> arguments;
    arguments.reserve(s.inputs.size());
    plan::donations donated;
    for (std::size_t i = 0; i < s.inputs.size(); ++i) {
        const value_id v = s.inputs[i];
        const bool is_last = --uses[v] == 0;
        arguments.push_back(is_last ? std::move(values[v]) : values[v]);
        if (!is_last || !is_unshared(arguments[i])) continue;
        if (donated.empty()) donated = plan::donations(s.inputs.size(), false);
        donated[i] = true;
    }
    std::vector<plan::size> known;
    for (const extent e : s.symbols) known.push_back({e, sizes.of(e)});
    const std::size_t before = s.plans.count();
    const std::shared_ptr<const plan> how = s.plans.find(s.part, arguments, donated, known);
    count.is_on = count.is_on || s.plans.count() != before;
    std::vector<array> results(s.outputs.size());
    how->run(arguments, results);
    if (count.is_on) count.peak = std::max(count.peak, count.held(values) + how->peak_bytes());
    for (std::size_t k = 0; k < results.size(); ++k) values[s.outputs[k]] = std::move(results[k]);
}

void stages::run_alone(const stage& s, size_values& sizes, std::vector<array>& values,
                       std::vector<std::size_t>& uses) const {
    const node& n = *s.alone;
    if (!n.operation) {
        sizes.bind(n.binds, to_extent(values[n.inputs[0]]).value());
        require_guards(sizes);
    } else {
        std::vector<array> in, out(n.outputs.size());
        for (const value_id v : n.inputs) in.push_back(values[v]);
        if (attributes(n.attrs).has_symbols())
            apply(*n.operation, in, n.attrs.with_sizes(number_of, &sizes), out);
        else
            apply(*n.operation, in, n.attrs, out);
        for (std::size_t i = 0; i < out.size(); ++i) values[n.outputs[i]] = std::move(out[i]);
    }
    for (const value_id v : s.inputs)
        if (--uses[v] == 0) values[v] = {};
}

void stages::run(std::span<const array> arguments, std::span<array> results) const {
    size_values sizes(*f_.sizes);
    std::vector<array> values(f_.values.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        sizes.bind(f_.values[f_.parameters[i]].spec.shape, arguments[i].shape());
        values[f_.parameters[i]] = arguments[i];
    }
    for (const constant& c : f_.constants) values[c.id] = c.data;
    require_guards(sizes);
    std::vector<std::size_t> uses = uses_;
    memory_count count;
    count.is_on = peak_bytes() == 0;
    for (const stage& s : stages_) {
        if (s.alone)
            run_alone(s, sizes, values, uses);
        else
            run_part(s, sizes, values, uses, count);
        count.made.insert(count.made.end(), s.outputs.begin(), s.outputs.end());
        if (count.is_on) count.peak = std::max(count.peak, count.held(values));
    }
    if (count.is_on) peak_bytes_.store(count.peak, std::memory_order_relaxed);
    for (std::size_t i = 0; i < results.size(); ++i) results[i] = values[f_.results[i]];
}

std::size_t stages::kernels() const {
    std::size_t all = 0;
    for (const stage& s : stages_) {
        const auto last = s.plans.last();
        all += last ? last->kernels() : s.alone ? (s.alone->operation ? 1 : 0) : s.part.nodes.size();
    }
    return all;
}

std::size_t stages::plans() const {
    std::size_t all = 0;
    for (const stage& s : stages_) all += s.plans.count();
    return all;
}

}  // namespace tessera::graph
