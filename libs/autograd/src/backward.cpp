// The way back over the variables' tape. Unlike a transform's, its nodes belong to several walks: each keeps its own
// slots.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "leaves.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/autograd/variable.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "walk.hpp"
#include "watch.hpp"

namespace tessera {

namespace detail {

namespace {

class variable_walk {
public:
    variable_walk(tape_edge from, const autograd::backward_options& options)
        : root_(std::move(from)), creates_(options.create_graph),
          gives_back_(!options.keep_graph && !options.create_graph) {
        collect();
    }

    void run(array cotangent) {
        slots_[slot_of(*root_.node) + root_.output] = std::move(cotangent);
        struct found {
            std::shared_ptr<gradient_watch> watch;
            array gradient;
        };
        std::vector<found> gradients;  // added at the end: an error on the way changes none
        for (tape_node* n : order_) {
            const std::size_t first = slot_of(*n);
            const std::span<array> cotangents(slots_.data() + first, n->outputs);
            for (std::uint32_t k = 0; k < n->outputs; ++k) {
                if (cotangents[k].is_null()) continue;
                if (const auto watch = watch_of(*n, k)) {
                    cotangents[k] = watch->hooked(as_array(std::move(cotangents[k])));
                    gradients.push_back({watch, cotangents[k]});
                }
            }
            if (n->operation) step_back(*n, cotangents);
            for (array& spent : cotangents) spent = {};
        }
        for (const auto& [watch, gradient] : gradients) watch->add(gradient);
        if (gives_back_) give_back();
    }

private:
    std::size_t slot_of(const tape_node& n) const { return slot_.at(&n); }

    void collect() {
        const auto visit = [&](tape_node& n) {
            if (!slot_.try_emplace(&n, 0).second) return;
            if (n.is_spent)
                throw value_error(text("backward: what ", n.operation->name,
                                       " saved was given back by an earlier "
                                       "backward; pass keep_graph to the first one"));
            order_.push_back(&n);
        };
        visit(*root_.node);
        for (std::size_t next = 0; next < order_.size(); ++next)
            for (const tape_edge& parent : order_[next]->parents)
                if (parent.node) visit(*parent.node);
        std::sort(order_.begin(), order_.end(),
                  [](const tape_node* a, const tape_node* b) { return a->sequence > b->sequence; });
        std::size_t slots = 0;
        for (const tape_node* n : order_) {
            slot_[n] = slots;
            slots += n->outputs;
        }
        slots_.resize(slots);
    }

    static array as_array(array ct) { return ct.is_literal() ? full(ct.shape(), ct.node()->value, ct.device()) : ct; }

    void step_back(tape_node& n, std::span<const array> cotangents) {
        short_vector<array, 4> in(n.inputs);
        pull_through(n, creates_ ? recorded_values(n) : saved_values{n.saved_inputs(), n.saved_outputs()}, cotangents,
                     in.all());
        for (std::size_t i = 0; i < n.inputs; ++i) {
            const tape_edge& parent = n.parents[i];
            if (parent.node && !in[i].is_null())
                accumulate(slots_[slot_of(*parent.node) + parent.output], std::move(in[i]));
        }
    }

    // Saved values as what they were: made from variables, so that derivatives of the rule are recorded.
    saved_values recorded_values(tape_node& n) {
        values_.assign(n.saved.begin(), n.saved.end());
        tape& by = tape_of_variables();
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (!has_data(values_[i])) continue;
            if (i >= n.inputs)
                values_[i] =
                    by.trace(values_[i], {counted<tape_node>::sharing(&n), static_cast<std::uint32_t>(i - n.inputs)});
            else if (n.parents[i].node)
                values_[i] = by.trace(values_[i], n.parents[i]);
        }
        const std::span<const array> all(values_);
        return {all.first(n.inputs), all.subspan(n.inputs)};
    }

    static bool has_data(const array& x) { return x.node()->buffer || x.node()->literal || x.node()->trace; }

    void give_back() {
        for (tape_node* n : order_) {
            if (!n->operation || n->operation->saves == saves::nothing) continue;
            n->is_spent = true;
            for (array& saved : n->saved) saved = {};
        }
    }

    tape_edge root_;
    bool creates_, gives_back_;
    std::vector<tape_node*> order_;  // latest first
    std::unordered_map<const tape_node*, std::size_t> slot_;
    std::vector<array> slots_, values_;
};

tape_edge edge_or_throw(const array& y) {
    if (y.is_null()) throw value_error("backward: takes a value computed from variables, got a null array");
    const tape_edge* edge = edge_of(y, 0);
    if (!edge)
        throw value_error(text("backward: ", y.spec(), " was not computed from variables",
                               y.node()->trace ? ", or belongs to a transform that is running" : ""));
    return *edge;
}

}  // namespace

}  // namespace detail

namespace autograd {

void backward(const array& y, const backward_options& options) {
    const detail::tape_edge edge = detail::edge_or_throw(y);
    array ct;
    if (!options.cotangent.is_null()) {
        ct = detail::matching("backward", "cotangent", options.cotangent, y.spec(), 0);
    } else if (y.rank() != 0) {
        throw shape_error(text("backward: takes a scalar, got ", y.spec(), "; sum or average it, or give a cotangent"));
    } else if (is_complex(y.dtype())) {
        throw dtype_error(text("backward: takes a real scalar, got ", y.spec()));
    } else {
        ct = full({}, scalar_value(1.0).cast(y.dtype()), y.device());
    }
    detail::variable_walk(edge, options).run(std::move(ct));
}

}  // namespace autograd

}  // namespace tessera
