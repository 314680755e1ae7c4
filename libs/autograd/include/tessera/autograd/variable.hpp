// Reverse mode in PyTorch's style: variables remember what is computed from them, backward() walks it and adds to their
// gradients.
//     variable w(normal(key, {3}));
//     for (const auto& [x, y] : batches) {
//         w.zero_grad();
//         backward(mean(square(matmul(x, w) - y)));
//         w.set(w.value() - 0.1 * w.grad());
//     }
#pragma once

#include <functional>

#include "tessera/array/array.hpp"
#include "tessera/autograd/export.hpp"

namespace tessera::autograd {

struct backward_options {
    array cotangent = {};       // of y, like y; null is 1, for a real scalar
    bool keep_graph = false;    // what was saved stays, for another backward over the same values
    bool create_graph = false;  // the gradients are themselves computed from the variables; keeps the graph
};

// Adds to the gradient of every variable that y was computed from, and gives back what the walk has read unless told to
// keep it. jvp, vjp and grad take variables for constants, and what they compute from them is recorded.
// Throws value_error when y was not computed from variables, or something on the way was given back by an earlier
// backward or overwritten since; shape_error or dtype_error when y is no real scalar or the cotangent is not like y. No
// gradient has changed then.
TESSERA_AUTOGRAD_API void backward(const array& y, const backward_options& options = {});

// Sees a gradient before it is used; returns what to use instead, or a null array to keep it.
using gradient_hook = std::function<array(const array& gradient)>;

// An array that gradients are kept for. It is an array for every function; copies are the same variable.
class TESSERA_AUTOGRAD_API variable : public array {
public:
    // A variable with that value; when x was computed from variables, x itself. Throws dtype_error unless x is a float
    // or complex, value_error when it is null or belongs to a transform that is running.
    variable(const array& x);

    // Nothing was computed to get it.
    bool is_leaf() const;
    // Without a record: what is computed from it has no gradient.
    array value() const;
    array detach() const { return value(); }
    // A new value for all copies; what was computed before keeps the old one. Throws value_error unless the variable is
    // a leaf, shape_error, dtype_error or device_error when x is not like the old value.
    void set(const array& x);
    // In place, as optimisers do: set(value() - x). Throw value_error outside of no_grad.
    variable& operator+=(const array& x);
    variable& operator-=(const array& x);
    variable& operator*=(const array& x);
    variable& operator/=(const array& x);

    // The sum of what backward found since it was made or zeroed; null when that is nothing. Of values that are no
    // leaves only after keep_grad.
    array grad() const;
    void zero_grad();
    void keep_grad();

    void backward(const backward_options& options = {}) const { autograd::backward(*this, options); }

    // Hooks run in the order they were added, in every backward, on the whole gradient that reaches this value in it.
    // What they return must be like the gradient. Returns a number for remove_hook.
    std::size_t add_hook(gradient_hook hook);
    void remove_hook(std::size_t number);

private:
    variable& assign(const array& x, const char* how);
};

// While it lives, what this thread computes from variables is not recorded. Nests.
class TESSERA_AUTOGRAD_API no_grad {
public:
    no_grad();
    ~no_grad();
    no_grad(const no_grad&) = delete;
    no_grad& operator=(const no_grad&) = delete;
};

}  // namespace tessera::autograd
