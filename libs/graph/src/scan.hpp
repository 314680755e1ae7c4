// graph.scan: its attributes and rules.
#pragma once

#include "control.hpp"
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

inline const scan_attributes& scan_of(attributes attrs) { return attrs.as<scan_attributes>(); }

inline dims without_first(const dims& shape) { return dims(std::span(shape.data() + 1, shape.size() - 1)); }
// What the body sees of an array to run over.
inline value element_of(const array& x) {
    value v = like(x);
    v.spec.shape = without_first(v.spec.shape);
    return v;
}

std::vector<array> run_scan(const scan_attributes& attrs, std::span<const array> in);

void scan_jvp(const jvp_args& args, std::span<array> out);
void scan_vjp(const vjp_args& args, std::span<array> in);

}  // namespace tessera::graph
