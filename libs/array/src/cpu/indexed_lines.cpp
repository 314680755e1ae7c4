#include "indexed_lines.hpp"

#include "element_bytes.hpp"
#include "elementwise.hpp"
#include "lines.hpp"
#include "tessera/dtype/scalar.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr double ns_per_index = 2;

template <class Visit> void with_index_type(const any_view& indices, const Visit& visit) {
    if (indices.dtype == u64) return visit(indices.first<std::uint64_t>());
    visit(indices.first<std::int64_t>());
}

template <class Index> std::int64_t place(Index index, std::int64_t size) {
    const auto i = static_cast<std::int64_t>(index);
    return i < 0 ? i + size : i;
}

// Before anything is written.
template <class Index>
void check(const kernel_args& args, const lines& all, std::size_t which, const Index* indices, int axis,
           std::int64_t size) {
    const std::int64_t n = all.length(which), step = all.step(which), next = all.neighbour_step(which);
    all.run(0.5 * static_cast<double>(n), [&](const lines::places& at, std::int64_t count) {
        for (std::int64_t k = 0; k < n; ++k) {
            const Index* row = indices + at[which] + k * step;
            bool fits = true;
            for (std::int64_t c = 0; c < (next == 0 ? 1 : count); ++c) {
                const Index i = row[c * next];
                fits &= std::cmp_less(i, size) && std::cmp_greater_equal(i, -size);
            }
            if (fits) continue;
            for (std::int64_t c = 0; c < count; ++c) {
                const Index i = row[c * next];
                if (std::cmp_greater_equal(i, size) || std::cmp_less(i, -size))
                    throw index_error(
                        text(args.op.name, ": index ", i, " is out of range for axis ", axis, " of size ", size));
            }
        }
    });
}

template <class T, class Index>
void take_typed(const any_view& x, const any_view& out, const lines& all, const Index* indices, std::int64_t size) {
    T* const to = out.first<T>();
    const T* const from = x.first<T>();
    const std::int64_t n = all.length(0);
    const std::int64_t y_step = all.step(0), i_step = all.step(1), x_step = all.step(2);
    const std::int64_t y_next = all.neighbour_step(0), i_next = all.neighbour_step(1), x_next = all.neighbour_step(2);
    all.run(ns_per_index * static_cast<double>(n), [&](const lines::places& at, std::int64_t count) {
        for (std::int64_t k = 0; k < n; ++k) {
            T* y = to + at[0] + k * y_step;
            const Index* i = indices + at[1] + k * i_step;
            const T* source = from + at[2];
            if (i_next == 0) {
                source += place(*i, size) * x_step;
                for (std::int64_t c = 0; c < count; ++c) y[c * y_next] = source[c * x_next];
            } else {
                for (std::int64_t c = 0; c < count; ++c)
                    y[c * y_next] = source[place(i[c * i_next], size) * x_step + c * x_next];
            }
        }
    });
}

template <class T, class Index, class Put>
void put_typed(const any_view& out, const any_view& values, const lines& all, const Index* indices, const Put& put) {
    T* const to = out.first<T>();
    const T* const from = values.first<T>();
    const std::int64_t n = all.length(1), size = all.length(0);
    const std::int64_t y_step = all.step(0), i_step = all.step(1), v_step = all.step(2);
    const std::int64_t y_next = all.neighbour_step(0), i_next = all.neighbour_step(1), v_next = all.neighbour_step(2);
    all.run(ns_per_index * static_cast<double>(n), [&](const lines::places& at, std::int64_t count) {
        for (std::int64_t k = 0; k < n; ++k) {
            T* y = to + at[0];
            const Index* i = indices + at[1] + k * i_step;
            const T* v = from + at[2] + k * v_step;
            if (i_next == 0) {
                y += place(*i, size) * y_step;
                for (std::int64_t c = 0; c < count; ++c) put(y[c * y_next], v[c * v_next]);
            } else {
                for (std::int64_t c = 0; c < count; ++c)
                    put(y[place(i[c * i_next], size) * y_step + c * y_next], v[c * v_next]);
            }
        }
    });
}

template <scalar_code Code, class Index>
void fold_into(const any_view& out, const any_view& values, const lines& all, const Index* indices) {
    with_type(out.dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        using C = compute_type<T>;
        if constexpr (takes(Code, dtype_of<C>))
            put_typed<T>(out, values, all, indices,
                         [](T& y, T v) { y = cast_to<T>(evaluate<Code>(cast_to<C>(y), cast_to<C>(v))); });
    });
}

}  // namespace

void take_along(const kernel_args& args, int axis) {
    const any_view &x = args.in[0], &out = args.out[0];
    if (out.size() == 0) return;
    const std::array<any_view, 3> operands{out, args.in[1], x};
    const lines all(operands, axis);
    with_index_type(args.in[1], [&](const auto* indices) {
        check(args, all, 1, indices, axis, x.shape[axis]);
        with_bytes(x.dtype, [&](auto one) { take_typed<decltype(one)>(x, out, all, indices, x.shape[axis]); });
    });
}

void put_along(const kernel_args& args, int axis, scatter_mode mode) {
    const any_view &x = args.in[0], &values = args.in[2], &out = args.out[0];
    const std::array<any_view, 3> operands{out, args.in[1], values};
    const lines all(operands, axis);
    with_index_type(args.in[1], [&](const auto* indices) {
        check(args, all, 1, indices, axis, out.shape[axis]);
        if (x.first() != out.first()) copy_elements(x, out);
        switch (mode) {
        case scatter_mode::set:
            return with_bytes(out.dtype, [&](auto one) {
                using T = decltype(one);
                put_typed<T>(out, values, all, indices, [](T& y, const T& v) { y = v; });
            });
        case scatter_mode::add: return fold_into<scalar_code::add>(out, values, all, indices);
        case scatter_mode::minimum: return fold_into<scalar_code::minimum>(out, values, all, indices);
        case scatter_mode::maximum: return fold_into<scalar_code::maximum>(out, values, all, indices);
        }
    });
}

namespace {

constexpr std::int64_t piece = 1 << 14;  // elements that one thread looks at

// Calls visit(i, coordinates) for the elements i of [begin, end), in row-major order, that are not zero.
template <class T, class Visit>
void visit_nonzero(const any_view& x, std::int64_t begin, std::int64_t end, const Visit& visit) {
    const auto last = static_cast<std::size_t>(x.rank) - 1;
    inline_vector<std::int64_t> at(last + 1, 0);
    for (std::size_t a = last + 1, rest = static_cast<std::size_t>(begin); a-- > 0;) {
        const auto size = static_cast<std::size_t>(x.shape[a]);
        at[a] = static_cast<std::int64_t>(rest % size);
        rest /= size;
    }
    while (begin < end) {
        const T* row = x.first<T>();
        for (std::size_t a = 0; a < last; ++a) row += at[a] * x.strides[a];
        const std::int64_t stop = std::min(x.shape[last], at[last] + end - begin);
        begin += stop - at[last];
        for (std::int64_t& i = at[last]; i < stop; ++i)
            if (detail::is_true(cast_to<compute_type<T>>(row[i * x.strides[last]]))) visit(at);
        for (std::size_t a = last; at[a] == x.shape[a] && a > 0; --a) {
            at[a] = 0;
            ++at[a - 1];
        }
    }
}

template <class T> void nonzero_typed(const kernel_args& args) {
    const any_view &x = args.in[0], &out = args.out[0];
    const std::int64_t n = x.size(), pieces = (n + piece - 1) / piece;
    std::int64_t* const starts = args.scratch.first<std::int64_t>();
    const auto each_piece = [&](const auto& body) {
        parallel_for(pieces, 1, 1.0 * piece, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t p = begin; p < end; ++p) body(p, p * piece, std::min(n, (p + 1) * piece));
        });
    };
    each_piece([&](std::int64_t p, std::int64_t begin, std::int64_t end) {
        std::int64_t count = 0;
        visit_nonzero<T>(x, begin, end, [&](const auto&) { ++count; });
        starts[p] = count;
    });
    std::int64_t total = 0;
    for (std::int64_t p = 0; p < pieces; ++p) total += std::exchange(starts[p], total);
    if (total != out.shape[1])
        throw value_error(
            text(args.op.name, ": ", total, " elements are not zero, but the result has room for ", out.shape[1]));
    each_piece([&](std::int64_t p, std::int64_t begin, std::int64_t end) {
        std::int64_t* to = out.first<std::int64_t>() + starts[p] * out.strides[1];
        visit_nonzero<T>(x, begin, end, [&](const inline_vector<std::int64_t>& at) {
            for (std::size_t a = 0; a < at.size(); ++a) to[static_cast<std::int64_t>(a) * out.strides[0]] = at[a];
            to += out.strides[1];
        });
    });
}

}  // namespace

std::size_t nonzero_scratch(const kernel_args& args) {
    return static_cast<std::size_t>((args.in[0].size() + piece - 1) / piece) * sizeof(std::int64_t);
}

void nonzero(const kernel_args& args) {
    with_type(args.in[0].dtype, [&](auto tag) { nonzero_typed<typename decltype(tag)::type>(args); });
}

}  // namespace tessera::cpu_kernels
