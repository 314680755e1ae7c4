// Element-wise ops of one shape become one graph.fused, with the reductions of what they give.
#include <algorithm>
#include <unordered_map>

#include "../cpu/fused.hpp"
#include "groups.hpp"
#include "passes.hpp"
#include "readings.hpp"
#include "same_sizes.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/graph/fused.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph::passes {

namespace {

constexpr std::size_t most_members = 64;  // of a group: its tiles should stay in the first-level cache

class fuser {
public:
    explicit fuser(function& f)
        : f_(f), made_by_(f.values.size(), none), readings_(readings_needed(f)), group_of_(f.nodes.size(), none),
          visited_(2 * f.nodes.size(), 0) {
        for (std::size_t i = 0; i < f.nodes.size(); ++i)
            for (const value_id v : f.nodes[i].outputs) made_by_[v] = i;
        for (const constant& c : f.constants) constant_.emplace(c.id, &c);
        users_.resize(f.values.size());
        for (std::size_t i = 0; i < f.nodes.size(); ++i)
            for (const value_id v : f.nodes[i].inputs) users_[v].push_back(i);
    }

    void run() {
        for (std::size_t i = 0; i < f_.nodes.size(); ++i) {
            if (is_elementwise(f_.nodes[i]) && !is_uniform(f_.nodes[i]))
                join_elementwise(i);
            else if (is_reduction(f_.nodes[i]))
                join_reduction(i);
        }
        rewrite();
    }

private:
    static constexpr std::size_t none = SIZE_MAX;

    const spec& spec_of(value_id v) const { return f_.values[v].spec; }
    const spec& spec_of_node(std::size_t i) const { return spec_of(f_.nodes[i].outputs[0]); }

    // Does the node need anything that group g makes? A node before the group may, by way of a fused node, which needs
    // all that any of its members needs.
    bool depends(std::size_t node_index, std::size_t g) {
        ++visit_;
        open_.assign(1, node_index);
        while (!open_.empty()) {
            const std::size_t i = open_.back(), own = group_of_[i];
            open_.pop_back();
            if (own == g) return true;
            std::size_t& last_visit = visited_[own == none ? i : f_.nodes.size() + own];
            if (last_visit == visit_) continue;
            last_visit = visit_;
            if (own == none) {
                open_makers_of(i);
                continue;
            }
            for (const auto* list : {&groups_[own].members, &groups_[own].reductions})
                for (const std::size_t m : *list) open_makers_of(m);
        }
        return false;
    }

    void open_makers_of(std::size_t i) {
        for (const value_id v : f_.nodes[i].inputs)
            if (made_by_[v] != none) open_.push_back(made_by_[v]);
        open_.insert(open_.end(), readings_[i].begin(), readings_[i].end());
    }

    // May node i go into g: is every way from g to i a direct reading of an element-wise member?
    bool may_join(std::size_t i, std::size_t g) {
        for (const value_id v : f_.nodes[i].inputs) {
            const std::size_t from = made_by_[v];
            if (from == none) continue;
            const bool inside = group_of_[from] == g && is_elementwise(f_.nodes[from]);
            if (!inside && depends(from, g)) return false;
        }
        return reads_without(i, g);
    }
    bool reads_without(std::size_t i, std::size_t g) {
        return std::none_of(readings_[i].begin(), readings_[i].end(), [&](std::size_t r) { return depends(r, g); });
    }

    void join_elementwise(std::size_t i) {
        const node& n = f_.nodes[i];
        std::vector<std::size_t> candidates;
        for (const value_id v : n.inputs) {
            const std::size_t from = made_by_[v];
            if (from == none || group_of_[from] == none || !is_elementwise(f_.nodes[from])) continue;
            if (!same_sizes(spec_of(v).shape, spec_of_node(i).shape)) continue;
            if (std::find(candidates.begin(), candidates.end(), group_of_[from]) == candidates.end())
                candidates.push_back(group_of_[from]);
        }
        std::size_t home = none;
        for (const std::size_t g : candidates) {
            if (home != none) {
                merge(g, home);
            } else if (groups_[g].members.size() < most_members && may_join(i, g)) {
                home = g;
                add(i, g);
            }
        }
        if (home != none) return;
        group_of_[i] = groups_.size();
        groups_.push_back({{i}, {}});
    }

    void add(std::size_t i, std::size_t g) {
        groups_[g].members.push_back(i);
        group_of_[i] = g;
    }

    // g into home, when nothing of one is needed outside to make the other, and their reductions agree.
    void merge(std::size_t g, std::size_t home) {
        group &from = groups_[g], &to = groups_[home];
        if (from.members.size() + to.members.size() > most_members) return;
        if (!from.reductions.empty() && !to.reductions.empty() && !agree(from.reductions[0], to.reductions[0])) return;
        // Every outside input of either must not need the other.
        const auto clean = [&](const group& a, std::size_t b) {
            for (const auto* list : {&a.members, &a.reductions})
                for (const std::size_t m : *list) {
                    if (!reads_without(m, b)) return false;
                    for (const value_id v : f_.nodes[m].inputs) {
                        const std::size_t made = made_by_[v];
                        if (made == none) continue;
                        const bool direct =
                            (group_of_[made] == b || group_of_[made] == group_of_[m]) && is_elementwise(f_.nodes[made]);
                        if (!direct && depends(made, b)) return false;
                    }
                }
            return true;
        };
        if (!clean(from, home) || !clean(to, g)) return;
        for (const std::size_t m : from.members) add(m, home);
        for (const std::size_t r : from.reductions) {
            to.reductions.push_back(r);
            group_of_[r] = home;
        }
        std::sort(to.members.begin(), to.members.end());
        from = {{}, {}, false};
    }

    bool agree(std::size_t a, std::size_t b) const {
        return attributes(f_.nodes[a].attrs).as<reduction_attributes>().axes ==
               attributes(f_.nodes[b].attrs).as<reduction_attributes>().axes;
    }

    void join_reduction(std::size_t i) {
        const value_id v = f_.nodes[i].inputs[0];
        const std::size_t from = made_by_[v];
        if (from == none || group_of_[from] == none || !is_elementwise(f_.nodes[from])) return;
        const std::size_t g = group_of_[from];
        if (!same_sizes(spec_of(v).shape, spec_of_node(groups_[g].members[0]).shape)) return;
        if (!groups_[g].reductions.empty() && !agree(groups_[g].reductions[0], i)) return;
        groups_[g].reductions.push_back(i);
        group_of_[i] = g;
    }

    // The program of a group, its inputs and what it gives.
    node fused_node(const group& g) {
        node made;
        std::vector<value_id> inputs;
        std::unordered_map<value_id, scalar_operand> known;
        scalar_builder builder;
        const auto inside = [&](value_id v) {
            return made_by_[v] != none && std::find(g.members.begin(), g.members.end(), made_by_[v]) != g.members.end();
        };
        for (const std::size_t m : g.members)
            for (const value_id v : f_.nodes[m].inputs)
                if (!inside(v) && !immediate(v) && known.emplace(v, scalar_operand{}).second) {
                    known[v] = builder.input(spec_of(v).dtype);
                    inputs.push_back(v);
                }
        const auto operand = [&](value_id v) {
            if (const auto found = known.find(v); found != known.end()) return found->second;
            const scalar_operand value = immediate_of(builder, v);
            known.emplace(v, value);
            return value;
        };
        for (const std::size_t m : g.members) {
            const node& n = f_.nodes[m];
            std::vector<scalar_operand> in;
            for (const value_id v : n.inputs) in.push_back(operand(v));
            known[n.outputs[0]] = n.operation->scalar(builder, in, n.attrs);
        }
        for (const std::size_t m : g.members) {
            const value_id v = f_.nodes[m].outputs[0];
            if (!needed_outside(v, g)) continue;
            builder.result(known.at(v));
            made.outputs.push_back(v);
        }
        fused_attributes attrs;
        attrs.shape = spec_of_node(g.members[0]).shape;
        for (const std::size_t r : g.reductions) {
            builder.result(known.at(f_.nodes[r].inputs[0]));
            made.outputs.push_back(f_.nodes[r].outputs[0]);
            attrs.reductions.push_back(
                {f_.nodes[r].operation, attributes(f_.nodes[r].attrs).as<reduction_attributes>()});
        }
        attrs.program = std::make_shared<const scalar_program>(std::move(builder).finish());
        if (spec_of_node(g.members[0]).device == cpu) attrs.prepared = cpu_kernels::prepare(*attrs.program);
        made.operation = &fused_op;
        made.attrs = kept_attributes(attrs);
        made.inputs = std::move(inputs);
        return made;
    }

    bool needed_outside(value_id v, const group& g) const {
        if (std::find(f_.results.begin(), f_.results.end(), v) != f_.results.end()) return true;
        const auto is_inside = [&](std::size_t user) {
            return std::find(g.members.begin(), g.members.end(), user) != g.members.end() ||
                   std::find(g.reductions.begin(), g.reductions.end(), user) != g.reductions.end();
        };
        return !std::all_of(users_[v].begin(), users_[v].end(), is_inside);
    }

    // A scalar that the program holds itself: a literal, or what an op without inputs fills everything with.
    bool immediate(value_id v) const {
        if (const auto c = constant_.find(v); c != constant_.end()) return c->second->data.is_literal();
        return made_by_[v] != none && is_uniform(f_.nodes[made_by_[v]]);
    }
    scalar_operand immediate_of(scalar_builder& builder, value_id v) const {
        if (const auto c = constant_.find(v); c != constant_.end())
            return builder.constant(c->second->data.node()->value);
        const node& n = f_.nodes[made_by_[v]];
        return n.operation->scalar(builder, {}, n.attrs);
    }

    // A group of one op that has a kernel of its own gains nothing.
    bool pays(const group& g) const {
        if (g.members.size() + g.reductions.size() > 1) return true;
        const node& n = f_.nodes[g.members[0]];
        return std::any_of(n.inputs.begin(), n.inputs.end(),
                           [&](value_id v) { return made_by_[v] != none && is_uniform(f_.nodes[made_by_[v]]); });
    }

    // Fused nodes, and the rest, in an order in which they can run.
    void rewrite() {
        std::vector<node> made(groups_.size());
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            group& of = groups_[g];
            if (!of.alive) continue;
            if (pays(of)) {
                made[g] = fused_node(of);
                continue;
            }
            for (const auto* list : {&of.members, &of.reductions})
                for (const std::size_t i : *list) group_of_[i] = none;
            of.alive = false;
        }
        std::vector<node> order;
        std::vector<std::uint8_t> done(f_.nodes.size(), 0);
        const auto emit = [&](const auto& self, std::size_t i) -> void {
            if (done[i]) return;
            const std::size_t g = group_of_[i];
            if (g == none) {
                done[i] = 1;
                for (const std::size_t r : readings_[i]) self(self, r);
                for (const value_id v : f_.nodes[i].inputs)
                    if (made_by_[v] != none) self(self, made_by_[v]);
                order.push_back(f_.nodes[i]);
                return;
            }
            for (const auto* list : {&groups_[g].members, &groups_[g].reductions})
                for (const std::size_t m : *list) {
                    done[m] = 1;
                    for (const std::size_t r : readings_[m]) self(self, r);
                }
            for (const value_id v : made[g].inputs)
                if (made_by_[v] != none) self(self, made_by_[v]);
            order.push_back(std::move(made[g]));
        };
        for (std::size_t i = 0; i < f_.nodes.size(); ++i) emit(emit, i);
        f_.nodes = std::move(order);
    }

    function& f_;
    std::vector<std::size_t> made_by_;                // the node of every value
    std::vector<std::vector<std::size_t>> users_;     // the nodes that read every value
    std::vector<std::vector<std::size_t>> readings_;  // of sizes, before every node
    std::vector<std::size_t> group_of_;               // of every node
    std::unordered_map<value_id, const constant*> constant_;
    std::vector<group> groups_;
    std::vector<std::size_t> visited_;  // by which visit of `depends`: nodes, then groups
    std::vector<std::size_t> open_;     // nodes that it has yet to look at
    std::size_t visit_ = 0;
};

}  // namespace

void fuse(function& f) { fuser(f).run(); }

}  // namespace tessera::graph::passes
