#include "gather.hpp"

#include <cstring>

#include "element_bytes.hpp"
#include "elementwise.hpp"
#include "tessera/array/inline_vector.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

// Axes of two operands walked together; neighbours that both walk as one axis are one.
struct joint_axes {
    inline_vector<std::int64_t> sizes, a, b;
    std::int64_t count = 1;

    void add(std::int64_t size, std::int64_t step_a, std::int64_t step_b) {
        count *= size;
        if (size == 1) return;
        if (!sizes.empty() && a.back() == step_a * size && b.back() == step_b * size) {
            sizes.back() *= size;
            a.back() = step_a;
            b.back() = step_b;
        } else {
            sizes.push_back(size);
            a.push_back(step_a);
            b.push_back(step_b);
        }
    }

    struct places {
        std::int64_t a, b;
    };
    // Where flat position i lies in both.
    places at(std::int64_t i) const {
        places p{0, 0};
        for (std::size_t k = sizes.size(); k-- > 0;) {
            p.a += i % sizes[k] * a[k];
            p.b += i % sizes[k] * b[k];
            i /= sizes[k];
        }
        return p;
    }
    // Calls body(a, b, count, step_a, step_b) for straight runs that cover [begin, end).
    template <class Body> void runs(std::int64_t begin, std::int64_t end, const Body& body) const {
        const std::int64_t length = sizes.empty() ? 1 : sizes.back();
        const std::int64_t step_a = sizes.empty() ? 0 : a.back(), step_b = sizes.empty() ? 0 : b.back();
        while (begin < end) {
            const std::int64_t n = std::min(length - begin % length, end - begin);
            const places p = at(begin);
            body(p.a, p.b, n, step_a, step_b);
            begin += n;
        }
    }
};

// Calls visit(k, value) for the indices in row-major order, where value is the index as i64.
template <class Visit> void for_each_index(const any_view& indices, const Visit& visit) {
    joint_axes walk;
    for (std::int32_t i = 0; i < indices.rank; ++i) walk.add(indices.shape[i], indices.strides[i], 0);
    with_type(indices.dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
            const T* const first = indices.first<T>();
            std::int64_t k = 0;
            walk.runs(
                0, walk.count, [&](std::int64_t a, std::int64_t, std::int64_t n, std::int64_t step, std::int64_t) {
                    for (std::int64_t i = 0; i < n; ++i, ++k) {
                        const T value = first[a + i * step];
                        visit(k, std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value) : INT64_MAX);
                    }
                });
        }
    });
}

// One index: its element steps in the indexed operand and in the one that has the indices' shape.
struct move_between {
    std::int64_t indexed, listed;
};

// What take and scatter_add share: an operand indexed along an axis, and one where the axis is the indices' shape.
struct indexing {
    joint_axes outer, inner;        // a: indexed, b: listed
    std::span<move_between> moves;  // in scratch

    indexing(const kernel_args& args, const any_view& indexed, const any_view& listed, int axis) {
        const any_view& indices = args.in[1];
        for (std::int32_t i = 0; i < axis; ++i) outer.add(indexed.shape[i], indexed.strides[i], listed.strides[i]);
        for (std::int32_t i = axis + 1; i < indexed.rank; ++i)
            inner.add(indexed.shape[i], indexed.strides[i], listed.strides[i + indices.rank - 1]);
        joint_axes list;
        for (std::int32_t i = 0; i < indices.rank; ++i) list.add(indices.shape[i], 0, listed.strides[axis + i]);
        moves = {args.scratch.first<move_between>(), static_cast<std::size_t>(list.count)};
        const std::int64_t size = indexed.shape[axis], step = indexed.strides[axis];
        for_each_index(indices, [&](std::int64_t i, std::int64_t index) {
            if (index < -size || index >= size)
                throw index_error(
                    text(args.op.name, ": index ", index, " is out of range for axis ", axis, " of size ", size));
            moves[static_cast<std::size_t>(i)].indexed = (index < 0 ? index + size : index) * step;
        });
        std::size_t k = 0;
        list.runs(0, list.count, [&](std::int64_t, std::int64_t b, std::int64_t n, std::int64_t, std::int64_t along) {
            for (std::int64_t i = 0; i < n; ++i) moves[k++].listed = b + i * along;
        });
    }
};

template <class T> void take_typed(const kernel_args& args, const indexing& how) {
    const T* const from = args.in[0].first<T>();
    T* const to = args.out[0].first<T>();
    const auto listed = static_cast<std::int64_t>(how.moves.size());
    const std::int64_t row = how.inner.count;
    if (row == 0) return;
    const double cost = 3 + 0.05 * static_cast<double>(row) * static_cast<double>(sizeof(T));
    parallel_for(how.outer.count * listed, std::max<std::int64_t>(1, 1024 / row), cost,
                 [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t at = begin; at < end;) {
                         const joint_axes::places outer = how.outer.at(at / listed);
                         const std::int64_t k_end = std::min(listed, at % listed + end - at);
                         for (std::int64_t k = at % listed; k < k_end; ++k, ++at) {
                             const move_between& m = how.moves[static_cast<std::size_t>(k)];
                             const T* const source = from + outer.a + m.indexed;
                             T* const target = to + outer.b + m.listed;
                             if (row == 1) {
                                 *target = *source;
                                 continue;
                             }
                             how.inner.runs(
                                 0, row,
                                 [&](std::int64_t a, std::int64_t b, std::int64_t n, std::int64_t sa, std::int64_t sb) {
                                     if (sa == 1 && sb == 1)
                                         std::memcpy(target + b, source + a, static_cast<std::size_t>(n) * sizeof(T));
                                     else
                                         for (std::int64_t i = 0; i < n; ++i) target[b + i * sb] = source[a + i * sa];
                                 });
                         }
                     }
                 });
}

template <class T> void add_to(T& sum, T value) {
    if constexpr (std::is_integral_v<T>) {  // modulo 2^bits
        using U = std::make_unsigned_t<T>;
        sum = static_cast<T>(static_cast<U>(static_cast<U>(sum) + static_cast<U>(value)));
    } else {
        sum = sum + value;
    }
}

template <class T> void scatter_typed(const kernel_args& args, const indexing& how) {
    const T* const from = args.in[0].first<T>();
    T* const to = args.out[0].first<T>();
    const std::int64_t inner = how.inner.count;
    const double cost = 0.5 * static_cast<double>(how.moves.size());
    // Threads share out the elements of a slab, never the indices: each sum has one order.
    parallel_for(how.outer.count * inner, 64, cost, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t at = begin; at < end;) {
            const joint_axes::places outer = how.outer.at(at / inner);
            const std::int64_t first = at % inner, last = std::min(inner, first + end - at);
            for (const move_between& m : how.moves) {
                const T* const source = from + outer.b + m.listed;
                T* const target = to + outer.a + m.indexed;
                if (inner == 1) {
                    add_to(*target, *source);
                    continue;
                }
                how.inner.runs(first, last,
                               [&](std::int64_t a, std::int64_t b, std::int64_t n, std::int64_t sa, std::int64_t sb) {
                                   for (std::int64_t i = 0; i < n; ++i) add_to(target[a + i * sa], source[b + i * sb]);
                               });
            }
            at += last - first;
        }
    });
}

// Calls body for each position of the first axes of all operands, with views of what lies behind them.
template <class Body> void for_each_batch(const kernel_args& args, int batch, const Body& body) {
    if (batch == 0) return body(args);
    any_view in[] = {args.in[0], args.in[1]}, out[] = {args.out[0]};
    std::int64_t count = 1;
    for (std::int32_t i = 0; i < batch; ++i) count *= out[0].shape[i];
    for (any_view* v : {&in[0], &in[1], &out[0]}) {
        v->rank -= batch;
        v->shape += batch;
        v->strides += batch;
    }
    const auto behind = [batch](const any_view& whole, std::int64_t position) {
        std::int64_t at = whole.offset;
        for (std::int32_t i = batch; i-- > 0; position /= whole.shape[i])
            at += position % whole.shape[i] * whole.strides[i];
        return at;
    };
    for (std::int64_t position = 0; position < count; ++position) {
        in[0].offset = behind(args.in[0], position);
        in[1].offset = behind(args.in[1], position);
        out[0].offset = behind(args.out[0], position);
        body({args.op, args.attrs, in, out, args.scratch, args.on});
    }
}

}  // namespace

std::size_t take_scratch(const kernel_args& args) {
    return static_cast<std::size_t>(args.in[1].size()) * sizeof(move_between);
}

void take(const kernel_args& args, int axis, int batch) {
    for_each_batch(args, batch, [&](const kernel_args& one) {
        const indexing how(one, one.in[0], one.out[0], axis - batch);
        with_bytes(one.out[0].dtype, [&](auto bytes) { take_typed<decltype(bytes)>(one, how); });
    });
}

void scatter_add(const kernel_args& args, int axis, int batch) {
    for_each_batch(args, batch, [&](const kernel_args& one) {
        const indexing how(one, one.out[0], one.in[0], axis - batch);
        write_zeros(one.out[0]);
        with_type(one.out[0].dtype, [&](auto tag) {
            using T = typename decltype(tag)::type;
            if constexpr (!std::is_same_v<T, bool> && std::is_same_v<T, compute_type<T>>) scatter_typed<T>(one, how);
        });
    });
}

void one_hot(const kernel_args& args) {
    const any_view &indices = args.in[0], &out = args.out[0];
    const std::int64_t classes = out.shape[out.rank - 1], step = out.strides[out.rank - 1];
    for_each_index(indices, [&](std::int64_t, std::int64_t index) {
        if (index < 0 || index >= classes)
            throw index_error(text(args.op.name, ": index ", index, " is out of range for ", classes, " classes"));
    });
    write_zeros(out);
    joint_axes places;
    for (std::int32_t i = 0; i < indices.rank; ++i) places.add(indices.shape[i], out.strides[i], 0);
    with_type(out.dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        T* const first = out.first<T>();
        for_each_index(
            indices, [&](std::int64_t k, std::int64_t index) { first[places.at(k).a + index * step] = cast_to<T>(1); });
    });
}

void concat(const kernel_args& args, int axis) {
    const any_view& out = args.out[0];
    inline_vector<std::int64_t> starts;
    std::int64_t start = 0, longest = 0;
    for (const any_view& part : args.in) {
        starts.push_back(start);
        start += part.shape[axis];
        longest = std::max(longest, part.size());
    }
    const auto copy_part = [&](std::size_t i) {
        any_view region = args.in[i];  // its shape
        region.data = out.data;
        region.offset = out.offset + starts[i] * out.strides[axis];
        region.strides = out.strides;
        copy_elements(args.in[i], region);
    };
    const auto parts = static_cast<std::int64_t>(args.in.size());
    if (longest * 4 > out.size()) {  // few large ones: each is shared out by itself
        for (std::size_t i = 0; i < args.in.size(); ++i) copy_part(i);
        return;
    }
    const double cost = 50 + 0.08 * static_cast<double>(item_size(out.dtype)) * static_cast<double>(out.size() / parts);
    parallel_for(parts, 1, cost, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) copy_part(static_cast<std::size_t>(i));
    });
}

}  // namespace tessera::cpu_kernels
