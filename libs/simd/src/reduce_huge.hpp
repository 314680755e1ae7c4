// Argument reduction of sin and cos for arguments too large for the vector code.
#pragma once

namespace tessera::simd {

struct quarter_turns {
    double rest;  // in [-pi/4, pi/4], to full precision
    int turns;    // modulo 4
};

// x = (turns + 4 k) pi/2 + rest, for finite |x| >= 1. Payne and Hanek, SIGNUM Newsletter 18 (1983).
quarter_turns reduce_huge(double x);

}  // namespace tessera::simd
