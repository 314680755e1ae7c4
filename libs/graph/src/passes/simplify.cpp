// Constant folding, common subexpressions, dead code.
#include <cstring>
#include <map>
#include <optional>
#include <unordered_map>

#include "../capture.hpp"
#include "passes.hpp"
#include "tessera/array/backend.hpp"

namespace tessera::graph::passes {

namespace {

constexpr std::int64_t most_folded = 65536;  // elements: a program should not carry what it can quickly compute

std::unordered_map<value_id, array> constants_of(const function& f) {
    std::unordered_map<value_id, array> known;
    for (const constant& c : f.constants) known.emplace(c.id, c.data);
    return known;
}

bool has_symbols(const dims& shape) {
    for (const extent e : shape)
        if (e.is_symbol()) return true;
    return false;
}

}  // namespace

void fold_constants(function& f) {
    const outside_of_captures now;
    std::unordered_map<value_id, array> known = constants_of(f);
    std::vector<node> kept;
    for (node& n : f.nodes) {
        bool folds = n.operation && !n.inputs.empty() && !attributes(n.attrs).has_symbols();
        std::vector<array> in;
        for (const value_id v : n.inputs) {
            const auto found = known.find(v);
            folds = folds && found != known.end();
            if (folds) in.push_back(found->second);
        }
        for (const value_id v : n.outputs) {
            const dims& shape = f.values[v].spec.shape;
            folds = folds && !has_symbols(shape) && (n.operation->view || element_count(shape).value() <= most_folded);
        }
        if (!folds) {
            kept.push_back(std::move(n));
            continue;
        }
        std::vector<array> out(n.outputs.size());
        evaluate(*n.operation, in, n.attrs, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
            known.emplace(n.outputs[i], out[i]);
            f.constants.push_back({n.outputs[i], out[i]});
        }
    }
    f.nodes = std::move(kept);
}

namespace {

// Where every value went; values that stayed are their own.
class renaming {
public:
    explicit renaming(std::size_t count) : to_(count) {
        for (std::size_t i = 0; i < count; ++i) to_[i] = static_cast<value_id>(i);
    }
    void rename(value_id from, value_id to) { to_[from] = to; }
    value_id operator()(value_id v) const { return to_[v]; }
    void apply(std::vector<value_id>& ids) const {
        for (value_id& v : ids) v = to_[v];
    }

private:
    std::vector<value_id> to_;
};

using scalar_key = std::tuple<dtype, std::uint8_t, std::array<std::byte, 16>>;

std::optional<scalar_key> key_of(const array& x) {
    if (!x.is_literal()) return std::nullopt;
    std::array<std::byte, 16> bytes{};
    const scalar_value& v = x.node()->value;
    static_assert(sizeof(v.bytes) <= 16);
    std::memcpy(bytes.data(), v.bytes.data(), item_size(v.dtype));
    return scalar_key(v.dtype, x.node()->weak, bytes);
}

}  // namespace

void share_common(function& f) {
    renaming now(f.values.size());
    std::map<scalar_key, value_id> scalars;
    for (const constant& c : f.constants)
        if (const auto key = key_of(c.data)) now.rename(c.id, scalars.emplace(*key, c.id).first->second);
    std::unordered_multimap<std::size_t, std::size_t> seen;  // hash of a node to its place
    std::vector<node> kept;
    for (node& n : f.nodes) {
        now.apply(n.inputs);
        if (!n.operation) {
            kept.push_back(std::move(n));
            continue;
        }
        std::size_t hash = std::hash<const void*>{}(n.operation);
        hash = detail::mix_hash(hash, attributes(n.attrs).hash());
        for (const value_id v : n.inputs) hash = detail::mix_hash(hash, v);
        const auto [first, last] = seen.equal_range(hash);
        const auto twin = std::find_if(first, last, [&](const auto& entry) {
            const node& other = kept[entry.second];
            return other.operation == n.operation && other.inputs == n.inputs &&
                   attributes(other.attrs) == attributes(n.attrs);
        });
        if (twin != last) {
            for (std::size_t i = 0; i < n.outputs.size(); ++i) now.rename(n.outputs[i], kept[twin->second].outputs[i]);
            continue;
        }
        seen.emplace(hash, kept.size());
        kept.push_back(std::move(n));
    }
    now.apply(f.results);
    f.nodes = std::move(kept);
}

void drop_dead(function& f) {
    std::vector<bool> live(f.values.size(), false);
    for (const value_id v : f.results) live[v] = true;
    for (const value_id v : f.parameters) live[v] = true;
    std::vector<node> kept;
    for (std::size_t i = f.nodes.size(); i-- > 0;) {
        node& n = f.nodes[i];
        bool needed = !n.operation;  // a size may be used by any shape
        for (const value_id v : n.outputs) needed = needed || live[v];
        if (!needed) continue;
        for (const value_id v : n.inputs) live[v] = true;
        for (const value_id v : n.outputs) live[v] = true;
        kept.push_back(std::move(n));
    }
    f.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
    std::erase_if(f.constants, [&](const constant& c) { return !live[c.id]; });

    renaming now(f.values.size());
    std::vector<value> values;
    for (std::size_t v = 0; v < f.values.size(); ++v) {
        if (!live[v]) continue;
        now.rename(static_cast<value_id>(v), static_cast<value_id>(values.size()));
        values.push_back(f.values[v]);
    }
    f.values = std::move(values);
    for (node& n : f.nodes) {
        now.apply(n.inputs);
        now.apply(n.outputs);
    }
    for (constant& c : f.constants) c.id = now(c.id);
    now.apply(f.parameters);
    now.apply(f.results);
}

}  // namespace tessera::graph::passes
