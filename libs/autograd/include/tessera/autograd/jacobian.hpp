// Whole derivatives: Jacobians and Hessians, all columns or rows of them in one run on a batch of directions.
//     jacobian(f)(x)                     // f: (n) to (m); the result is (m, n)
//     hessian(loss)(x)                   // (n, n)
//     jacobian(f)(std::tuple{a, b})      // a pair of Jacobians of f(a, b)
#pragma once

#include <vector>

#include "tessera/array/views.hpp"
#include "tessera/autograd/grad.hpp"
#include "tessera/autograd/jvp.hpp"

namespace tessera::detail {

// The unit vectors of all leaves together: for every leaf an array of its shape behind one axis as long as there are
// elements in all leaves.
TESSERA_AUTOGRAD_API std::vector<array> unit_directions(std::span<const array> leaves);
// From derivatives along all unit vectors of the inputs, (n, *y), the block of one input: (*y, *x).
TESSERA_AUTOGRAD_API array columns_of(const array& tangents, std::span<const array> inputs, std::size_t input);
// From the rows that pulling back all unit vectors of the outputs gave, (m, *x), the block of one output: (*y, *x).
TESSERA_AUTOGRAD_API array rows_of(const array& pulled, std::span<const array> outputs, std::size_t output);
TESSERA_AUTOGRAD_API extent elements_in(std::span<const array> leaves);

enum class jacobian_kind { holomorphic_or_real, complex_of_real };
// Throws dtype_error for integer outputs and for real outputs of complex inputs, which have no Jacobian.
TESSERA_AUTOGRAD_API jacobian_kind require_jacobian(std::string_view transform, std::span<const array> inputs,
                                                    std::span<const array> outputs);
TESSERA_AUTOGRAD_API void require_real(std::string_view transform, std::span<const array> inputs);
[[noreturn]] TESSERA_AUTOGRAD_API void refuse_reverse_jacobian(std::span<const array> inputs,
                                                               std::span<const array> outputs);

// The block of every output and input in the structure of the outputs, of the inputs, or a list of the latter.
template <class Out, class In, class Block>
auto arrange_blocks(const Out& outputs, const In& inputs, const Block& block) {
    const std::size_t columns = leaf_count(inputs);
    const auto row = [&](std::size_t k) {
        std::vector<array> blocks;
        for (std::size_t i = 0; i < columns; ++i) blocks.push_back(block(k, i));
        return with_leaves(inputs, blocks);
    };
    if constexpr (std::is_same_v<Out, array>) {
        return row(0);
    } else {
        const std::size_t rows = leaf_count(outputs);
        if constexpr (std::is_same_v<In, array>) {
            std::vector<array> blocks;
            for (std::size_t k = 0; k < rows; ++k) blocks.push_back(block(k, 0));
            return with_leaves(outputs, blocks);
        } else {
            std::vector<In> all;
            for (std::size_t k = 0; k < rows; ++k) all.push_back(row(k));
            return all;
        }
    }
}

template <class F, class X> auto forward_jacobian(std::string_view name, F& f, const X& x) {
    const std::vector<array> in = leaves(x);
    const auto run = autograd::jvp_many(f, x, with_leaves(x, unit_directions(in)));
    const std::vector<array> tangents = leaves(run.tangent);
    (void)require_jacobian(name, in, leaves(run.value));
    return arrange_blocks(run.value, x, [&](std::size_t k, std::size_t i) { return columns_of(tangents[k], in, i); });
}

template <class Result, class X> auto reverse_jacobian(const Result& run, const X& x) {
    const std::vector<array> out = leaves(run.value);
    const std::vector<array> pulled = leaves(run.pullback.many(with_leaves(run.value, unit_directions(out))));
    return arrange_blocks(run.value, x, [&](std::size_t k, std::size_t i) { return rows_of(pulled[i], out, k); });
}

}  // namespace tessera::detail

namespace tessera::autograd {

// jacobian(f)(x): the derivatives of every element of f(x) with respect to every element of x, with the shape of f(x)
// followed by that of x. For a tree x it is a tree like x, for a tree f(x) one like f(x); for both a std::vector of
// trees like x, one per leaf of f(x). Complex functions of complex numbers must be holomorphic. Throws what jvp and vjp
// throw, dtype_error for integers and for real functions of complex numbers.

// Forward mode on a batch of all directions at once: for no more inputs than outputs. Memory is that of one run of f
// times the elements of x.
template <class F> auto jacobian_forward(F f) {
    return [f = std::move(f)](const auto& x) {
        return detail::forward_jacobian("jacobian_forward", f, detail::tree_of<decltype(x)>(detail::as_tree(x)));
    };
}

// One run of f, then reverse mode on a batch of all outputs at once: for fewer outputs than inputs. Throws dtype_error
// for complex functions of real numbers too.
template <class F> auto jacobian_reverse(F f) {
    return [f = std::move(f)](const auto& x) {
        const detail::tree_of<decltype(x)> at = detail::as_tree(x);
        const auto run = vjp(f, at);
        if (detail::require_jacobian("jacobian_reverse", leaves(at), leaves(run.value)) ==
            detail::jacobian_kind::complex_of_real)
            detail::refuse_reverse_jacobian(leaves(at), leaves(run.value));
        return detail::reverse_jacobian(run, at);
    };
}

// Reverse mode when f(x) has fewer elements than x, else forward mode, after a run of f that tells.
template <class F> auto jacobian(F f) {
    return [f = std::move(f)](const auto& x) {
        const detail::tree_of<decltype(x)> at = detail::as_tree(x);
        const auto run = vjp(f, at);
        const std::vector<array> in = leaves(at), out = leaves(run.value);
        const auto kind = detail::require_jacobian("jacobian", in, out);
        if (kind == detail::jacobian_kind::holomorphic_or_real && detail::elements_in(out) < detail::elements_in(in))
            return detail::reverse_jacobian(run, at);
        return detail::forward_jacobian("jacobian", f, at);
    };
}

// hessian(f)(x): the second derivatives of a real scalar function, with the shape of x twice, forward over reverse. For
// a tree x a std::vector of trees like x, one per leaf. Throws what grad throws, dtype_error for complex x.
template <class F> auto hessian(F f) {
    return [f = std::move(f)](const auto& x) {
        const detail::tree_of<decltype(x)> at = detail::as_tree(x);
        detail::require_real("hessian", leaves(at));
        const auto slope = [&](const detail::tree_of<decltype(x)>& v) {
            return detail::run_value_and_grad("hessian", f, v).gradient;
        };
        return detail::forward_jacobian("hessian", slope, at);
    };
}

}  // namespace tessera::autograd
