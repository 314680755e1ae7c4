// What smooth element-wise ops of two operands are made of.
#pragma once

#include <utility>

#include "code_op.hpp"
#include "tessera/array/derivatives.hpp"

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

template <pair_slopes (*Slopes)(const array&, const array&, const array&)>
constexpr code_rules smooth_pair(saves kept) {
    return {.jvp = from_slopes<Slopes>::jvp, .vjp = from_slopes<Slopes>::vjp, .saves = kept};
}

}  // namespace tessera
