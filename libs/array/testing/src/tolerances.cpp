#include "tessera/testing/tolerance.hpp"

#include <cmath>

namespace tessera::testing {
namespace {

// Significand bits with the implicit one, and the exponent of the smallest number above zero.
struct float_form {
    int digits, least_exponent;
};

float_form form_of(dtype t) {
    switch (t) {
    case f8e4m3: return {4, -9};
    case f8e5m2: return {3, -16};
    case f16: return {11, -24};
    case bf16: return {8, -133};
    case f32:
    case c64: return {24, -149};
    default: return {53, -1074};
    }
}

double function_tolerance(dtype t) {
    switch (t) {
    // Computed in f32 and rounded once: half an ulp, and a bit where f32's error tips the rounding.
    case f8e4m3:
    case f8e5m2:
    case f16:
    case bf16: return 1;
    // What the polynomials of tessera/simd promise.
    case f32:
    case f64: return 4;
    // Products of two such functions, each part measured by the modulus.
    case c64:
    case c128: return 8;
    default: return 0;
    }
}

double accumulation_tolerance(dtype t) {
    switch (t) {
    // Summed in f32 and rounded once.
    case f8e4m3:
    case f8e5m2:
    case f16:
    case bf16: return 1;
    // Folding by halves adds at most one rounding per level; a BLAS adds its blocks one by one.
    case f32:
    case f64:
    case c64:
    case c128: return 24;
    // Integers wrap, whatever the order.
    default: return 0;
    }
}

}  // namespace

double tolerance(accuracy promised, dtype t) {
    switch (promised) {
    case accuracy::function: return function_tolerance(t);
    case accuracy::accumulation: return accumulation_tolerance(t);
    case accuracy::exact: break;
    }
    return 0;
}

double epsilon(dtype t) { return std::ldexp(1.0, 1 - form_of(t).digits); }

double least_spacing(dtype t) { return std::ldexp(1.0, form_of(t).least_exponent); }

}  // namespace tessera::testing
