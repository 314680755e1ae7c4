// Per-target: reductions of rows and of columns in the fixed order of loops_reduce.hpp, generic over dtype and code.
#if defined(TESSERA_SIMD_REDUCE_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_SIMD_REDUCE_ROWS_INL
#undef TESSERA_SIMD_REDUCE_ROWS_INL
#else
#define TESSERA_SIMD_REDUCE_ROWS_INL
#endif

#include "strided.hpp"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

inline constexpr std::size_t tile_elements = 1024;  // a multiple of 64

// Elements of a row, contiguous chunks at a time.
template <class T> struct row_source {
    const operand& in;

    std::size_t chunk(std::size_t n) const { return in.stride == 1 ? n : std::min(n, tile_elements); }
    const T* load(std::size_t first, std::size_t n, T* tile) const {
        const T* from = static_cast<const T*>(in.data) + static_cast<std::ptrdiff_t>(first) * in.stride;
        if (in.stride == 1) return from;
        gather(tile, from, in.stride, n, sizeof(T));
        return tile;
    }
};

// The same for narrow floats, as f32.
template <class Narrow> struct widened_row_source {
    const operand& in;
    loop widen;

    std::size_t chunk(std::size_t n) const { return std::min(n, tile_elements); }
    const float* load(std::size_t first, std::size_t n, float* tile) const {
        const operand from{static_cast<const Narrow*>(in.data) + static_cast<std::ptrdiff_t>(first) * in.stride,
                           in.stride};
        widen(tile, 1, &from, n);
        return tile;
    }
};

template <class R, class Source>
typename R::acc_type reduce_one_span(const Source& source, std::size_t first, std::size_t n) {
    alignas(64) typename R::in_type tile[tile_elements];
    lane_set<R> lanes;
    const std::size_t step = source.chunk(n);
    for (std::size_t i = 0; i < n; i += step) {
        const std::size_t count = std::min(step, n - i);
        lanes.add_span(i, source.load(first + i, count, tile), count);
    }
    return lanes.fold();
}

// The elements of a subtree whose root has at most 4096 children.
constexpr std::size_t child_size(std::size_t n) {
    std::size_t child = reduce_span;
    while ((n - 1) / child >= reduce_span) child *= reduce_span;
    return child;
}

template <class R, class Source>
typename R::acc_type reduce_tree(const Source& source, std::size_t first, std::size_t n) {
    if (n <= reduce_span) return reduce_one_span<R>(source, first, n);
    const std::size_t child = child_size(n);
    lane_set<R> lanes;
    for (std::size_t i = 0, start = 0; start < n; ++i, start += child) {
        lanes.add(i, reduce_tree<R>(source, first + start, std::min(child, n - start)));
    }
    return lanes.fold();
}

template <class R> void row_of(void* acc, const operand& in, std::size_t n) {
    const row_source<typename R::in_type> source{in};
    *static_cast<typename R::acc_type*>(acc) = n == 0 ? R::identity() : reduce_tree<R>(source, 0, n);
}

template <class R> void spans_of(void* accs, const operand& in, std::size_t n) {
    const row_source<typename R::in_type> source{in};
    auto* result = static_cast<typename R::acc_type*>(accs);
    for (std::size_t first = 0; first < n; first += reduce_span) {
        *result++ = reduce_one_span<R>(source, first, std::min(reduce_span, n - first));
    }
}

// As many columns as keep 64 lanes of them in the L1 cache.
template <class R> constexpr std::size_t column_block = (R::lanes == 1 ? 4096 : 256) / sizeof(typename R::acc_type);

// Row r of a block of columns, as elements of R.
template <class T> struct column_source {
    const T* data;
    std::ptrdiff_t row_stride;
    std::size_t columns;

    const T* load(std::size_t row, T*) const { return data + static_cast<std::ptrdiff_t>(row) * row_stride; }
};

template <class Narrow> struct widened_column_source {
    const Narrow* data;
    std::ptrdiff_t row_stride;
    std::size_t columns;
    loop widen;

    const float* load(std::size_t row, float* tile) const {
        const operand from{data + static_cast<std::ptrdiff_t>(row) * row_stride, 1};
        widen(tile, 1, &from, columns);
        return tile;
    }
};

// A lane per row of the block, element-wise over its columns.
template <class R> struct column_lanes {
    using acc_type = typename R::acc_type;
    alignas(64) acc_type values[R::lanes][column_block<R>];

    template <class From> void add(std::size_t i, const From* row, std::size_t columns) {
        acc_type* lane = values[i % R::lanes];
        if (i < R::lanes) {
            for (std::size_t c = 0; c < columns; ++c) lane[c] = convert(row[c]);
        } else {
#pragma GCC ivdep
            for (std::size_t c = 0; c < columns; ++c) lane[c] = R::combine(lane[c], convert(row[c]));
        }
    }

    void fold(acc_type* out, std::size_t rows, std::size_t columns) {
        std::size_t used = std::min(R::lanes, rows);
        for (std::size_t half = R::lanes / 2; half > 0; half /= 2) {
            for (std::size_t l = 0; l + half < used; ++l) {
                acc_type *lane = values[l], *other = values[l + half];
#pragma GCC ivdep
                for (std::size_t c = 0; c < columns; ++c) lane[c] = R::combine(lane[c], other[c]);
            }
            used = std::min(used, half);
        }
        if constexpr (R::code == reduce_code::sum) {  // lanes began with their first elements, which may all be -0
            for (std::size_t c = 0; c < columns; ++c) out[c] = R::combine(R::identity(), values[0][c]);
        } else {
            std::copy_n(values[0], columns, out);
        }
    }

private:
    template <class From> [[gnu::always_inline]] static acc_type convert(From x) {
        if constexpr (std::is_same_v<From, acc_type>) {
            return x;  // also a span's result
        } else {
            return R::convert(x);
        }
    }
};

template <class R, class Source>
HWY_NOINLINE void reduce_columns_tree(typename R::acc_type* out, const Source& source, std::size_t first,
                                      std::size_t rows) {
    column_lanes<R> lanes;
    std::size_t i = 0;
    if (rows <= reduce_span) {
        typename R::in_type tile[column_block<R>];
        for (; i < rows; ++i) lanes.add(i, source.load(first + i, tile), source.columns);
    } else {
        const std::size_t child = child_size(rows);
        typename R::acc_type result[column_block<R>];
        for (std::size_t start = 0; start < rows; ++i, start += child) {
            reduce_columns_tree<R>(result, source, first + start, std::min(child, rows - start));
            lanes.add(i, result, source.columns);
        }
    }
    lanes.fold(out, i, source.columns);
}

template <class R>
void columns_of(void* acc, const void* in, std::ptrdiff_t row_stride, std::size_t rows, std::size_t columns) {
    auto* out = static_cast<typename R::acc_type*>(acc);
    const auto* data = static_cast<const typename R::in_type*>(in);
    if (rows == 0) {
        std::fill_n(out, columns, R::identity());
        return;
    }
    for (std::size_t c = 0; c < columns; c += column_block<R>) {
        const std::size_t count = std::min(column_block<R>, columns - c);
        const column_source<typename R::in_type> source{data + c, row_stride, count};
        reduce_columns_tree<R>(out + c, source, 0, rows);
    }
}

template <reduce_code C, dtype D> void fill_reduction(target_tables& tables) {
    using R = reduction<C, D>;
    constexpr auto code = static_cast<std::size_t>(C), type = static_cast<std::size_t>(D);
    tables.rows[code][type] = row_of<R>;
    tables.spans[code][type] = spans_of<R>;
    tables.columns[code][type] = columns_of<R>;
}

template <dtype... D> void fill_dtypes(target_tables& tables) {
    const auto one = [&]<dtype Type>() {
        fill_reduction<reduce_code::sum, Type>(tables);
        fill_reduction<reduce_code::product, Type>(tables);
        fill_reduction<reduce_code::any, Type>(tables);
        fill_reduction<reduce_code::all, Type>(tables);
        if constexpr (!is_complex(Type)) {
            fill_reduction<reduce_code::maximum, Type>(tables);
            fill_reduction<reduce_code::minimum, Type>(tables);
        }
    };
    (one.template operator()<D>(), ...);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
