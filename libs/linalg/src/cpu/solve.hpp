// The CPU's kernels of linalg.solve, linalg.inv, linalg.slogdet and linalg.det, through linalg-views.
#pragma once

#include "tessera/array/backend.hpp"

namespace tessera::cpu_kernels {

kernel solve_lapack();
kernel inv_lapack();
kernel slogdet_lapack();
kernel det_lapack();

}  // namespace tessera::cpu_kernels
