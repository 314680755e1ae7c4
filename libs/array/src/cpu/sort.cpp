#include "sort.hpp"

#include <cmath>
#include <cstring>

#include "lines.hpp"
#include "loop_nest.hpp"
#include "order_key.hpp"
#include "reduction_layout.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr std::int64_t few = 256;  // fewer are compared, more are counted digit by digit

template <class Key, class Index> struct placed {
    Key key;
    Index index;
    friend bool operator<(const placed& a, const placed& b) {
        return a.key != b.key ? a.key < b.key : a.index < b.index;
    }
};

template <class Key> Key key_in(Key k) { return k; }
template <class Key, class Index> Key key_in(const placed<Key, Index>& p) { return p.key; }

// Sorts items by their keys, keeping the order of equal ones; returns where the result is: items or spare.
template <class Item> Item* radix_sort(Item* items, Item* spare, std::int64_t n) {
    using Key = decltype(key_in(*items));
    std::array<std::array<std::int64_t, 256>, sizeof(Key)> counts{};
    for (std::int64_t i = 0; i < n; ++i) {
        const Key key = key_in(items[i]);
        for (std::size_t d = 0; d < sizeof(Key); ++d) ++counts[d][static_cast<std::size_t>(key >> (8 * d)) & 255U];
    }
    for (std::size_t d = 0; d < sizeof(Key); ++d) {
        auto& starts = counts[d];
        const auto digit = [d](const Item& item) { return static_cast<std::size_t>(key_in(item) >> (8 * d)) & 255U; };
        if (starts[digit(items[0])] == n) continue;  // all are equal in it
        std::int64_t total = 0;
        for (std::int64_t& count : starts) total += std::exchange(count, total);
        for (std::int64_t i = 0; i < n; ++i) spare[starts[digit(items[i])]++] = items[i];
        std::swap(items, spare);
    }
    return items;
}

template <class Item> Item* sort_items(Item* items, Item* spare, std::int64_t n) {
    if (n >= few) return radix_sort(items, spare, n);
    std::sort(items, items + n);
    return items;
}

double cost_of_line(std::int64_t n) { return static_cast<double>(n) * (5 + 2 * std::log2(static_cast<double>(n + 1))); }

// Calls body(offsets, memory) for every line, with memory of `bytes`.
template <class Body> void each_line(const lines& all, std::int64_t bytes, const Body& body) {
    all.run(cost_of_line(all.length(1)), [&](const lines::places& first, std::int64_t count) {
        const work_memory memory(static_cast<std::size_t>(bytes));
        for (std::int64_t c = 0; c < count; ++c)
            body(first[0] + c * all.neighbour_step(0), first[1] + c * all.neighbour_step(1), memory.data());
    });
}

template <class T> void sort_typed(const kernel_args& args, int axis, bool descending) {
    using Key = order_key<T>;
    const std::array<any_view, 2> operands{args.out[0], args.in[0]};
    const lines all(operands, axis);
    const std::int64_t n = all.length(1), x_step = all.step(1), y_step = all.step(0);
    if (n == 0) return;
    each_line(all, 2 * n * std::int64_t{sizeof(Key)}, [&](std::int64_t to, std::int64_t from, std::byte* memory) {
        const T* x = args.in[0].first<T>() + from;
        T* y = args.out[0].first<T>() + to;
        Key* keys = reinterpret_cast<Key*>(memory);
        for (std::int64_t i = 0; i < n; ++i) keys[i] = key_of(x[i * x_step], descending);
        const Key* sorted = sort_items(keys, keys + n, n);
        for (std::int64_t i = 0; i < n; ++i) y[i * y_step] = element_of<T>(sorted[i], descending);
        if constexpr (!std::is_integral_v<T>) {  // zeros keep their signs, in their order
            const Key zero = key_of(cast_to<T>(0.0F), descending);
            std::int64_t i = std::lower_bound(sorted, sorted + n, zero) - sorted;
            for (const T* next = x; i < n && sorted[i] == zero; ++i, next += x_step) {
                while (cast_to<compute_type<T>>(*next) != 0) next += x_step;
                y[i * y_step] = *next;
            }
        }
    });
}

template <class T, class Index> void argsort_typed(const kernel_args& args, int axis, bool descending) {
    using Item = placed<order_key<T>, Index>;
    const std::array<any_view, 2> operands{args.out[0], args.in[0]};
    const lines all(operands, axis);
    const std::int64_t n = all.length(1), x_step = all.step(1), y_step = all.step(0), wanted = all.length(0);
    if (wanted == 0) return;
    const bool is_few = wanted < n / 8;
    each_line(all, 2 * n * std::int64_t{sizeof(Item)}, [&](std::int64_t to, std::int64_t from, std::byte* memory) {
        const T* x = args.in[0].first<T>() + from;
        std::int64_t* y = args.out[0].first<std::int64_t>() + to;
        Item* items = reinterpret_cast<Item*>(memory);
        for (std::int64_t i = 0; i < n; ++i) items[i] = {key_of(x[i * x_step], descending), static_cast<Index>(i)};
        if (is_few)
            std::partial_sort(items, items + wanted, items + n);
        else
            items = sort_items(items, items + n, n);
        for (std::int64_t i = 0; i < wanted; ++i) y[i * y_step] = static_cast<std::int64_t>(items[i].index);
    });
}

void sort_indices(const kernel_args& args, int axis, bool descending) {
    with_ordered_type(args.in[0].dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        if (args.in[0].shape[axis] <= std::numeric_limits<std::uint32_t>::max())
            argsort_typed<T, std::uint32_t>(args, axis, descending);
        else
            argsort_typed<T, std::uint64_t>(args, axis, descending);
    });
}

}  // namespace

void sort(const kernel_args& args, int axis, bool descending) {
    with_ordered_type(args.in[0].dtype,
                      [&](auto tag) { sort_typed<typename decltype(tag)::type>(args, axis, descending); });
}

void argsort(const kernel_args& args, int axis, bool descending) { sort_indices(args, axis, descending); }
void topk(const kernel_args& args, int axis, bool descending) { sort_indices(args, axis, descending); }

namespace {

template <class T> void search_typed(const any_view& sorted, const any_view& values, const any_view& out, bool right) {
    const std::int64_t n = sorted.shape[0], step = sorted.strides[0];
    const T* const first = sorted.first<T>();
    const loop_nest nest({&out, 1}, {&values, 1});
    nest.run(5 + 4 * std::log2(static_cast<double>(n + 1)), [&](const run_of_elements& run) {
        auto* y = reinterpret_cast<std::int64_t*>(run.data[0]);
        const T* v = reinterpret_cast<const T*>(run.data[1]);
        for (std::int64_t i = 0; i < run.count; ++i) {
            const auto key = key_of(v[i * run.steps[1]], false);
            std::int64_t low = 0, high = n;
            while (low < high) {
                const std::int64_t middle = low + (high - low) / 2;
                const auto there = key_of(first[middle * step], false);
                if (there < key || (right && there == key))
                    low = middle + 1;
                else
                    high = middle;
            }
            y[i * run.steps[0]] = low;
        }
    });
}

// What lies behind a position of the first axes.
any_view behind(any_view v, int batch, std::int64_t position) {
    for (int a = batch; a-- > 0; position /= v.shape[a]) v.offset += position % v.shape[a] * v.strides[a];
    v.shape += batch;
    v.strides += batch;
    v.rank -= batch;
    return v;
}

}  // namespace

void searchsorted(const kernel_args& args, bool right, int batch) {
    std::int64_t searches = 1;
    for (int a = 0; a < batch; ++a) searches *= args.out[0].shape[a];
    with_ordered_type(args.in[0].dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        for (std::int64_t k = 0; k < searches; ++k)
            search_typed<T>(behind(args.in[0], batch, k), behind(args.in[1], batch, k), behind(args.out[0], batch, k),
                            right);
    });
}

}  // namespace tessera::cpu_kernels
