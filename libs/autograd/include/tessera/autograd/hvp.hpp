// Second derivatives.
#pragma once

#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/jvp.hpp"

namespace tessera::autograd {

// The Hessian of a scalar function at x times v, forward over reverse: about three runs of f, no matrix. x and v are
// arrays or trees of one structure; the result is like them. Throws what grad and jvp throw.
template <class F, class X> X hvp(F&& f, const X& x, const X& v) { return jvp(grad(std::ref(f)), x, v).tangent; }

}  // namespace tessera::autograd
