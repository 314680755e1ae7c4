#include "tessera/dl/clipping.hpp"

#include <cmath>

#include "optimizer_checks.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl::detail {

namespace {

array norm_of(const array& x, double p) {
    const array magnitudes = abs(x);
    if (std::isinf(p)) return max(magnitudes);
    if (p == 1) return sum(magnitudes);
    if (p == 2) return sqrt(sum(square(magnitudes)));
    return exp(log(sum(exp(log(magnitudes) * p))) / p);
}

}  // namespace

array clip_norm(std::span<array> gradients, double max_norm, double p) {
    require_at_least_zero("dl.clip_grad_norm", "max_norm", max_norm);
    if (!(p > 0)) throw value_error(text("dl.clip_grad_norm: p must be above 0, got ", p));
    if (gradients.empty()) throw shape_error("dl.clip_grad_norm: there are no gradients");
    std::vector<array> norms;
    for (const array& g : gradients)
        if (element_count(g.shape()).value() > 0) norms.push_back(norm_of(g, p));
    if (norms.empty()) throw shape_error("dl.clip_grad_norm: the gradients have no elements");
    array widest = norms[0];
    for (const array& n : norms)
        if (result_type(widest, n) != widest.dtype()) widest = astype(widest, result_type(widest, n));
    for (array& n : norms) n = astype(n, widest.dtype());
    const array total = norms.size() == 1 ? norms[0] : norm_of(stack(norms, 0), p);
    const array scale = minimum(max_norm / (total + 1e-6), 1.0);
    for (array& g : gradients) g = g * astype(scale, abs(g).dtype());
    return total;
}

void clip_value(std::span<array> gradients, double bound) {
    require_at_least_zero("dl.clip_grad_value", "bound", bound);
    for (array& g : gradients) g = clip(g, -bound, bound);
}

}  // namespace tessera::dl::detail
