// Readings of sizes that must come before a node.
#pragma once

#include <unordered_map>
#include <vector>

#include "../symbols.hpp"
#include "tessera/graph/function.hpp"

namespace tessera::graph::passes {

// For every node, the nodes that read the sizes in its results and attributes.
inline std::vector<std::vector<std::size_t>> readings_needed(const function& f) {
    std::vector<std::vector<std::size_t>> needed(f.nodes.size());
    std::unordered_map<std::int64_t, std::size_t> read_by;
    for (std::size_t i = 0; i < f.nodes.size(); ++i)
        if (!f.nodes[i].operation) read_by.emplace(f.nodes[i].binds.symbol_id(), i);
    if (read_by.empty()) return needed;
    for (std::size_t i = 0; i < f.nodes.size(); ++i) {
        const node& n = f.nodes[i];
        std::vector<extent> roots;
        if (n.operation) attributes(n.attrs).for_each_symbol([&](extent e) { f.sizes->add_roots(roots, e); });
        for (const value_id v : n.outputs)
            for (const extent e : f.values[v].spec.shape) f.sizes->add_roots(roots, e);
        for (const extent e : roots)
            if (const auto found = read_by.find(e.symbol_id()); found != read_by.end())
                needed[i].push_back(found->second);
    }
    return needed;
}

}  // namespace tessera::graph::passes
