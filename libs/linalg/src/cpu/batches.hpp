// The matrices of a batched product: leading axes broadcast, each product on its own or split by rows over threads.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tessera/array/backend.hpp"
#include "tessera/array/inline_vector.hpp"
#include "tessera/array/parallel.hpp"

namespace tessera::cpu_kernels {

// The last two axes of a view, at one index of the leading ones.
inline any_view matrix_of(const any_view& v, std::int64_t offset) {
    any_view m = v;
    m.offset = offset;
    m.shape = v.shape + (v.rank - 2);
    m.strides = v.strides + (v.rank - 2);
    m.rank = 2;
    return m;
}

// Where matrix `index` (row-major over the leading axes of `out`) begins in v, whose leading axes broadcast to out's.
inline std::int64_t batch_offset(const any_view& v, const any_view& out, std::int64_t index) {
    std::int64_t offset = v.offset;
    for (std::int32_t axis = out.rank - 3; axis >= 0; --axis) {
        const std::int64_t at = index % out.shape[axis];
        index /= out.shape[axis];
        const std::int32_t own = axis - (out.rank - v.rank);
        if (own >= 0 && v.shape[own] != 1) offset += at * v.strides[own];
    }
    return offset;
}

// Calls product(a, b, out) for every pair of matrices. Few large products are split by rows of out, many small ones are
// shared out whole. A BLAS may round a row differently when other rows are beside it, so last bits depend on the split.
template <class Product>
void for_each_product(const any_view& a, const any_view& b, const any_view& out, double ns_per_product,
                      const Product& product) {
    std::int64_t batches = 1;
    for (std::int32_t axis = 0; axis + 2 < out.rank; ++axis) batches *= out.shape[axis];
    const std::int64_t rows = out.shape[out.rank - 2];
    if (batches == 0 || rows == 0 || out.shape[out.rank - 1] == 0) return;
    if (batches >= 4 || rows < 64) {
        parallel_for(batches, 1, ns_per_product, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                product(matrix_of(a, batch_offset(a, out, i)), matrix_of(b, batch_offset(b, out, i)),
                        matrix_of(out, batch_offset(out, out, i)));
        });
        return;
    }
    for (std::int64_t i = 0; i < batches; ++i) {
        const any_view whole_a = matrix_of(a, batch_offset(a, out, i)),
                       whole_out = matrix_of(out, batch_offset(out, out, i));
        const any_view whole_b = matrix_of(b, batch_offset(b, out, i));
        // Pieces of at least a quarter of the rows: every piece packs all of b.
        const std::int64_t grain = std::max<std::int64_t>(32, (rows / 4 + 31) / 32 * 32);
        parallel_for(rows, grain, ns_per_product / static_cast<double>(rows),
                     [&](std::int64_t begin, std::int64_t end) {
                         const std::int64_t a_shape[] = {end - begin, whole_a.shape[1]},
                                            out_shape[] = {end - begin, whole_out.shape[1]};
                         any_view piece_a = whole_a, piece_out = whole_out;
                         piece_a.shape = a_shape;
                         piece_a.offset += begin * whole_a.strides[0];
                         piece_out.shape = out_shape;
                         piece_out.offset += begin * whole_out.strides[0];
                         product(piece_a, whole_b, piece_out);
                     });
    }
}

}  // namespace tessera::cpu_kernels
