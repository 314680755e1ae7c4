// Trees of arrays: models, optimiser states, factors. A tree is an array, or a vector, std::array, pair, tuple,
// optional or map<std::string, ...> of trees, or a struct that ties its members:
//     struct linear {
//         array weight, bias;
//         double scale;                                                    // no array: an attribute, kept as it is
//         auto fields() { return std::tie(weight, bias, scale); }
//         auto fields() const { return std::tie(weight, bias, scale); }
//         static constexpr std::string_view field_names[] = {"weight", "bias", "scale"};   // optional, for paths
//     };
// Leaves are visited in the order of the members; those of a map by key.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace detail {

template <class T>
concept struct_node = requires(T& t) {
    t.fields();
};
template <class T>
concept named_node = requires {
    std::size(std::remove_const_t<T>::field_names);
};

// False for types without an array anywhere, which are attributes. A struct may hold itself in a vector, so it is not
// looked into.
template <class T> inline constexpr bool holds_arrays = struct_node<T>;
template <> inline constexpr bool holds_arrays<array> = true;
template <class T, class A> inline constexpr bool holds_arrays<std::vector<T, A>> = holds_arrays<T>;
template <class T, std::size_t N> inline constexpr bool holds_arrays<std::array<T, N>> = holds_arrays<T>;
template <class T> inline constexpr bool holds_arrays<std::optional<T>> = holds_arrays<T>;
template <class A, class B>
inline constexpr bool holds_arrays<std::pair<A, B>> =
    holds_arrays<std::remove_cvref_t<A>> || holds_arrays<std::remove_cvref_t<B>>;
template <class... T>
inline constexpr bool holds_arrays<std::tuple<T...>> = (false || ... || holds_arrays<std::remove_cvref_t<T>>);
template <class T, class C, class A>
inline constexpr bool holds_arrays<std::map<std::string, T, C, A>> = holds_arrays<T>;

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_map = false;
template <class T, class C, class A> inline constexpr bool is_map<std::map<std::string, T, C, A>> = true;

// "layers.0.weight" while the walk is there.
class tree_path {
public:
    template <class Name, class Walk> void in(const Name& name, const Walk& walk) {
        const std::size_t length = path_.size();
        if (length > 0) path_ += '.';
        append_text(path_, name);
        walk();
        path_.resize(length);
    }
    const std::string& text() const { return path_; }

private:
    std::string path_;
};

// For visitors that do not ask where they are.
struct no_path {
    template <class Name, class Walk> void in(const Name&, const Walk& walk) { walk(); }
};

template <class Node, class Path, class Visit> void walk_tree(Node& node, Path& path, Visit& visit) {
    using plain = std::remove_const_t<Node>;
    if constexpr (std::is_same_v<plain, array>) {
        if constexpr (std::is_same_v<Path, tree_path>)
            visit(path.text(), node);
        else
            visit(node);
    } else if constexpr (!holds_arrays<plain>) {
        // an attribute
    } else if constexpr (is_optional<plain>) {
        if (node) walk_tree(*node, path, visit);
    } else if constexpr (is_map<plain>) {
        for (auto& [key, value] : node) path.in(std::string_view(key), [&, &v = value] { walk_tree(v, path, visit); });
    } else if constexpr (requires { node.begin(); }) {
        std::size_t i = 0;
        for (auto& child : node) path.in(i++, [&] { walk_tree(child, path, visit); });
    } else if constexpr (struct_node<Node>) {
        std::apply(
            [&](auto&... members) {
                std::size_t i = 0;
                const auto one = [&](auto& member) {
                    if constexpr (named_node<Node>)
                        path.in(std::string_view(std::remove_const_t<Node>::field_names[i]),
                                [&] { walk_tree(member, path, visit); });
                    else
                        path.in(i, [&] { walk_tree(member, path, visit); });
                    ++i;
                };
                (one(members), ...);
            },
            node.fields());
    } else {
        std::apply(
            [&](auto&... members) {
                std::size_t i = 0;
                (path.in(i++, [&] { walk_tree(members, path, visit); }), ...);
            },
            node);
    }
}

}  // namespace detail

// Calls visit(leaf) or visit(path, leaf) for every array; it may assign to the leaves of a tree that is not const.
template <class Tree, class Visit> void for_each_leaf(Tree&& tree, Visit&& visit) {
    using leaf = std::conditional_t<std::is_const_v<std::remove_reference_t<Tree>>, const array, array>;
    std::conditional_t<std::is_invocable_v<Visit&, const std::string&, leaf&>, detail::tree_path, detail::no_path> path;
    detail::walk_tree(tree, path, visit);
}

template <class Tree> std::vector<array> leaves(const Tree& tree) {
    std::vector<array> found;
    for_each_leaf(tree, [&](const array& leaf) { found.push_back(leaf); });
    return found;
}

// The same tree with f(leaf), or f(path, leaf), in the place of every leaf.
template <class Tree, class F> Tree map_leaves(const Tree& tree, F&& f) {
    Tree mapped = tree;
    if constexpr (std::is_invocable_v<F&, const std::string&, const array&>)
        for_each_leaf(mapped, [&](const std::string& path, array& leaf) { leaf = f(path, std::as_const(leaf)); });
    else
        for_each_leaf(mapped, [&](array& leaf) { leaf = f(std::as_const(leaf)); });
    return mapped;
}

// The same tree with those arrays as its leaves, in order. Throws value_error when they are too few or too many.
template <class Tree> Tree with_leaves(const Tree& tree, std::span<const array> values) {
    std::size_t count = 0;
    for_each_leaf(tree, [&](const array&) { ++count; });
    if (count != values.size())
        throw value_error(text("with_leaves: the tree has ", count, " leaves, got ", values.size(), " arrays"));
    Tree filled = tree;
    for_each_leaf(filled, [&, next = values.begin()](array& leaf) mutable { leaf = *next++; });
    return filled;
}

}  // namespace tessera
