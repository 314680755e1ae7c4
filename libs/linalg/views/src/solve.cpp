#include "tessera/linalg_views/solve.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <string_view>
#include <vector>

// LAPACKE's complex numbers are ours.
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include "blas_threads.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::linalg_views {

namespace {

template <class T> struct lapack;
template <> struct lapack<float> {
    static constexpr auto getrf = LAPACKE_sgetrf_work;
    static constexpr auto getrs = LAPACKE_sgetrs_work;
    static constexpr auto getri = LAPACKE_sgetri_work;
};
template <> struct lapack<double> {
    static constexpr auto getrf = LAPACKE_dgetrf_work;
    static constexpr auto getrs = LAPACKE_dgetrs_work;
    static constexpr auto getri = LAPACKE_dgetri_work;
};
template <> struct lapack<std::complex<float>> {
    static constexpr auto getrf = LAPACKE_cgetrf_work;
    static constexpr auto getrs = LAPACKE_cgetrs_work;
    static constexpr auto getri = LAPACKE_cgetri_work;
};
template <> struct lapack<std::complex<double>> {
    static constexpr auto getrf = LAPACKE_zgetrf_work;
    static constexpr auto getrs = LAPACKE_zgetrs_work;
    static constexpr auto getri = LAPACKE_zgetri_work;
};

bool is_square(const any_view& v) { return v.rank == 2 && v.shape[0] == v.shape[1]; }

void check_matrix(std::string_view name, const any_view& a) {
    if (!is_square(a)) throw shape_error(text("linalg_views.", name, ": takes a square matrix, got ", a.sizes()));
    if (!(a.dtype == f32 || a.dtype == f64 || is_complex(a.dtype)))
        throw dtype_error(text("linalg_views.", name, ": takes f32, f64, c64, c128, got ", a.dtype));
    if (a.device.kind != cpu.kind)
        throw device_error(text("linalg_views.", name, ": reads host memory only, got a view on ", a.device));
    if (a.shape[0] > std::numeric_limits<lapack_int>::max())
        throw shape_error(text("linalg_views.", name, ": size ", a.shape[0], " is beyond LAPACK's limit of ",
                               std::numeric_limits<lapack_int>::max()));
}

// The other operand or the destination, of `rows` rows.
void check_beside(std::string_view name, const any_view& a, const any_view& v, bool is_written) {
    if (v.rank != 2 || v.shape[0] != a.shape[0])
        throw shape_error(text("linalg_views.", name, ": shapes do not fit: ", a.sizes(), " and ", v.sizes()));
    if (v.dtype != a.dtype)
        throw dtype_error(text("linalg_views.", name, ": operands have one dtype, got ", a.dtype, " and ", v.dtype));
    if (v.device.kind != cpu.kind)
        throw device_error(text("linalg_views.", name, ": reads host memory only, got a view on ", v.device));
    if (is_written && (v.flags & view_read_only) != 0)
        throw value_error(text("linalg_views.", name, ": out is read-only"));
    if (v.shape[1] > std::numeric_limits<lapack_int>::max())
        throw shape_error(text("linalg_views.", name, ": size ", v.shape[1], " is beyond LAPACK's limit of ",
                               std::numeric_limits<lapack_int>::max()));
}

// Dense copies in column-major order, and back.
template <class T> std::vector<T> columns_of(const any_view& v) {
    const std::int64_t m = v.shape[0], n = v.shape[1];
    std::vector<T> copy(static_cast<std::size_t>(m * n));
    const T* const first = v.first<T>();
    for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t i = 0; i < m; ++i)
            copy[static_cast<std::size_t>(j * m + i)] = first[i * v.strides[0] + j * v.strides[1]];
    return copy;
}
template <class T> void store_columns(const std::vector<T>& from, const any_view& v) {
    const std::int64_t m = v.shape[0], n = v.shape[1];
    T* const first = v.first<T>();
    for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t i = 0; i < m; ++i)
            first[i * v.strides[0] + j * v.strides[1]] = from[static_cast<std::size_t>(j * m + i)];
}

// P L U = a.
template <class T> struct factors {
    std::vector<T> lu;
    std::vector<lapack_int> pivots;
    lapack_int n;
    lapack_int zero_pivot;  // from 1; 0: there is none

    explicit factors(const any_view& a)
        : lu(columns_of<T>(a)), pivots(static_cast<std::size_t>(a.shape[0])), n(static_cast<lapack_int>(a.shape[0])) {
        keep_to_calling_thread();
        zero_pivot = n == 0 ? 0 : lapack<T>::getrf(LAPACK_COL_MAJOR, n, n, lu.data(), n, pivots.data());
    }
    void require_regular(std::string_view name) const {
        if (zero_pivot > 0)
            throw singular_matrix(text("linalg_views.", name, ": the (", n, ", ", n, ") matrix is singular: pivot ",
                                       zero_pivot, " is zero"));
    }
    const T& pivot(lapack_int i) const { return lu[static_cast<std::size_t>(i) * static_cast<std::size_t>(n + 1)]; }
    bool swaps(lapack_int i) const { return pivots[static_cast<std::size_t>(i)] != i + 1; }
};

template <class T> void solve_as(const any_view& a, const any_view& b, const any_view& out) {
    const factors<T> f(a);
    f.require_regular("solve");
    std::vector<T> x = columns_of<T>(b);
    if (!x.empty())
        lapack<T>::getrs(LAPACK_COL_MAJOR, 'N', f.n, static_cast<lapack_int>(b.shape[1]), f.lu.data(), f.n,
                         f.pivots.data(), x.data(), f.n);
    store_columns(x, out);
}

template <class T> void invert_as(const any_view& a, const any_view& out) {
    factors<T> f(a);
    f.require_regular("inverse");
    if (f.n > 0) {
        std::vector<T> work(static_cast<std::size_t>(f.n) * 64);
        lapack<T>::getri(LAPACK_COL_MAJOR, f.n, f.lu.data(), f.n, f.pivots.data(), work.data(),
                         static_cast<lapack_int>(work.size()));
    }
    store_columns(f.lu, out);
}

using wide = std::complex<long double>;

// The pivots of a, a swapped row's with the other sign: their product is the determinant. Small matrices are eliminated
// in long double, where an ill-conditioned one keeps digits that its own precision would lose; none when a pivot is
// zero.
template <class T> std::vector<wide> signed_pivots(const any_view& a) {
    constexpr std::int64_t small = 16;
    const std::int64_t n = a.shape[0];
    std::vector<wide> pivots;
    if (n > small) {
        const factors<T> f(a);
        for (lapack_int i = 0; i < f.n && f.zero_pivot == 0; ++i)
            pivots.push_back(f.swaps(i) ? -wide(f.pivot(i)) : wide(f.pivot(i)));
        return pivots;
    }
    const std::vector<T> columns = columns_of<T>(a);
    std::vector<wide> m(columns.begin(), columns.end());
    const auto at = [&](std::int64_t i, std::int64_t j) -> wide& { return m[static_cast<std::size_t>(j * n + i)]; };
    for (std::int64_t k = 0; k < n; ++k) {
        std::int64_t best = k;
        for (std::int64_t i = k + 1; i < n; ++i)
            if (std::norm(at(i, k)) > std::norm(at(best, k))) best = i;
        for (std::int64_t j = k; j < n && best != k; ++j) std::swap(at(k, j), at(best, j));
        if (at(k, k) == wide(0)) return {};
        for (std::int64_t i = k + 1; i < n; ++i) {
            const wide factor = at(i, k) / at(k, k);
            for (std::int64_t j = k + 1; j < n; ++j) at(i, j) -= factor * at(k, j);
        }
        pivots.push_back(best == k ? at(k, k) : -at(k, k));
    }
    return pivots;
}

template <class T> sign_and_log slogdet_as(const any_view& a) {
    const std::vector<wide> pivots = signed_pivots<T>(a);
    if (pivots.empty() && a.shape[0] > 0) return {0, -std::numeric_limits<double>::infinity()};
    wide sign = 1;
    long double log_magnitude = 0;
    for (const wide& pivot : pivots) {
        const long double magnitude = std::abs(pivot);
        sign *= pivot / magnitude;
        log_magnitude += std::log(magnitude);
    }
    return {std::complex<double>(sign), static_cast<double>(log_magnitude)};
}

template <class T> std::complex<double> determinant_as(const any_view& a) {
    const std::vector<wide> pivots = signed_pivots<T>(a);
    if (pivots.empty() && a.shape[0] > 0) return 0;
    wide product = 1;
    for (const wide& pivot : pivots) product *= pivot;
    return std::complex<double>(product);
}

// f of a value of the dtype's type.
template <class F> auto with_number(dtype d, const F& f) {
    switch (d) {
    case f32: return f(float{});
    case f64: return f(double{});
    case c64: return f(std::complex<float>{});
    default: return f(std::complex<double>{});
    }
}

}  // namespace

void solve(const any_view& a, const any_view& b, const any_view& out) {
    check_matrix("solve", a);
    check_beside("solve", a, b, false);
    check_beside("solve", a, out, true);
    if (out.shape[1] != b.shape[1])
        throw shape_error(text("linalg_views.solve: the right side is ", b.sizes(), " and out is ", out.sizes()));
    with_number(a.dtype, [&]<class T>(T) { solve_as<T>(a, b, out); });
}

void inverse(const any_view& a, const any_view& out) {
    check_matrix("inverse", a);
    check_beside("inverse", a, out, true);
    if (!is_square(out)) throw shape_error(text("linalg_views.inverse: out is ", out.sizes(), " for ", a.sizes()));
    with_number(a.dtype, [&]<class T>(T) { invert_as<T>(a, out); });
}

sign_and_log slogdet(const any_view& a) {
    check_matrix("slogdet", a);
    return with_number(a.dtype, [&]<class T>(T) { return slogdet_as<T>(a); });
}

std::complex<double> determinant(const any_view& a) {
    check_matrix("determinant", a);
    return with_number(a.dtype, [&]<class T>(T) { return determinant_as<T>(a); });
}

}  // namespace tessera::linalg_views
