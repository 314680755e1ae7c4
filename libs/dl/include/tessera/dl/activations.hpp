// Activations: element-wise, of floating arrays. tanh, sigmoid, softplus and the rest of the functions come with
// tessera::array.
#pragma once

#include "tessera/array/array.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

// max(x, 0); a NaN stays; the slope at 0 is 0.
TESSERA_DL_API array relu(const array& x);

// x Phi(x), where Phi is the normal distribution's: x (1 + erf(x / sqrt(2))) / 2.
TESSERA_DL_API array gelu(const array& x);
// x sigmoid(x), also called swish.
TESSERA_DL_API array silu(const array& x);

// gelu in the form 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (PyTorch: approximate="tanh").
TESSERA_DL_API array gelu_tanh(const array& x);

// exp(x) / sum(exp(x)) along an axis, computed from x - max(x); its logarithm without leaving the logarithmic scale.
TESSERA_DL_API array softmax(const array& x, int axis = -1);
TESSERA_DL_API array log_softmax(const array& x, int axis = -1);

// In training: each element becomes 0 with probability p, the others are scaled by 1 / (1 - p), by the random numbers
// of that key (u32[4]). Throws value_error unless 0 <= p < 1.
TESSERA_DL_API array dropout(const array& x, double p, const array& key);

}  // namespace tessera::dl
