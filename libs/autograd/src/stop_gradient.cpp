#include "tessera/autograd/stop_gradient.hpp"

#include "tessera/array/backend.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"

namespace tessera::autograd {

namespace {
void register_autograd(registry& r);
}

constinit const op stop_gradient_op{
    .name = "autograd.stop_gradient",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::same,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .core = element_wise,
    .view =
        [](const view_args& args, strides& steps, std::int64_t& offset) {
            steps = args.in_steps;
            offset = 0;
            return true;
        },
    .registers = register_autograd,
};

namespace {
void register_autograd(registry& r) { r.add(stop_gradient_op); }
}  // namespace

array stop_gradient(const array& x) { return x.is_literal() ? x : call(stop_gradient_op, {}, x); }

}  // namespace tessera::autograd
