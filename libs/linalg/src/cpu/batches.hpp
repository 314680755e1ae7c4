// The matrices of a batched product: leading axes broadcast, each product on its own or split by rows over threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

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

// A view whose axes may be merged.
class own_axes {
public:
    explicit own_axes(const any_view& v)
        : shape_(std::span(v.shape, static_cast<std::size_t>(v.rank))),
          steps_(std::span(v.strides, static_cast<std::size_t>(v.rank))), view_(v) {}

    // Are the axis and the rows one walk, and with which step?
    bool continues(std::int32_t axis, std::int64_t& step) const {
        const auto at = static_cast<std::size_t>(axis), rows = shape_.size() - 2;
        step = shape_[rows] == 1 ? steps_[at] : steps_[rows];
        return shape_[rows] == 1 || shape_[at] == 1 || steps_[at] == steps_[rows] * shape_[rows];
    }
    void merge_into_rows(std::int32_t axis, std::int64_t step) {
        const std::size_t rows = shape_.size() - 2;
        shape_[rows] *= shape_[static_cast<std::size_t>(axis)];
        steps_[rows] = step;
        drop(axis);
    }
    void drop(std::int32_t axis) {
        shape_.erase(static_cast<std::size_t>(axis));
        steps_.erase(static_cast<std::size_t>(axis));
    }
    const any_view& view() {
        view_.rank = static_cast<std::int32_t>(shape_.size());
        view_.shape = shape_.data();
        view_.strides = steps_.data();
        return view_;
    }

private:
    strides shape_, steps_;
    any_view view_;
};

// Many matrices times one are one matrix of all their rows, where strides can say it: b is read once.
inline void merge_rows(own_axes& a, own_axes& b, own_axes& out) {
    for (;;) {
        const any_view &x = a.view(), &y = b.view(), &to = out.view();
        const std::int32_t axis = to.rank - 3, in_a = x.rank - 3, in_b = y.rank - 3;
        std::int64_t step = 0, out_step = 0;
        if (axis < 0 || in_a < 0 || x.shape[in_a] != to.shape[axis] || (in_b >= 0 && y.shape[in_b] != 1)) return;
        if (!a.continues(in_a, step) || !out.continues(axis, out_step)) return;
        a.merge_into_rows(in_a, step);
        out.merge_into_rows(axis, out_step);
        if (in_b >= 0) b.drop(in_b);
    }
}

// Calls product(a, b, out) for every pair of matrices. Few large products are split by rows of out, many small ones are
// shared out whole. A BLAS may round a row differently when other rows are beside it, so last bits depend on the split.
template <class Product>
void for_each_unmerged_product(const any_view& a, const any_view& b, const any_view& out, double ns_per_product,
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

// The same with as few matrices as there can be.
template <class Product>
void for_each_product(const any_view& a, const any_view& b, const any_view& out, double ns_per_product,
                      const Product& product) {
    if (out.rank == 2) return for_each_unmerged_product(a, b, out, ns_per_product, product);
    own_axes own_a(a), own_b(b), own_out(out);
    merge_rows(own_a, own_b, own_out);
    const double times = static_cast<double>(own_out.view().shape[own_out.view().rank - 2]) /
                         static_cast<double>(std::max<std::int64_t>(1, out.shape[out.rank - 2]));
    for_each_unmerged_product(own_a.view(), own_b.view(), own_out.view(), ns_per_product * times, product);
}

}  // namespace tessera::cpu_kernels
