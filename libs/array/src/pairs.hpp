// What element-wise ops of two operands are made of.
#pragma once

#include <utility>

#include "tessera/array/derivatives.hpp"
#include "unary.hpp"

namespace tessera {

using pair_slopes = std::pair<array, array>;  // dy/da and dy/db; null is zero

// Rules of y = f(a, b), element by element, from its slopes.
template <pair_slopes (*Slopes)(const array& a, const array& b, const array& y)> struct from_slopes {
    static void jvp(const jvp_args& args, std::span<array> out) {
        const auto [by_a, by_b] = Slopes(args.in[0], args.in[1], args.out[0]);
        const array a = by_a.is_null() ? by_a : derivatives::times(args.tangents[0], by_a);
        const array b = by_b.is_null() ? by_b : derivatives::times(args.tangents[1], by_b);
        out[0] = derivatives::spread_to(derivatives::plus(a, b), args.out[0].shape());
    }
    static void vjp(const vjp_args& args, std::span<array> in) {
        if (args.cotangents[0].is_null()) return;
        const auto [by_a, by_b] = Slopes(args.in[0], args.in[1], args.out[0]);
        const array slopes[] = {by_a, by_b};
        for (std::size_t i = 0; i < 2; ++i)
            if (args.needs(i) && !slopes[i].is_null())
                in[i] = derivatives::sum_to(multiply(args.cotangents[0], slopes[i]), args.in[i].shape());
    }
};

struct pair_rules {
    jvp_rule jvp = nullptr;
    vjp_rule vjp = nullptr;
    tessera::saves saves = saves::nothing;
};

template <pair_slopes (*Slopes)(const array&, const array&, const array&)>
constexpr pair_rules smooth_pair(saves kept) {
    return {.jvp = from_slopes<Slopes>::jvp, .vjp = from_slopes<Slopes>::vjp, .saves = kept};
}

// An element-wise op of two operands that is exactly one scalar code.
template <scalar_code Code> constexpr op pair_op(std::string_view name, pair_rules rules) {
    return {.name = name,
            .inputs = 2,
            .outputs = 1,
            .shape = shapes::broadcast,
            .dtype = dtypes::same,
            .jvp = rules.jvp,
            .vjp = rules.vjp,
            .saves = rules.saves,
            .core = element_wise,
            .scalar = scalar_rule_of<Code>,
            .registers = register_array};
}

}  // namespace tessera
