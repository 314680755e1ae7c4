// c - alpha (a b), c + (a b) alpha, ... become one product that is added where c lies: a step of gradient descent
// writes its weights once and never its gradient.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "../capture.hpp"
#include "passes.hpp"
#include "same_sizes.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/elementwise.hpp"

namespace tessera::graph::passes {

namespace {

constexpr std::size_t none = SIZE_MAX;

class accumulator {
public:
    explicit accumulator(function& f) : f_(f), made_by_(f.values.size(), none), uses_(f.values.size(), 0) {
        for (std::size_t i = 0; i < f.nodes.size(); ++i) {
            for (const value_id v : f.nodes[i].outputs) made_by_[v] = i;
            for (const value_id v : f.nodes[i].inputs) ++uses_[v];
        }
        for (const value_id v : f.results) ++uses_[v];
        for (const constant& c : f.constants) constants_.emplace(c.id, c.data);
    }

    void run() {
        for (std::size_t i = 0; i < f_.nodes.size(); ++i)
            if (const std::optional<node> made = accumulated(f_.nodes[i])) f_.nodes[i] = *made;
    }

private:
    struct term {
        const node* product;
        std::optional<value_id> factor;
    };

    const spec& spec_of(value_id v) const { return f_.values[v].spec; }
    const node* maker(value_id v, std::string_view name) const {
        if (made_by_[v] == none) return nullptr;
        const node& n = f_.nodes[made_by_[v]];
        return n.operation && n.operation->name == name ? &n : nullptr;
    }
    // Elsewhere the sum is better left to fusion with what follows.
    bool is_result_alone(value_id v) const {
        return uses_[v] == 1 && std::find(f_.results.begin(), f_.results.end(), v) != f_.results.end();
    }

    // v as a product that nothing else reads, perhaps times one number.
    std::optional<term> product_of(value_id v) const {
        if (made_by_[v] == none || uses_[v] != 1) return std::nullopt;
        const node& n = f_.nodes[made_by_[v]];
        if (n.operation && n.operation->accumulating && accumulates(n)) return term{&n, std::nullopt};
        if (!maker(v, "array.multiply")) return std::nullopt;
        for (const std::size_t k : {0U, 1U}) {
            const value_id factor = n.inputs[1 - k];
            if (!spec_of(factor).shape.empty()) continue;
            const std::optional<term> inner = product_of(n.inputs[k]);
            if (inner && !inner->factor) return term{inner->product, factor};
        }
        return std::nullopt;
    }

    bool accumulates(const node& n) const {
        const spec& s = spec_of(n.outputs[0]);
        const bool of_one_rank = std::all_of(n.inputs.begin(), n.inputs.end(), [&](value_id v) {
            return spec_of(v).shape.size() == 2;  // batches may broadcast
        });
        return of_one_rank && (s.dtype == f32 || s.dtype == f64 || is_complex(s.dtype)) &&
               detail::has_kernel(*n.operation->accumulating, s.device.kind);
    }

    value_id constant_of(const array& x) {
        const value_id v = f_.add_value(x.spec(), x.node()->weak);
        f_.constants.push_back({v, x});
        return v;
    }

    std::optional<node> accumulated(const node& n) {
        if (!n.operation || n.inputs.size() != 2 || !is_result_alone(n.outputs[0])) return std::nullopt;
        const bool is_sum = n.operation->name == "array.add", is_difference = n.operation->name == "array.subtract";
        if (!is_sum && !is_difference) return std::nullopt;
        for (const std::size_t k : {0U, 1U}) {  // the operand that stays
            if (is_difference && k == 1) continue;
            const value_id base = n.inputs[k];
            const std::optional<term> t = product_of(n.inputs[1 - k]);
            if (!t || !(spec_of(base).dtype == spec_of(n.outputs[0]).dtype) ||
                !same_sizes(spec_of(base).shape, spec_of(t->product->outputs[0]).shape))
                continue;
            const std::optional<value_id> alpha = signed_factor(*t, is_difference, spec_of(base).dtype);
            if (!alpha) continue;
            node made;
            made.operation = t->product->operation->accumulating;
            made.inputs = {base, t->product->inputs[0], t->product->inputs[1], *alpha};
            made.outputs = n.outputs;
            return made;
        }
        return std::nullopt;
    }

    // The number before the product; none where its sign would take an op of its own.
    std::optional<value_id> signed_factor(const term& t, bool negated, dtype type) {
        const outside_of_captures now;
        if (!t.factor) return constant_of(astype(array(negated ? -1.0 : 1.0), type));
        if (!negated) return t.factor;
        const auto known = constants_.find(*t.factor);
        if (known == constants_.end()) return std::nullopt;
        return constant_of(negative(known->second));
    }

    function& f_;
    std::vector<std::size_t> made_by_, uses_;
    std::unordered_map<value_id, array> constants_;
};

}  // namespace

void accumulate_products(function& f) { accumulator(f).run(); }

}  // namespace tessera::graph::passes
