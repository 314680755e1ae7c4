// The CPU's element-wise kernels: one simd loop for a one-instruction op, tiles of loops for a program.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/dtype/scalar_code.hpp"

namespace tessera::cpu_kernels {

void run_code(scalar_code code, const kernel_args& args);
bool run_flat(scalar_code code, dtype type, void* out, const flat_operand* in, std::size_t count);

// The kernel of an op that is exactly one scalar code.
template <scalar_code Code> kernel element_kernel() {
    return {.run = [](const kernel_args& args) { run_code(Code, args); },
            .label = "simd",
            .reuse = reuse_any,
            .flat = [](dtype type, void* out, const flat_operand* in,
                       std::size_t count) { return run_flat(Code, type, out, in, count); }};
}

// Runs any element-wise op through its scalar rule; registered for array.scalar_program.
void run_program(const kernel_args& args);

// A dense result that is worth storing past the caches. One that overwrites an operand finds its lines loaded.
bool is_streamed(const any_view& out, std::span<const any_view> in);

// Copies elements between views of one shape, converting dtypes.
void copy_elements(const any_view& from, const any_view& to);
void write_zeros(const any_view& to);

}  // namespace tessera::cpu_kernels
