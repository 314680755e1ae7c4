// What element-wise ops of one operand are made of.
#pragma once

#include "cpu/elementwise.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "topics.hpp"

namespace tessera {

struct unary_rules {
    dtype_rule dtype = dtypes::same;
    jvp_rule jvp = nullptr;
    vjp_rule vjp = nullptr;
    tessera::saves saves = saves::nothing;
};

template <array (*Slope)(const array&, const array&)> constexpr unary_rules smooth(saves kept) {
    return {.jvp = derivatives::from_slope<Slope>::jvp, .vjp = derivatives::from_slope<Slope>::vjp, .saves = kept};
}

// An element-wise op of one operand that is exactly one scalar code.
template <scalar_code Code> constexpr op unary_op(std::string_view name, unary_rules rules) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = shapes::same,
            .dtype = rules.dtype,
            .jvp = rules.jvp,
            .vjp = rules.vjp,
            .saves = rules.saves,
            .core = element_wise,
            .scalar = scalar_rule_of<Code>,
            .registers = register_array};
}

template <scalar_code Code> void register_code(registry& r, const op& o) {
    r.add(o);
    r.add_kernel(cpu.kind, o.name, cpu_kernels::element_kernel<Code>());
}

}  // namespace tessera
