// The CPU's reductions: every layout is brought to the rows and columns of simd/loops_reduce.hpp, whose order they
// keep.
#pragma once

#include "tessera/array/backend.hpp"
#include "tessera/simd/loops_reduce.hpp"

namespace tessera::cpu_kernels {

// What becomes of the accumulators.
enum class finish : std::uint8_t { store, divide_by_count };

void reduce(simd::reduce_code code, finish how, const kernel_args& args);
// The reduction of one dense row; false, without having written, when the result needs more than its accumulator.
bool reduce_row(simd::reduce_code code, dtype type, dtype result, void* out, const void* in, std::size_t count);

enum class extreme : std::uint8_t { greatest, least };

void arg_reduce(extreme which, const kernel_args& args);

template <simd::reduce_code Code, finish How = finish::store> kernel reduce_kernel() {
    kernel k{.run = [](const kernel_args& args) { reduce(Code, How, args); }, .label = "simd"};
    if constexpr (How == finish::store)
        k.row = [](dtype type, dtype result, void* out, const void* in, std::size_t count) {
            return reduce_row(Code, type, result, out, in, count);
        };
    return k;
}

template <extreme Which> kernel arg_kernel() {
    return {.run = [](const kernel_args& args) { arg_reduce(Which, args); }, .label = "simd"};
}

}  // namespace tessera::cpu_kernels
