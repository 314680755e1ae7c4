#include "tessera/dl/activations.hpp"

#include <cmath>
#include <numbers>

#include "tessera/array/derivatives.hpp"
#include "tessera/array/random.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/autograd/stop_gradient.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera {

void register_dl(registry& r) { dl::register_activations(r); }

namespace dl {

namespace {

array step_of(const array& t, const array& y) { return t.is_null() ? t : where(greater(y, 0.0), t, 0.0); }

const array& require_floating(const array& x, std::string_view op_name) {
    if (x.is_null()) throw value_error(text(op_name, ": argument 0 is a null array"));
    if (!is_floating(x.dtype())) throw dtype_error(text(op_name, ": takes floats, got ", x.dtype()));
    return x;
}

}  // namespace

constinit const op relu_op{
    .name = "dl.relu",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::same,
    .jvp = [](const jvp_args& args, std::span<array> out) { out[0] = step_of(args.tangents[0], args.out[0]); },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = step_of(args.cotangents[0], args.out[0]); },
    .saves = saves::outputs,
    .core = element_wise,
    .scalar = [](scalar_builder& b, std::span<const scalar_operand> in,
                 attributes) { return b.apply(scalar_code::maximum, in[0], b.constant(0.0, in[0])); },
    .registers = register_dl,
};

array relu(const array& x) { return call(relu_op, {}, require_floating(x, relu_op.name)); }

// erfc keeps the digits of the small values left of 0, which 1 + erf would cancel.
array gelu(const array& x) {
    require_floating(x, "dl.gelu");
    return 0.5 * x * erfc(x * (-std::numbers::sqrt2 / 2));
}

array silu(const array& x) { return x * sigmoid(require_floating(x, "dl.silu")); }

array gelu_tanh(const array& x) {
    require_floating(x, "dl.gelu_tanh");
    // From 30 on tanh is 1 in every dtype; beyond, powers of x would overflow into the derivative.
    const array near = clip(x, -30.0, 30.0);
    const array inner = std::sqrt(2.0 / std::numbers::pi) * (near + 0.044715 * (square(near) * near));
    return 0.5 * x * (1.0 + tanh(inner));
}

array log_softmax(const array& x, int axis) {
    require_floating(x, "dl.log_softmax");
    // The maximum cancels out of the result, and so out of the derivative.
    const array shifted = x - max(autograd::stop_gradient(x), axis, true);
    return shifted - log(sum(exp(shifted), axis, true));
}

array softmax(const array& x, int axis) {
    require_floating(x, "dl.softmax");
    const array e = exp(x - max(autograd::stop_gradient(x), axis, true));
    return e / sum(e, axis, true);
}

array dropout(const array& x, double p, const array& key) {
    require_floating(x, "dl.dropout");
    if (!(p >= 0 && p < 1)) throw value_error(text("dl.dropout: p must be in [0, 1), got ", p));
    if (p == 0) return x;
    const array keep = uniform(key, x.shape(), f32) >= p;
    return where(keep, x * (1 / (1 - p)), 0.0);
}

void register_activations(registry& r) { r.add(relu_op); }

}  // namespace dl

}  // namespace tessera
