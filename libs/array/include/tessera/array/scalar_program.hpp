// Element-wise work as data: a straight line of typed instructions that every back end can run and every fuser can
// join.
#pragma once

#include <vector>

#include "tessera/array/op.hpp"
#include "tessera/dtype/scalar_code.hpp"

namespace tessera {

// A value of a program: the instruction (or input) that made it, and its dtype.
struct scalar_operand {
    std::uint32_t id = 0;
    tessera::dtype type = f64;
};

struct scalar_instruction {
    enum class source : std::uint8_t { input, constant, computed };
    source from = source::computed;
    scalar_code code = scalar_code::positive;
    tessera::dtype type = f64;              // of the result
    std::uint32_t operands[3] = {0, 0, 0};  // ids of earlier values; of an input its number
    scalar_value immediate = {};            // of a constant
    friend bool operator==(const scalar_instruction&, const scalar_instruction&) = default;
};

// Values are numbered by position: value i is what instruction i makes. Inputs come first, in order.
struct scalar_program {
    std::vector<scalar_instruction> instructions;
    std::uint32_t inputs = 0;
    std::vector<std::uint32_t> results;
    auto fields() const { return std::tie(inputs, results); }
};

// Writes a program. Narrow floats are computed in f32 and rounded once per instruction.
class TESSERA_ARRAY_API scalar_builder {
public:
    scalar_operand input(tessera::dtype type);
    scalar_operand constant(const scalar_value& value);
    // A number in the dtype of `like`.
    scalar_operand constant(double value, scalar_operand like);
    scalar_operand cast(scalar_operand a, tessera::dtype to);
    // Throws dtype_error when the code does not take the operands' dtypes, or they differ.
    scalar_operand apply(scalar_code code, scalar_operand a);
    scalar_operand apply(scalar_code code, scalar_operand a, scalar_operand b);
    scalar_operand select(scalar_operand condition, scalar_operand a, scalar_operand b);
    void result(scalar_operand a) { program_.results.push_back(a.id); }

    scalar_program finish() && { return std::move(program_); }

private:
    scalar_operand push(scalar_instruction instruction);
    scalar_program program_;
};

// The scalar rule of a one-instruction op.
template <scalar_code Code>
scalar_operand scalar_rule_of(scalar_builder& b, std::span<const scalar_operand> in, attributes) {
    if constexpr (traits(Code).operands == 1)
        return b.apply(Code, in[0]);
    else if constexpr (traits(Code).operands == 2)
        return b.apply(Code, in[0], in[1]);
    else
        return b.select(in[0], in[1], in[2]);
}

// Names the kernel that runs scalar programs: a back end that registers one for it runs every op with a scalar rule.
TESSERA_ARRAY_API extern const op scalar_program_op;

// The program of an element-wise op for operands of these dtypes. Throws no_kernel when the op has no scalar rule.
TESSERA_ARRAY_API scalar_program program_of(const op&, std::span<const tessera::dtype> in, attributes);

}  // namespace tessera
