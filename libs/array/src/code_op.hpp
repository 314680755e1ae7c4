// What element-wise ops that are one scalar code are made of; smooth ones of two operands: pairs.hpp.
#pragma once

#include "cpu/elementwise.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "topics.hpp"

namespace tessera {

struct code_rules {
    dtype_rule dtype = dtypes::same;
    jvp_rule jvp = nullptr;
    vjp_rule vjp = nullptr;
    tessera::saves saves = saves::nothing;
};

template <array (*Slope)(const array&, const array&)> constexpr code_rules smooth(saves kept) {
    return {.jvp = derivatives::from_slope<Slope>::jvp, .vjp = derivatives::from_slope<Slope>::vjp, .saves = kept};
}

// An element-wise op that is exactly one scalar code.
template <scalar_code Code> constexpr op code_op(std::string_view name, code_rules rules) {
    constexpr bool one = traits(Code).operands == 1;
    constexpr shape_rule same = shapes::same, broadcast = shapes::broadcast;
    return {.name = name,
            .inputs = one ? 1 : 2,
            .outputs = 1,
            .shape = one ? same : broadcast,
            .dtype = rules.dtype,
            .jvp = rules.jvp,
            .vjp = rules.vjp,
            .saves = rules.saves,
            .core = element_wise,
            .scalar = scalar_rule_of<Code>,
            .registers = register_array};
}

// The same, of derivatives that are zero wherever they exist.
template <scalar_code Code> constexpr op discrete_op(std::string_view name) {
    return code_op<Code>(name, {.dtype = traits(Code).gives_boolean ? dtypes::boolean : dtypes::same,
                                .jvp = derivatives::zero_jvp,
                                .vjp = derivatives::zero_vjp});
}

template <scalar_code Code> void register_code(registry& r, const op& o) {
    r.add(o);
    r.add_kernel(cpu.kind, o.name, cpu_kernels::element_kernel<Code>());
}

}  // namespace tessera
