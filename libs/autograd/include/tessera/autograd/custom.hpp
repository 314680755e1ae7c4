// Functions with derivatives of their own, and functions that are computed again instead of remembered.
//     const auto tame = custom_vjp(f, [](const array& x, const array& y, const array& ct) {
//         return clip(ct, -1.0, 1.0);
//     });
//     const auto layer = checkpoint([](const layer_weights& w, const array& x) { ... });
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tessera/array/elementwise.hpp"
#include "tessera/array/op.hpp"
#include "tessera/autograd/call.hpp"
#include "tessera/autograd/export.hpp"

namespace tessera::detail {

using arrays = std::vector<array>;

// A function of arrays, leaf by leaf, and what is known of its derivative. Zero tangents and cotangents are arrays too.
struct custom_function {
    std::function<arrays(std::span<const array> x)> call;
    std::function<arrays(std::span<const array> x, std::span<const array> y, std::span<const array> dx)> push;
    std::function<arrays(std::span<const array> x, std::span<const array> y, std::span<const array> ct)> pull;
};

enum class custom_kind { jvp, vjp, checkpoint };
TESSERA_AUTOGRAD_API arrays call_custom(custom_kind kind, const std::shared_ptr<const custom_function>& f,
                                        std::span<const array> x, std::size_t results);

// The number of leaves is part of the type: what a function must return that runs before anybody sees a result.
template <class T> inline constexpr bool has_fixed_leaves = struct_node<T>;
template <> inline constexpr bool has_fixed_leaves<array> = true;
template <class T, std::size_t N> inline constexpr bool has_fixed_leaves<std::array<T, N>> = has_fixed_leaves<T>;
template <class A, class B>
inline constexpr bool has_fixed_leaves<std::pair<A, B>> = has_fixed_leaves<A>&& has_fixed_leaves<B>;
template <class... T> inline constexpr bool has_fixed_leaves<std::tuple<T...>> = (true && ... && has_fixed_leaves<T>);

template <class F, class X>
using result_tree = tree_of<decltype(call_with(std::declval<F&>(), std::declval<const X&>()))>;

// One argument is the input, several are a tuple of them.
template <class... Args> auto inputs_of(const Args&... args) {
    std::tuple<tree_of<Args>...> all(as_tree(args)...);
    if constexpr (sizeof...(Args) == 1)
        return std::get<0>(std::move(all));
    else
        return all;
}

template <class X, class F> auto leafwise(const F& f, const X& like) {
    return [f, like](std::span<const array> x) { return leaves(as_tree(call_with(f, with_leaves(like, x)))); };
}

// The tree of the results of a call by leaves.
template <class Y, class X> Y run_custom(custom_kind kind, std::shared_ptr<const custom_function> f, const X& x) {
    static_assert(has_fixed_leaves<Y>, "a function with a derivative of its own returns an array, or a pair, tuple, "
                                       "std::array or struct of arrays: its type must say how many");
    const Y like{};
    return with_leaves(like, call_custom(kind, f, leaves(x), leaf_count(like)));
}

}  // namespace tessera::detail

namespace tessera::autograd {

// f with push as its derivative: push(x, y, dx) is the derivative of y = f(x) along dx, linear in dx, in public ops. Of
// several arguments, x and dx are tuples. Reverse mode transposes push. x and y are arrays or trees of arrays; y has a
// number of leaves that its type says. Everything traced that f needs is an argument: a value of a running transform
// that f or push closes over is refused with value_error. Wrong numbers of arrays throw value_error, wrong shapes and
// dtypes shape_error and dtype_error, all when the derivative is taken.
template <class F, class Push> auto custom_jvp(F f, Push push) {
    return [f = std::move(f), push = std::move(push)](const auto&... args) {
        const auto x = detail::inputs_of(args...);
        using input = std::remove_const_t<decltype(x)>;
        using output = detail::result_tree<const F, input>;
        auto made = std::make_shared<detail::custom_function>();
        made->call = detail::leafwise(f, x);
        made->push = [push, like = x](std::span<const array> at, std::span<const array> y, std::span<const array> dx) {
            return leaves(
                detail::as_tree(push(with_leaves(like, at), with_leaves(output{}, y), with_leaves(like, dx))));
        };
        return detail::run_custom<output>(detail::custom_kind::jvp, std::move(made), x);
    };
}

// f with pull as its transposed derivative: pull(x, y, ct) is what a cotangent of y = f(x) gives for x, a tree like x
// whose null leaves are zero; for complex numbers J^H ct. Of several arguments, x and the result are tuples. Forward
// mode transposes pull. The rest is as for custom_jvp.
template <class F, class Pull> auto custom_vjp(F f, Pull pull) {
    return [f = std::move(f), pull = std::move(pull)](const auto&... args) {
        const auto x = detail::inputs_of(args...);
        using input = std::remove_const_t<decltype(x)>;
        using output = detail::result_tree<const F, input>;
        auto made = std::make_shared<detail::custom_function>();
        made->call = detail::leafwise(f, x);
        made->pull = [pull, like = x](std::span<const array> at, std::span<const array> y, std::span<const array> ct) {
            return leaves(
                detail::as_tree(pull(with_leaves(like, at), with_leaves(output{}, y), with_leaves(output{}, ct))));
        };
        return detail::run_custom<output>(detail::custom_kind::vjp, std::move(made), x);
    };
}

// f, of which reverse mode keeps the arguments alone and computes the rest again on the way back: less memory for about
// one more run of f. Throws as custom_jvp does.
template <class F> auto checkpoint(F f) {
    return [f = std::move(f)](const auto&... args) {
        const auto x = detail::inputs_of(args...);
        using input = std::remove_const_t<decltype(x)>;
        using output = detail::result_tree<const F, input>;
        auto made = std::make_shared<detail::custom_function>();
        made->call = detail::leafwise(f, x);
        return detail::run_custom<output>(detail::custom_kind::checkpoint, std::move(made), x);
    };
}

}  // namespace tessera::autograd
