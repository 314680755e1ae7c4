#include "tessera/dl/losses.hpp"

#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/dl/activations.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::dl {

namespace {

void check_labels(std::string_view name, const array& logits, const array& labels) {
    if (logits.rank() != 2 || labels.rank() != 1 || !(logits.shape()[0] == labels.shape()[0]))
        throw shape_error(
            text(name, ": logits must be (n, classes) and labels (n,), got ", logits.shape(), " and ", labels.shape()));
    if (!is_floating(logits.dtype())) throw dtype_error(text(name, ": logits must be floats, got ", logits.dtype()));
    if (!is_integer(labels.dtype())) throw dtype_error(text(name, ": labels must be integers, got ", labels.dtype()));
    if (logits.shape()[0] == extent{0})
        throw shape_error(text(name, ": the batch is empty: logits are ", logits.shape()));
}

}  // namespace

array cross_entropy(const array& logits, const array& labels) {
    check_labels("dl.cross_entropy", logits, labels);
    // Chosen, not multiplied: another class may be ruled out by a logit of -inf.
    const array chosen = one_hot(labels, logits.shape()[1], boolean);
    return negative(mean(sum(where(chosen, log_softmax(logits), 0.0), -1)));
}

array mean_squared_error(const array& prediction, const array& target) {
    if (!(prediction.shape() == target.shape()))
        throw shape_error(text("dl.mean_squared_error: shapes differ: ", prediction.shape(), " and ", target.shape()));
    return mean(square(prediction - target));
}

double accuracy(const array& logits, const array& labels) {
    check_labels("dl.accuracy", logits, labels);
    (void)one_hot(labels, logits.shape()[1], boolean);  // refuses labels that are no class
    return mean(astype(equal(argmax(logits, -1), labels), f64)).item<double>();
}

}  // namespace tessera::dl
