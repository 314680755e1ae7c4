#include <algorithm>

#include "passes.hpp"
#include "tessera/array/views.hpp"

namespace tessera::graph::passes {

namespace {

bool swaps_last_two(const node& n) {
    if (!n.operation || n.operation->name != "array.permute_dims") return false;
    const axes& order = attributes(n.attrs).as<axis_attributes>().along;
    const auto rank = static_cast<int>(order.size());
    if (rank < 2) return false;
    for (int i = 0; i + 2 < rank; ++i)
        if (order[static_cast<std::size_t>(i)] != i) return false;
    return order[static_cast<std::size_t>(rank - 1)] == rank - 2;
}

}  // namespace

void fold_transposes(function& f) {
    constexpr std::size_t none = SIZE_MAX;
    std::vector<std::size_t> made_by(f.values.size(), none), uses(f.values.size(), 0);
    for (std::size_t i = 0; i < f.nodes.size(); ++i) {
        for (const value_id v : f.nodes[i].outputs) made_by[v] = i;
        for (const value_id v : f.nodes[i].inputs) ++uses[v];
    }
    for (const value_id v : f.results) ++uses[v];

    std::vector<std::size_t> transpose_of(f.nodes.size(), none);  // of products that are only used transposed
    std::vector<bool> is_folded(f.nodes.size(), false);           // transposes that are no longer needed
    for (std::size_t i = 0; i < f.nodes.size(); ++i) {
        const node& n = f.nodes[i];
        if (!swaps_last_two(n) || made_by[n.inputs[0]] == none || uses[n.inputs[0]] != 1) continue;
        const std::size_t from = made_by[n.inputs[0]];
        const node& product = f.nodes[from];
        const std::size_t rank = f.values[n.inputs[0]].spec.shape.size();
        const auto has_rank = [&](value_id v) { return f.values[v].spec.shape.size() == rank; };
        if (!product.operation || !product.operation->is_matrix_product ||
            !std::all_of(product.inputs.begin(), product.inputs.end(), has_rank))
            continue;
        transpose_of[from] = i;
        is_folded[i] = true;
    }
    std::vector<node> nodes;
    for (std::size_t i = 0; i < f.nodes.size(); ++i) {
        if (is_folded[i]) continue;
        node made = f.nodes[i];
        if (transpose_of[i] != none) {
            const node& transpose = f.nodes[transpose_of[i]];
            made.outputs = transpose.outputs;
            for (const std::size_t operand : {0U, 1U}) {
                value turned = f.values[f.nodes[i].inputs[operand]];
                std::swap(turned.spec.shape[turned.spec.shape.size() - 1],
                          turned.spec.shape[turned.spec.shape.size() - 2]);
                node view = transpose;
                view.inputs = {f.nodes[i].inputs[operand]};
                view.outputs = {f.add_value(turned.spec, turned.weak)};
                made.inputs[1 - operand] = view.outputs[0];
                nodes.push_back(std::move(view));
            }
        }
        nodes.push_back(std::move(made));
    }
    f.nodes = std::move(nodes);
}

}  // namespace tessera::graph::passes
