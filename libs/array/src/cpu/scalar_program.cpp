// Scalar programs on the CPU.
#include "tessera/array/scalar_program.hpp"

#include <vector>

#include "../topics.hpp"
#include "elementwise.hpp"
#include "tessera/array/tile_program.hpp"

namespace tessera::cpu_kernels {

namespace {

std::vector<dtype> input_dtypes(const kernel_args& args) {
    std::vector<dtype> types;
    for (const any_view& v : args.in) types.push_back(v.dtype);
    return types;
}

}  // namespace

void run_program(const kernel_args& args) {
    tile_program(program_of(args.op, input_dtypes(args), args.attrs)).run(args.in, args.out);
}

}  // namespace tessera::cpu_kernels

namespace tessera {

void register_scalar_programs(registry& r) {
    r.add_kernel(cpu.kind, scalar_program_op.name,
                 {.run = cpu_kernels::run_program, .label = "tiles", .reuse = reuse_any});
}

}  // namespace tessera
