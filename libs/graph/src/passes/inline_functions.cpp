#include <algorithm>

#include "../custom.hpp"
#include "../topics.hpp"
#include "passes.hpp"

namespace tessera::graph::passes {

namespace {

class inliner {
public:
    explicit inliner(function& f) : f_(f), bound_(f.sizes->symbols().size(), false) {
        for (const value_id v : f.parameters)
            for (const extent e : f.values[v].spec.shape)
                if (e.is_symbol()) bound_[static_cast<std::size_t>(e.symbol_id())] = true;
    }

    void run() {
        std::vector<value_id> same(f_.values.size());
        for (std::size_t v = 0; v < same.size(); ++v) same[v] = static_cast<value_id>(v);
        const std::vector<node> nodes = std::move(f_.nodes);
        f_.nodes.clear();
        for (const node& n : nodes) add(n, same);
        for (value_id& v : f_.results) v = same[v];
    }

private:
    // A node of a function whose values are those of f_.
    void add(const node& n, std::vector<value_id>& values) {
        node made = n;
        for (value_id& v : made.inputs) v = values[v];
        if (!n.operation) {  // a body reads the sizes around it as numbers
            const auto symbol = static_cast<std::size_t>(n.binds.symbol_id());
            if (bound_[symbol]) return;
            bound_[symbol] = true;
        }
        if (n.operation != &custom_op) {
            for (value_id& v : made.outputs) v = values[v];
            f_.nodes.push_back(std::move(made));
            return;
        }
        const function& body = *attributes(n.attrs).as<custom_attributes>().body;
        std::vector<value_id> inside(body.values.size());
        for (std::size_t v = 0; v < body.values.size(); ++v)
            inside[v] = f_.add_value(body.values[v].spec, body.values[v].weak);
        for (std::size_t i = 0; i < body.parameters.size(); ++i) inside[body.parameters[i]] = made.inputs[i];
        for (const constant& c : body.constants) f_.constants.push_back({inside[c.id], c.data});
        for (const node& m : body.nodes) add(m, inside);
        for (std::size_t i = 0; i < n.outputs.size(); ++i) values[n.outputs[i]] = inside[body.results[i]];
    }

    function& f_;
    std::vector<bool> bound_;  // sizes
};

}  // namespace

void inline_functions(function& f) {
    if (std::any_of(f.nodes.begin(), f.nodes.end(), [](const node& n) { return n.operation == &custom_op; }))
        inliner(f).run();
}

}  // namespace tessera::graph::passes
