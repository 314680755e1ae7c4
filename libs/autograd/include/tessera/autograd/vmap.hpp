// A function of one example as a function of many, without a loop.
//     vmap(f)(x, y)                        // f(x[0], y[0]), f(x[1], y[1]), ... along a new first axis
//     vmap(f, {0, none}, 1)(x, w)          // the same w for all; the results side by side along axis 1
//     vmap(grad(loss), {none, 0})(w, x)    // the gradient of every example
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "tessera/autograd/call.hpp"
#include "tessera/autograd/export.hpp"

namespace tessera::autograd {

// Where examples lie: one axis for all, or one for each; none (std::nullopt) for what all examples share. Negative axes
// count from the back.
class TESSERA_AUTOGRAD_API batch_axes {
public:
    batch_axes(int axis) : listed_{axis} {}
    batch_axes(std::nullopt_t) : listed_{std::nullopt} {}
    batch_axes(std::initializer_list<std::optional<int>> each) : listed_(each), is_list_(true) {}

    // The i-th of count. Throws value_error when the list has another length.
    std::optional<int> at(std::size_t i, std::size_t count, std::string_view what) const;

private:
    std::vector<std::optional<int>> listed_;
    bool is_list_ = false;
};

}  // namespace tessera::autograd

namespace tessera::detail {

struct batch_state;

// One run of a function on batched values: inputs, then start, then outputs.
class TESSERA_AUTOGRAD_API batch_trace {
public:
    // The name begins error texts and outlives the trace.
    explicit batch_trace(std::string_view name);
    ~batch_trace();
    batch_trace(const batch_trace&) = delete;
    batch_trace& operator=(const batch_trace&) = delete;

    // What the function gets for a leaf of that argument.
    array input(const array& x, std::optional<int> axis, std::size_t argument);
    // Throws value_error when no input has an axis.
    void start();
    // Does a value of the function differ from example to example?
    bool is_batched(const array& y) const;
    // All examples' values of the next output, along that axis of the result.
    array output(const array& y, std::optional<int> axis);

private:
    batch_state* state_;
};

}  // namespace tessera::detail

namespace tessera::autograd {

// f for every example of a batch. Arguments and the result are arrays or trees of arrays. `in` says for every argument
// along which axis of its leaves the examples lie; `out` along which axis of the leaves of the result they come, for
// all or leaf by leaf. Every op of f runs once, on the whole batch. Inside f a batched value has no single value to
// read: choose with where, not with if. Throws index_error for an axis that is not there, shape_error for batches of
// different sizes, value_error when no argument is batched, for an op without a batch rule, and when f reads a batched
// value.
template <class F> auto vmap(F f, batch_axes in = 0, batch_axes out = 0) {
    return [f = std::move(f), in = std::move(in), out = std::move(out)]<class... Args>(const Args&... args) {
        detail::batch_trace trace("vmap");
        std::size_t next = 0;
        const auto one_argument = [&](const auto& tree) {
            const std::size_t argument = next++;
            const std::optional<int> axis = in.at(argument, sizeof...(Args), "arguments");
            return detail::mapped(tree, [&](const array& x) { return trace.input(x, axis, argument); });
        };
        const std::tuple<detail::tree_of<const Args&>...> batched{one_argument(detail::as_tree(args))...};
        trace.start();
        using result = std::remove_cvref_t<decltype(std::apply(f, batched))>;
        const detail::tree_of<result> values = detail::as_tree(std::apply(f, batched));
        const std::size_t leaves = detail::leaf_count(values);
        return detail::mapped(values, [&, i = std::size_t{0}](const array& y) mutable {
            return trace.output(y, out.at(i++, leaves, "results"));
        });
    };
}

}  // namespace tessera::autograd
