// How transforms call a function and what they take for its arguments.
#pragma once

#include <tuple>
#include <utility>

#include "tessera/array/tree.hpp"

namespace tessera::detail {

template <class T> inline constexpr bool is_tuple = false;
template <class... T> inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B> inline constexpr bool is_tuple<std::pair<A, B>> = true;

// A number is an array, so is a variable; everything else is a tree already.
template <class T> decltype(auto) as_tree(T&& x) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (literal_number<plain>)
        return array(x);
    else if constexpr (std::is_base_of_v<array, plain> && !std::is_same_v<plain, array>)
        return static_cast<const array&>(x);
    else
        return std::forward<T>(x);
}
template <class T> using tree_of = std::remove_cvref_t<decltype(as_tree(std::declval<T>()))>;

// f(x, rest...). A tuple or pair is spread over several arguments unless f takes it as it is.
template <class F, class X, class... Rest> decltype(auto) call_with(F& f, const X& x, const Rest&... rest) {
    if constexpr (is_tuple<X>) {
        if constexpr (std::is_invocable_v<F&, const X&, const Rest&...>)
            return f(x, rest...);
        else
            return std::apply([&](const auto&... parts) -> decltype(auto) { return f(parts..., rest...); }, x);
    } else {
        return f(x, rest...);
    }
}

template <class Tree> std::size_t leaf_count(const Tree& tree) {
    std::size_t count = 0;
    for_each_leaf(tree, [&](const array&) { ++count; });
    return count;
}

// map_leaves, without a walk where the tree is one array.
template <class Tree, class F> Tree mapped(const Tree& tree, F&& f) {
    if constexpr (std::is_same_v<Tree, array>)
        return f(tree);
    else
        return map_leaves(tree, f);
}

}  // namespace tessera::detail
