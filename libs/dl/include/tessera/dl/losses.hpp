// Losses: the mean over a batch, a rank-0 array.
#pragma once

#include "tessera/array/array.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

// The mean of -log softmax(logits)[label]: logits (n, classes), labels (n,) integers in [0, classes).
// Throws shape_error, dtype_error for labels that are not integers (a NaN label can only be a float), index_error for a
// label that is no class.
TESSERA_DL_API array cross_entropy(const array& logits, const array& labels);

// The mean of (prediction - target)^2 over all elements; shapes must be equal.
TESSERA_DL_API array mean_squared_error(const array& prediction, const array& target);

// The share of rows of logits (n, classes) whose greatest element is at the label. Throws as cross_entropy.
TESSERA_DL_API double accuracy(const array& logits, const array& labels);

}  // namespace tessera::dl
