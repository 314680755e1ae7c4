#include "tessera/linalg_views/matmul.hpp"

#include <cblas.h>

#include <complex>
#include <limits>
#include <type_traits>
#include <vector>

#include "blas_threads.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::linalg_views {

namespace {

using blas_int =
    int;  // of the LP64 interface, which OpenBLAS, BLIS and the reference BLAS share; their names for it differ

// A matrix as row-major BLAS sees it: rows `leading` elements apart, perhaps transposed.
struct blas_matrix {
    const void* data;
    CBLAS_TRANSPOSE transpose;
    blas_int leading;
};

constexpr std::int64_t most = std::numeric_limits<blas_int>::max();

void gemm(blas_int m, blas_int n, blas_int k, float alpha, const blas_matrix& a, const blas_matrix& b, float beta,
          float* c, blas_int ldc) {
    cblas_sgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, alpha, static_cast<const float*>(a.data), a.leading,
                static_cast<const float*>(b.data), b.leading, beta, c, ldc);
}
void gemm(blas_int m, blas_int n, blas_int k, double alpha, const blas_matrix& a, const blas_matrix& b, double beta,
          double* c, blas_int ldc) {
    cblas_dgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, alpha, static_cast<const double*>(a.data), a.leading,
                static_cast<const double*>(b.data), b.leading, beta, c, ldc);
}
void gemm(blas_int m, blas_int n, blas_int k, std::complex<float> alpha, const blas_matrix& a, const blas_matrix& b,
          std::complex<float> beta, std::complex<float>* c, blas_int ldc) {
    cblas_cgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, &alpha, a.data, a.leading, b.data, b.leading, &beta,
                c, ldc);
}
void gemm(blas_int m, blas_int n, blas_int k, std::complex<double> alpha, const blas_matrix& a, const blas_matrix& b,
          std::complex<double> beta, std::complex<double>* c, blas_int ldc) {
    cblas_zgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, &alpha, a.data, a.leading, b.data, b.leading, &beta,
                c, ldc);
}

void gemv(blas_int rows, blas_int columns, float alpha, const blas_matrix& a, const float* x, blas_int x_step,
          float beta, float* y, blas_int y_step) {
    cblas_sgemv(CblasRowMajor, a.transpose, rows, columns, alpha, static_cast<const float*>(a.data), a.leading, x,
                x_step, beta, y, y_step);
}
void gemv(blas_int rows, blas_int columns, double alpha, const blas_matrix& a, const double* x, blas_int x_step,
          double beta, double* y, blas_int y_step) {
    cblas_dgemv(CblasRowMajor, a.transpose, rows, columns, alpha, static_cast<const double*>(a.data), a.leading, x,
                x_step, beta, y, y_step);
}
void gemv(blas_int rows, blas_int columns, std::complex<float> alpha, const blas_matrix& a,
          const std::complex<float>* x, blas_int x_step, std::complex<float> beta, std::complex<float>* y,
          blas_int y_step) {
    cblas_cgemv(CblasRowMajor, a.transpose, rows, columns, &alpha, a.data, a.leading, x, x_step, &beta, y, y_step);
}
void gemv(blas_int rows, blas_int columns, std::complex<double> alpha, const blas_matrix& a,
          const std::complex<double>* x, blas_int x_step, std::complex<double> beta, std::complex<double>* y,
          blas_int y_step) {
    cblas_zgemv(CblasRowMajor, a.transpose, rows, columns, &alpha, a.data, a.leading, x, x_step, &beta, y, y_step);
}

// The step between rows (columns when transposed) that BLAS would need; 0 when it cannot read the matrix.
// An axis of one element has no step of its own.
std::int64_t leading_step(std::int64_t size, std::int64_t step, std::int64_t other_size, std::int64_t other_step) {
    if (other_size > 1 && other_step != 1) return 0;
    const std::int64_t least = other_size > 1 ? other_size : 1;
    if (size <= 1) return least;
    return step >= least && step <= most ? step : 0;
}
std::int64_t row_step(const any_view& v) { return leading_step(v.shape[0], v.strides[0], v.shape[1], v.strides[1]); }
std::int64_t column_step(const any_view& v) { return leading_step(v.shape[1], v.strides[1], v.shape[0], v.strides[0]); }

template <class T> std::vector<T> packed(const any_view& v) {
    std::vector<T> copy(static_cast<std::size_t>(v.size()));
    const T* first = v.first<T>();
    T* next = copy.data();
    for (std::int64_t i = 0; i < v.shape[0]; ++i)
        for (std::int64_t j = 0; j < v.shape[1]; ++j) *next++ = first[i * v.strides[0] + j * v.strides[1]];
    return copy;
}

template <class T> class readable_matrix {
public:
    explicit readable_matrix(const any_view& v) {
        if (const std::int64_t rows = row_step(v)) {
            matrix_ = {v.first<T>(), CblasNoTrans, static_cast<blas_int>(rows)};
        } else if (const std::int64_t columns = column_step(v)) {
            matrix_ = {v.first<T>(), CblasTrans, static_cast<blas_int>(columns)};
        } else {
            copy_ = packed<T>(v);
            matrix_ = {copy_.data(), CblasNoTrans, static_cast<blas_int>(std::max<std::int64_t>(1, v.shape[1]))};
        }
    }
    const blas_matrix& matrix() const { return matrix_; }
    blas_matrix transposed() const {
        return {matrix_.data, matrix_.transpose == CblasNoTrans ? CblasTrans : CblasNoTrans, matrix_.leading};
    }

private:
    std::vector<T> copy_;
    blas_matrix matrix_;
};

// The step along one axis as BLAS takes it for a vector; 0 when it cannot.
blas_int vector_step(std::int64_t size, std::int64_t step) {
    if (size <= 1) return 1;
    return step > 0 && step <= most ? static_cast<blas_int>(step) : 0;
}

// y (+)= alpha m x, where m is (size of y, size of x), or its transpose when `transposed`.
template <class T> struct vector_product {
    const readable_matrix<T>& matrix;
    bool transposed;
    const T* x;
    std::int64_t x_size, x_step;
    T* y;
    std::int64_t y_size, y_step;

    // Does nothing and returns false where the steps are not for BLAS.
    bool run(T alpha, T beta) const {
        const blas_int along_x = vector_step(x_size, x_step), along_y = vector_step(y_size, y_step);
        if (along_x == 0 || along_y == 0 || x_size == 0) return false;
        const blas_matrix m = transposed ? matrix.transposed() : matrix.matrix();
        // What lies in memory is (rows, columns); `transpose` says how it is read.
        const auto inputs = static_cast<blas_int>(x_size), outputs = static_cast<blas_int>(y_size);
        const bool as_it_lies = m.transpose == CblasNoTrans;
        gemv(as_it_lies ? outputs : inputs, as_it_lies ? inputs : outputs, alpha, m, x, along_x, beta, y, along_y);
        return true;
    }
};

template <class T>
void multiply(const any_view& a, const any_view& b, const any_view& out, into how, std::complex<double> scale) {
    const auto m = static_cast<blas_int>(out.shape[0]), n = static_cast<blas_int>(out.shape[1]),
               k = static_cast<blas_int>(a.shape[1]);
    const T beta = how == into::accumulate ? T{1} : T{0};
    T alpha{};
    if constexpr (std::is_floating_point_v<T>)
        alpha = static_cast<T>(scale.real());
    else
        alpha = T(scale);
    if (n == 1) {
        const readable_matrix<T> matrix(a);
        if (vector_product<T>{matrix, false, b.first<T>(), b.shape[0], b.strides[0], out.first<T>(), out.shape[0],
                              out.strides[0]}
                .run(alpha, beta))
            return;
    } else if (m == 1) {
        const readable_matrix<T> matrix(b);
        if (vector_product<T>{matrix, true, a.first<T>(), a.shape[1], a.strides[1], out.first<T>(), out.shape[1],
                              out.strides[1]}
                .run(alpha, beta))
            return;
    }
    const readable_matrix<T> left(a), right(b);
    if (const std::int64_t rows = row_step(out)) {
        gemm(m, n, k, alpha, left.matrix(), right.matrix(), beta, out.first<T>(), static_cast<blas_int>(rows));
    } else if (const std::int64_t columns = column_step(out)) {  // out^T = b^T a^T
        gemm(n, m, k, alpha, right.transposed(), left.transposed(), beta, out.first<T>(),
             static_cast<blas_int>(columns));
    } else {
        std::vector<T> result(static_cast<std::size_t>(out.size()));
        gemm(m, n, k, alpha, left.matrix(), right.matrix(), T{0}, result.data(), n);
        const T* next = result.data();
        for (std::int64_t i = 0; i < m; ++i)
            for (std::int64_t j = 0; j < n; ++j) {
                T& to = out.first<T>()[i * out.strides[0] + j * out.strides[1]];
                to = how == into::accumulate ? to + *next : *next;
                ++next;
            }
    }
}

void check(const any_view& a, const any_view& b, const any_view& out) {
    if (a.rank != 2 || b.rank != 2 || out.rank != 2)
        throw shape_error(
            text("linalg_views.matmul: takes matrices, got ranks ", a.rank, ", ", b.rank, " and ", out.rank));
    if (a.shape[1] != b.shape[0] || out.shape[0] != a.shape[0] || out.shape[1] != b.shape[1])
        throw shape_error(
            text("linalg_views.matmul: shapes do not fit: ", a.sizes(), " times ", b.sizes(), " into ", out.sizes()));
    if (a.dtype != b.dtype || out.dtype != a.dtype || !(a.dtype == f32 || a.dtype == f64 || is_complex(a.dtype)))
        throw dtype_error(text("linalg_views.matmul: takes one dtype of f32, f64, c64, c128, got ", a.dtype, ", ",
                               b.dtype, " into ", out.dtype));
    for (const any_view* v : {&a, &b, &out})
        if (v->device.kind != cpu.kind)
            throw device_error(text("linalg_views.matmul: reads host memory only, got a view on ", v->device));
    if ((out.flags & view_read_only) != 0) throw value_error("linalg_views.matmul: out is read-only");
    for (const std::int64_t size : {a.shape[0], a.shape[1], b.shape[1]})
        if (size > most)
            throw shape_error(text("linalg_views.matmul: size ", size, " is beyond BLAS's limit of ", most));
}

}  // namespace

bool reads_in_place(const any_view& v) { return v.rank == 2 && (row_step(v) > 0 || column_step(v) > 0); }

std::string_view blas_name() {
#if defined(TESSERA_BLAS_OPENBLAS)
    return "OpenBLAS";
#elif defined(TESSERA_BLAS_FLAME)
    return "FLAME";
#else
    return "Generic";
#endif
}

void matmul(const any_view& a, const any_view& b, const any_view& out, into how, std::complex<double> scale) {
    check(a, b, out);
    if (!is_complex(out.dtype) && scale.imag() != 0)
        throw value_error(text("linalg_views.matmul: the scale of ", out.dtype, " products is real, got ", scale.real(),
                               " + ", scale.imag(), "i"));
    if (out.size() == 0) return;
    keep_to_calling_thread();
    switch (a.dtype) {
    case f32: return multiply<float>(a, b, out, how, scale);
    case f64: return multiply<double>(a, b, out, how, scale);
    case c64: return multiply<std::complex<float>>(a, b, out, how, scale);
    default: return multiply<std::complex<double>>(a, b, out, how, scale);
    }
}

}  // namespace tessera::linalg_views
