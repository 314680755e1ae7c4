// The CPU's kernels of linalg.matmul.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::cpu_kernels {

kernel matmul_blas();  // f32 f64 c64 c128, through linalg-views
kernel matmul_own();   // every other dtype
kernel addmm_blas();   // of linalg.addmm

}  // namespace tessera::cpu_kernels
