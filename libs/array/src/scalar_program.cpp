#include "tessera/array/scalar_program.hpp"

#include "tessera/dtype/scalar_rules.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "topics.hpp"

namespace tessera {

constinit const op scalar_program_op{
    .name = "array.scalar_program",
    .inputs = any_number,
    .outputs = 1,
    .shape = [](const rule_args& args,
                std::span<spec* const>) { throw value_error(text(args.op.name, ": is not called by itself")); },
    .dtype = [](const rule_args&, std::span<spec* const>) {},
    .registers = register_array,
};

scalar_operand scalar_builder::push(scalar_instruction instruction) {
    const dtype type = instruction.type;
    program_.instructions.push_back(std::move(instruction));
    return {static_cast<std::uint32_t>(program_.instructions.size() - 1), type};
}

scalar_operand scalar_builder::input(dtype type) {
    if (program_.instructions.size() != program_.inputs)
        throw value_error("scalar_builder: inputs come before everything else");
    return push({.from = scalar_instruction::source::input, .type = type, .operands = {program_.inputs++, 0, 0}});
}

scalar_operand scalar_builder::constant(const scalar_value& value) {
    return push({.from = scalar_instruction::source::constant, .type = value.dtype, .immediate = value});
}

scalar_operand scalar_builder::constant(double value, scalar_operand like) {
    return constant(scalar_value(value).cast(like.type));
}

scalar_operand scalar_builder::cast(scalar_operand a, dtype to) {
    if (a.type == to) return a;
    return push({.code = scalar_code::cast, .type = to, .operands = {a.id, 0, 0}});
}

scalar_operand scalar_builder::apply(scalar_code code, scalar_operand a) {
    if (traits(code).operands != 1 || !takes(code, a.type))
        throw dtype_error(text("scalar_builder: ", name(code), " of one ", a.type, " is not defined"));
    return push({.code = code, .type = result_dtype(code, a.type), .operands = {a.id, 0, 0}});
}

scalar_operand scalar_builder::apply(scalar_code code, scalar_operand a, scalar_operand b) {
    if (traits(code).operands != 2 || a.type != b.type || !takes(code, a.type))
        throw dtype_error(text("scalar_builder: ", name(code), " of ", a.type, " and ", b.type, " is not defined"));
    return push({.code = code, .type = result_dtype(code, a.type), .operands = {a.id, b.id, 0}});
}

scalar_operand scalar_builder::select(scalar_operand condition, scalar_operand a, scalar_operand b) {
    if (condition.type != boolean || a.type != b.type)
        throw dtype_error(text("scalar_builder: select takes a bool and two values of one dtype, got ", condition.type,
                               ", ", a.type, ", ", b.type));
    return push({.code = scalar_code::select, .type = a.type, .operands = {condition.id, a.id, b.id}});
}

scalar_program program_of(const op& o, std::span<const dtype> in, attributes attrs) {
    if (!o.scalar) throw no_kernel(text(o.name, ": has no scalar rule"));
    scalar_builder builder;
    std::vector<scalar_operand> operands;
    for (const dtype type : in) operands.push_back(builder.input(type));
    builder.result(o.scalar(builder, operands, attrs));
    return std::move(builder).finish();
}

}  // namespace tessera
