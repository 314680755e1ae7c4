// Scalar programs on the CPU: every instruction is a simd loop over a tile that stays in the first-level cache.
#include "tessera/array/scalar_program.hpp"

#include <array>
#include <vector>

#include "../topics.hpp"
#include "elementwise.hpp"
#include "loop_nest.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/simd/loops.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr std::size_t tile_elements = 512;  // of up to 16 bytes: a handful of values fill half of a 32 KiB cache

struct step {
    simd::loop loop;
    std::uint32_t operand_count;
    const std::uint32_t* operands;
    std::uint32_t result;
};

// Where value i of the program lives while a tile is computed.
struct value_place {
    const void* data;
    std::ptrdiff_t stride;
};

class tile_interpreter {
public:
    explicit tile_interpreter(const scalar_program& program) : program_(program), places_(program.instructions.size()) {
        std::size_t computed = 0;
        for (const scalar_instruction& i : program.instructions)
            computed += i.from == scalar_instruction::source::computed;
        tiles_.resize(computed * tile_elements * 16 + 64);
        std::byte* next = tiles_.data();
        for (std::size_t v = 0; v < program.instructions.size(); ++v) {
            const scalar_instruction& i = program.instructions[v];
            if (i.from == scalar_instruction::source::constant) places_[v] = {i.immediate.bytes.data(), 0};
            if (i.from != scalar_instruction::source::computed) continue;
            places_[v] = {next, 1};
            next += tile_elements * 16;
            const dtype operand_type = program.instructions[i.operands[traits(i.code).operands - 1U]].type;
            const simd::loop loop = i.code == scalar_code::cast ? simd::find_cast(operand_type, i.type)
                                                                : simd::find_loop(i.code, operand_type);
            if (!loop) throw no_kernel(text("scalar program: ", name(i.code), " is not defined for ", operand_type));
            steps_.push_back({loop, traits(i.code).operands, i.operands, static_cast<std::uint32_t>(v)});
        }
    }

    // Destinations first, then inputs.
    void operator()(const run_of_elements& r) const {
        const std::size_t outs = program_.results.size();
        for (std::int64_t begin = 0; begin < r.count; begin += static_cast<std::int64_t>(tile_elements)) {
            const auto n = static_cast<std::size_t>(std::min<std::int64_t>(tile_elements, r.count - begin));
            for (std::uint32_t k = 0; k < program_.inputs; ++k) {
                const auto item = static_cast<std::int64_t>(item_size(program_.instructions[k].type));
                places_[k] = {r.data[outs + k] + begin * r.steps[outs + k] * item, r.steps[outs + k]};
            }
            const auto destination = [&](std::size_t k) {
                return r.data[k] +
                       begin * r.steps[k] * static_cast<std::int64_t>(item_size(type_of(program_.results[k])));
            };
            // The last instruction may write a destination itself: no later one reads an input that shares its memory.
            const bool direct = outs == 1 && !steps_.empty() && steps_.back().result == program_.results[0];
            for (const step& s : steps_) {
                std::array<simd::operand, 3> in;
                for (std::uint32_t k = 0; k < s.operand_count; ++k)
                    in[k] = {places_[s.operands[k]].data, places_[s.operands[k]].stride};
                if (direct && &s == &steps_.back())
                    s.loop(destination(0), r.steps[0], in.data(), n);
                else
                    s.loop(const_cast<void*>(places_[s.result].data), 1, in.data(), n);
            }
            for (std::size_t k = 0; k < outs && !direct; ++k) {
                const std::uint32_t v = program_.results[k];
                const simd::operand from{places_[v].data, places_[v].stride};
                simd::find_cast(type_of(v), type_of(v))(destination(k), r.steps[k], &from, n);
            }
        }
    }

private:
    dtype type_of(std::uint32_t value) const { return program_.instructions[value].type; }

    const scalar_program& program_;
    mutable std::vector<value_place> places_;
    std::vector<std::byte> tiles_;
    std::vector<step> steps_;
};

std::vector<dtype> input_dtypes(const kernel_args& args) {
    std::vector<dtype> types;
    for (const any_view& v : args.in) types.push_back(v.dtype);
    return types;
}

}  // namespace

void run_program(const kernel_args& args) {
    const scalar_program program = program_of(args.op, input_dtypes(args), args.attrs);
    const tile_interpreter complete(program);  // reports a missing loop before anything is written
    double cost = 0.3;
    for (const scalar_instruction& i : program.instructions)
        cost += i.from == scalar_instruction::source::computed ? 0.4 : 0.0;
    loop_nest(args.out, args.in).run_with(cost, [&] { return tile_interpreter(program); });
}

}  // namespace tessera::cpu_kernels

namespace tessera {

void register_scalar_programs(registry& r) {
    r.add_kernel(cpu.kind, scalar_program_op.name,
                 {.run = cpu_kernels::run_program, .label = "tiles", .reuse = reuse_any});
}

}  // namespace tessera
