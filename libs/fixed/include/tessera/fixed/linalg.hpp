// Linear algebra of small matrices: loops of constant length, unrolled by the compiler up to 8 x 8. Any element type
// with a field's arithmetic, duals included. Shapes that do not fit do not compile.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include "tessera/fixed/reductions.hpp"

namespace tessera::fixed {

// (n, m) from (m, n).
template <operand X>
    requires(rank_of<X> == 2)
constexpr auto transpose(const X& x) {
    fixed_array<value_type_of<X>, size_of<X, 1>, size_of<X, 0>> out;
    for (std::size_t i = 0; i < size_of<X, 1>; ++i)
        for (std::size_t j = 0; j < size_of<X, 0>; ++j) out(i, j) = x(j, i);
    return out;
}

template <class T, std::size_t N> constexpr fixed_array<T, N, N> eye() {
    fixed_array<T, N, N> out;
    for (std::size_t i = 0; i < N; ++i) out(i, i) = T(1);
    return out;
}

// Sum of a_i b_i, without conjugation.
template <operand A, operand B>
    requires(rank_of<A> == 1 && std::same_as<extents_of<A>, extents_of<B>>)
constexpr auto dot(const A& a, const B& b) { return sum(a * b); }

// (n,) and (m,) give (n, m).
template <operand A, operand B>
    requires(rank_of<A> == 1 && rank_of<B> == 1)
constexpr auto outer(const A& a, const B& b) { return reshape<size_of<A, 0>, 1>(copy_of(a)) * b; }

template <operand A, operand B>
    requires(rank_of<A> == 1 && size_of<A, 0> == 3 && std::same_as<extents_of<A>, extents_of<B>>)
constexpr auto cross(const A& a, const B& b) {
    using T = decltype(a(0) * b(0));
    return fixed_array<T, 3>(a(1) * b(2) - a(2) * b(1), a(2) * b(0) - a(0) * b(2), a(0) * b(1) - a(1) * b(0));
}

// The Euclidean norm of all elements: of a vector, or Frobenius'.
template <operand X> constexpr auto norm(const X& x) {
    using std::abs, std::sqrt;
    return sqrt(sum(map([](const auto& v) { return abs(v) * abs(v); }, x)));
}

template <operand X>
    requires(rank_of<X> == 2 && size_of<X, 0> == size_of<X, 1>)
constexpr auto trace(const X& x) {
    value_type_of<X> out{};
    for (std::size_t i = 0; i < size_of<X, 0>; ++i) out = out + x(i, i);
    return out;
}

namespace detail {
// The shapes a product takes, as NumPy's matmul: (m, k) (k, n); a vector is a row on the left, a column on the right.
template <class A, class B> constexpr bool multiplies() {
    if constexpr (A::rank() < 1 || A::rank() > 2 || B::rank() < 1 || B::rank() > 2) {
        return false;
    } else {
        return A::static_extent(A::rank() - 1) == B::static_extent(0);
    }
}

// Rows of N numbers that fill vectors: the compiler makes of them what the instruction set has.
template <class T, std::size_t N>
inline constexpr bool has_row_vector = (std::is_same_v<T, float> || std::is_same_v<T, double>)&&(N * sizeof(T) == 16 ||
                                                                                                 N * sizeof(T) == 32 ||
                                                                                                 N * sizeof(T) == 64);

template <class T, std::size_t M, std::size_t K, std::size_t N>
[[gnu::always_inline]] inline void multiply_rows(const T* a, const T* b, T* out) {
    typedef T row __attribute__((vector_size(N * sizeof(T))));
    row rows[K];
#pragma GCC unroll 8
    for (std::size_t l = 0; l < K; ++l) std::memcpy(&rows[l], b + l * N, sizeof(row));
#pragma GCC unroll 8
    for (std::size_t i = 0; i < M; ++i) {
        row sum = a[i * K] * rows[0];
#pragma GCC unroll 8
        for (std::size_t l = 1; l < K; ++l) sum += a[i * K + l] * rows[l];
        std::memcpy(out + i * N, &sum, sizeof(row));
    }
}

}  // namespace detail

template <class A, class B>
concept multipliable = operand<A> && operand<B> && detail::multiplies<extents_of<A>, extents_of<B>>();

template <operand A, operand B>
    requires multipliable<A, B>
constexpr auto matmul(const A& a, const B& b) {
    using T = decltype(std::declval<value_type_of<A>>() * std::declval<value_type_of<B>>());
    constexpr std::size_t k = size_of<B, 0>;
    if constexpr (rank_of<A> == 1 && rank_of<B> == 1) {
        return dot(a, b);
    } else if constexpr (rank_of<A> == 1) {
        return reshape<size_of<B, 1>>(matmul(reshape<1, k>(copy_of(a)), b));
    } else if constexpr (rank_of<B> == 1) {
        fixed_array<T, size_of<A, 0>> out;
        for (std::size_t l = 0; l < k; ++l)
            for (std::size_t i = 0; i < size_of<A, 0>; ++i) out[i] = out[i] + a(i, l) * b(l);
        return out;
    } else {
        constexpr std::size_t m = size_of<A, 0>, n = size_of<B, 1>;
        fixed_array<T, m, n> out;
        if constexpr (detail::is_dense<A> && detail::is_dense<B> && detail::has_row_vector<T, n> && m <= 8 && k <= 8 &&
                      k > 0 && std::same_as<value_type_of<A>, value_type_of<B>>) {
            if (!std::is_constant_evaluated()) {
                detail::multiply_rows<T, m, k, n>(a.data(), b.data(), out.data());
                return out;
            }
        }
#pragma GCC unroll 8
        for (std::size_t i = 0; i < m; ++i) {
            std::array<T, n> row{};  // stays in registers
#pragma GCC unroll 8
            for (std::size_t l = 0; l < k; ++l) {
                const auto& factor = a(i, l);
                for (std::size_t j = 0; j < n; ++j) row[j] = row[j] + factor * b(l, j);
            }
            for (std::size_t j = 0; j < n; ++j) out(i, j) = row[j];
        }
        return out;
    }
}

namespace detail {

template <class T> struct elimination {
    T determinant;
    bool is_singular;  // a pivot was zero; the rest was left undone
};

// Gaussian elimination with row pivoting on rows of n + m: leaves the m columns on the right solved. Rows are swapped
// by selection, without branches on data.
template <class T, std::size_t N, std::size_t M>
constexpr elimination<T> eliminate(std::array<std::array<T, N + M>, N>& rows) {
    using std::abs;
    T determinant(1);
#pragma GCC unroll 8
    for (std::size_t k = 0; k < N; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = k + 1; i < N; ++i) {
            const bool swap = abs(rows[i][k]) > abs(rows[k][k]);
#pragma GCC unroll 16
            for (std::size_t j = k; j < N + M; ++j) {
                const T upper = rows[k][j], lower = rows[i][j];
                rows[k][j] = swap ? lower : upper;
                rows[i][j] = swap ? upper : lower;
            }
            determinant = swap ? -determinant : determinant;
        }
        const T pivot = rows[k][k];
        determinant = determinant * pivot;
        if (abs(pivot) == decltype(abs(pivot))(0)) return {T{}, true};
        const T inverse = T(1) / pivot;
#pragma GCC unroll 8
        for (std::size_t i = k + 1; i < N; ++i) {
            const T factor = rows[i][k] * inverse;
#pragma GCC unroll 16
            for (std::size_t j = k + 1; j < N + M; ++j) rows[i][j] = rows[i][j] - factor * rows[k][j];
        }
        rows[k][k] = inverse;
    }
#pragma GCC unroll 8
    for (std::size_t step = 0; step < N; ++step) {
        const std::size_t k = N - 1 - step;
#pragma GCC unroll 16
        for (std::size_t j = N; j < N + M; ++j) {
            T x = rows[k][j];
#pragma GCC unroll 8
            for (std::size_t i = k + 1; i < N; ++i) x = x - rows[k][i] * rows[i][j];
            rows[k][j] = x * rows[k][k];
        }
    }
    return {determinant, false};
}

template <std::size_t N> [[noreturn]] inline void refuse_singular(const char* name) {
    throw singular_matrix(text("fixed::", name, ": the (", N, ", ", N, ") matrix is singular: a pivot is zero"));
}

template <class A>
concept square = operand<A> && rank_of<A>
== 2 && size_of<A, 0> == size_of<A, 1>;

template <operand B, std::size_t N> inline constexpr bool is_right_side = false;
template <operand B, std::size_t N>
    requires(rank_of<B> == 1 || rank_of<B> == 2)
inline constexpr bool is_right_side<B, N> = size_of<B, 0> == N;

}  // namespace detail

// det(a), by elimination; 0 for a singular matrix.
template <detail::square A> constexpr auto det(const A& a) {
    using T = value_type_of<A>;
    constexpr std::size_t n = size_of<A, 0>;
    std::array<std::array<T, n>, n> rows{};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) rows[i][j] = a(i, j);
    return detail::eliminate<T, n, 0>(rows).determinant;
}

namespace detail {
template <square A, operand B> constexpr auto solve_named(const char* name, const A& a, const B& b) {
    using T = value_type_of<A>;
    constexpr std::size_t n = size_of<A, 0>;
    constexpr std::size_t m = static_extents<extents_of<B>>::count / n;
    std::array<std::array<T, n + m>, n> rows{};
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) rows[i][j] = a(i, j);
        if constexpr (rank_of<B> == 1) {
            rows[i][n] = b(i);
        } else {
            for (std::size_t j = 0; j < m; ++j) rows[i][n + j] = b(i, j);
        }
    }
    if (eliminate<T, n, m>(rows).is_singular) refuse_singular<n>(name);
    fixed_array_of<T, extents_of<B>> x;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < m; ++j) x.data()[i * m + j] = rows[i][n + j];
    return x;
}
}  // namespace detail

// x with a x = b; b is (n,) or (n, m). Throws singular_matrix when a pivot is zero.
template <detail::square A, operand B>
    requires(detail::is_right_side<B, size_of<A, 0>>&& std::same_as<value_type_of<A>, value_type_of<B>>)
constexpr auto solve(const A& a, const B& b) { return detail::solve_named("solve", a, b); }

// The inverse. Throws singular_matrix when a pivot is zero.
template <detail::square A> constexpr auto inv(const A& a) {
    return detail::solve_named("inv", a, eye<value_type_of<A>, size_of<A, 0>>());
}

}  // namespace tessera::fixed
