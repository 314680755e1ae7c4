// The checks that hold for every op, one GoogleTest each per case: every_op/<check>.<case>.
//     values       against the reference: every dtype and shape, special values; the result's shape, dtype and device
//     strides      column-major, reversed, spaced, shifted and repeated operands give what row-major ones do
//     destination  out= in memory of many layouts: the same values, and not a byte outside of the elements
//     overlap      out= that shares memory with an operand behaves as if operands had been copied
//     reuse        rvalue operands give the same; arrays somebody else holds keep their values
//     program      the kernel gives the bits of the scalar program
//     threads      1 and several threads give the same bits
//     targets      every compiled SIMD target gives the same bits, or stays within the tolerance
//     devices      every other device gives what the CPU does
//     errors       null arrays, dtypes that are not taken, mixed devices, missing kernels and the case's own rejections
#pragma once

#include "tessera/testing/op_case.hpp"

namespace tessera::testing {

// Adds the tests of all cases; called by the test program's main before RUN_ALL_TESTS.
void add_case_tests(case_registrar cases);

}  // namespace tessera::testing
