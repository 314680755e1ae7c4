#include "triangle.hpp"

#include <algorithm>

#include "element_bytes.hpp"
#include "tessera/array/parallel.hpp"

namespace tessera::cpu_kernels {

namespace {

template <class T> void triangle_typed(const any_view& x, const any_view& out, std::int64_t k, bool lower) {
    const std::int32_t rows_axis = out.rank - 2, columns_axis = out.rank - 1;
    const std::int64_t rows = out.shape[rows_axis], columns = out.shape[columns_axis];
    const std::int64_t x_step = x.strides[columns_axis], y_step = out.strides[columns_axis];
    std::int64_t lines = rows;
    for (std::int32_t a = 0; a < rows_axis; ++a) lines *= out.shape[a];
    const double cost = 5 + 0.1 * static_cast<double>(sizeof(T)) * static_cast<double>(columns);
    parallel_for(lines, 1, cost, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t line = begin; line < end; ++line) {
            const T* from = x.first<T>();
            T* to = out.first<T>();
            std::int64_t rest = line;
            for (std::int32_t a = rows_axis; a >= 0; --a) {
                const std::int64_t i = rest % out.shape[a];
                rest /= out.shape[a];
                from += i * x.strides[a];
                to += i * out.strides[a];
            }
            // Columns [first, last) are kept; k may be as far off as 64 bits allow.
            const std::int64_t row = line % rows;
            const std::int64_t edge = k > columns ? columns
                                      : k < -rows ? 0
                                                  : std::clamp<std::int64_t>(row + k + lower, 0, columns);
            const std::int64_t first = lower ? 0 : edge, last = lower ? edge : columns;
            for (std::int64_t c = 0; c < first; ++c) to[c * y_step] = T{};
            for (std::int64_t c = first; c < last; ++c) to[c * y_step] = from[c * x_step];
            for (std::int64_t c = last; c < columns; ++c) to[c * y_step] = T{};
        }
    });
}

}  // namespace

void triangle(const kernel_args& args, std::int64_t k, bool lower) {
    const any_view &x = args.in[0], &out = args.out[0];
    if (out.size() == 0) return;
    with_bytes(out.dtype, [&](auto one) { triangle_typed<decltype(one)>(x, out, k, lower); });
}

}  // namespace tessera::cpu_kernels
