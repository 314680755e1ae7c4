// Spread, quantiles and norms, with NumPy's meaning; axes as in reductions.hpp. Ordinary functions of other ops, so
// that they differentiate and compile like these. Booleans and integers are computed in f64, narrow floats in f32 and
// rounded once.
#pragma once

#include "tessera/array/reductions.hpp"

namespace tessera {

// The mean of |x - mean(x)|^2, with n - correction in the place of n; real. Two passes.
TESSERA_ARRAY_API array var(const array& x, const reduced_axes& over = all_axes, bool keepdims = false,
                            double correction = 0);
// The square root of var (the standard deviation, which cannot be called std here); its derivative is zero where all
// elements are equal.
TESSERA_ARRAY_API array stddev(const array& x, const reduced_axes& over = all_axes, bool keepdims = false,
                               double correction = 0);

// The p-norm of the elements as one vector, real: (sum |x|^p)^(1/p). The greatest |x| for infinity, the least for
// -infinity, how many are not zero for 0. Its derivative at zero is zero. Throws value_error when p is NaN,
// shape_error when p is infinite and it would reduce no elements at all.
TESSERA_ARRAY_API array vector_norm(const array& x, const reduced_axes& over = all_axes, bool keepdims = false,
                                    double p = 2);

// log(sum(exp(x))) without overflow; not of complex. Throws shape_error when it would reduce no elements at all.
TESSERA_ARRAY_API array logsumexp(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);

// The sum of the elements that are not NaN.
TESSERA_ARRAY_API array nansum(const array& x, const reduced_axes& over = all_axes, bool keepdims = false);

// x[1:] - x[:-1] along an axis, n times; of booleans, where they differ. Throws value_error when n is negative.
TESSERA_ARRAY_API array diff(const array& x, int n = 1, int axis = -1);

// What quantile gives between two elements.
enum class quantile_method : std::uint8_t { linear, lower, higher, nearest, midpoint };

// The element at q (n - 1) of the n sorted ones along an axis, or of all; NaN where one is NaN. 0 <= q <= 1, else
// value_error. Throws shape_error for an empty axis. Not of complex.
TESSERA_ARRAY_API array quantile(const array& x, double q, std::optional<int> axis = std::nullopt,
                                 bool keepdims = false, quantile_method method = quantile_method::linear);
TESSERA_ARRAY_API array median(const array& x, std::optional<int> axis = std::nullopt, bool keepdims = false);

}  // namespace tessera
