#include <atomic>
#include <complex>

#include "batches.hpp"
#include "solve.hpp"
#include "tessera/dtype/convert.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/linalg_views/solve.hpp"

namespace tessera::cpu_kernels {

namespace {

// Estimated time of one factorisation, for the choice of threads.
double factor_ns(std::int64_t n) {
    const auto size = static_cast<double>(n);
    return 300 + size * size * (5 + size / 20);
}

// f(i) for every matrix of a batch, on several threads when it pays. Of several singular matrices the first is
// reported.
template <class F> void for_each_matrix(const kernel_args& args, std::int64_t batches, const F& f) {
    const std::int64_t n = args.in[0].shape[args.in[0].rank - 1];
    std::atomic<std::int64_t> first_singular{batches};
    parallel_for(batches, 1, factor_ns(n), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            try {
                f(i);
            } catch (const singular_matrix&) {
                std::int64_t known = first_singular.load();
                while (i < known && !first_singular.compare_exchange_weak(known, i)) {}
            }
        }
    });
    if (first_singular == batches) return;
    try {
        f(first_singular);
    } catch (const singular_matrix& e) {
        if (batches == 1) throw singular_matrix(text(args.op.name, ": ", e.what()));
        throw singular_matrix(text(args.op.name, ": matrix ", first_singular.load(), " of ", batches, ": ", e.what()));
    }
}

std::int64_t batch_count(const any_view& v, std::int32_t core) {
    std::int64_t count = 1;
    for (std::int32_t axis = 0; axis + core < v.rank; ++axis) count *= v.shape[axis];
    return count;
}

void run_solve(const kernel_args& args) {
    const any_view &a = args.in[0], &b = args.in[1], &out = args.out[0];
    for_each_matrix(args, batch_count(out, 2), [&](std::int64_t i) {
        linalg_views::solve(matrix_of(a, batch_offset(a, out, i)), matrix_of(b, batch_offset(b, out, i)),
                            matrix_of(out, batch_offset(out, out, i)));
    });
}

void run_inv(const kernel_args& args) {
    const any_view &a = args.in[0], &out = args.out[0];
    for_each_matrix(args, batch_count(out, 2), [&](std::int64_t i) {
        linalg_views::inverse(matrix_of(a, batch_offset(a, out, i)), matrix_of(out, batch_offset(out, out, i)));
    });
}

// One number per matrix of the batch: element i of a view of the batch's shape.
void store(const any_view& v, std::int64_t i, std::complex<double> value) {
    std::int64_t offset = v.offset;
    for (std::int32_t axis = v.rank - 1; axis >= 0; --axis) {
        offset += i % v.shape[axis] * v.strides[axis];
        i /= v.shape[axis];
    }
    auto* const to = static_cast<std::byte*>(v.data) + offset * static_cast<std::int64_t>(item_size(v.dtype));
    if (is_complex(v.dtype)) {
        convert(c128, &value, 1, v.dtype, to, 1, 1);
    } else {
        const double real = value.real();
        convert(f64, &real, 1, v.dtype, to, 1, 1);
    }
}

void run_slogdet(const kernel_args& args) {
    const any_view& a = args.in[0];
    for_each_matrix(args, batch_count(a, 2), [&](std::int64_t i) {
        const auto [sign, log_magnitude] = linalg_views::slogdet(matrix_of(a, batch_offset(a, a, i)));
        store(args.out[0], i, sign);
        store(args.out[1], i, log_magnitude);
    });
}

void run_det(const kernel_args& args) {
    const any_view& a = args.in[0];
    for_each_matrix(args, batch_count(a, 2), [&](std::int64_t i) {
        store(args.out[0], i, linalg_views::determinant(matrix_of(a, batch_offset(a, a, i))));
    });
}

}  // namespace

kernel solve_lapack() { return {.run = run_solve, .label = "lapack"}; }
kernel inv_lapack() { return {.run = run_inv, .label = "lapack"}; }
kernel slogdet_lapack() { return {.run = run_slogdet, .label = "lapack"}; }
kernel det_lapack() { return {.run = run_det, .label = "lapack"}; }

}  // namespace tessera::cpu_kernels
