#include "reduction_layout.hpp"

#include <algorithm>

namespace tessera::cpu_kernels {

namespace {

// Elements of neighbouring runs that are copied together: so many cache lines and pages stay at hand.
constexpr std::int64_t transposed_piece = 16;
constexpr std::int64_t short_loop = 16;  // below this the other direction is copied in longer loops

void copy_run(simd::loop copy, std::byte* to, std::int64_t to_step, const std::byte* from, std::int64_t from_step,
              std::int64_t count) {
    const simd::operand in{from, from_step};
    copy(to, to_step, &in, static_cast<std::size_t>(count));
}

}  // namespace

reduction_layout::reduction_layout(const any_view& from, const any_view& to, const axes& reduced)
    : in(from.first<std::byte>()), out(to.first<std::byte>()),
      in_item(static_cast<std::int64_t>(item_size(from.dtype))),
      out_item(static_cast<std::int64_t>(item_size(to.dtype))) {
    const bool keepdims = to.rank == from.rank;
    inline_vector<kept_axis> kept;
    std::size_t next_reduced = 0;
    for (std::int32_t a = 0, out_axis = 0; a < from.rank; ++a) {
        const std::int64_t size = from.shape[a];
        const bool is_reduced = next_reduced < reduced.size() && reduced[next_reduced] == a;
        if (is_reduced) {
            ++next_reduced;
            row_length *= size;
            if (size != 1) {
                const std::int64_t step = from.strides[a];
                if (!runs.empty() && runs.back().step == step * size)
                    runs.back() = {runs.back().size * size, step};
                else
                    runs.push_back({size, step});
            }
        } else if (size != 1) {
            kept.push_back({size, from.strides[a], to.strides[out_axis]});
        }
        if (!is_reduced || keepdims) ++out_axis;
    }
    if (runs.empty() || row_length == 0) {
        runs.clear();
        runs.push_back({row_length, 1});
    }

    for (kept_axis& k : kept) {  // the order of outputs is free: walk forwards
        if (k.in_step >= 0) continue;
        in += (k.size - 1) * k.in_step * in_item;
        out += (k.size - 1) * k.out_step * out_item;
        k.in_step = -k.in_step;
        k.out_step = -k.out_step;
    }
    // Repeated axes (step 0) have no neighbours to share cache lines with, so they come first.
    std::stable_sort(kept.begin(), kept.end(), [](const kept_axis& a, const kept_axis& b) {
        return (a.in_step == 0) != (b.in_step == 0) ? a.in_step == 0 : a.in_step > b.in_step;
    });
    for (const kept_axis& k : kept) {
        if (!grid.empty() && grid.back().in_step == k.in_step * k.size && grid.back().out_step == k.out_step * k.size)
            grid.back() = {grid.back().size * k.size, k.in_step, k.out_step};
        else
            grid.push_back(k);
    }
    if (!grid.empty()) {
        inner = grid.back();
        grid.resize_for_overwrite(grid.size() - 1);
    }
    for (const kept_axis& k : grid) grid_size *= k.size;
}

reduction_layout::place reduction_layout::at(std::int64_t g, std::int64_t i) const {
    std::int64_t in_at = i * inner.in_step, out_at = i * inner.out_step;
    for (std::size_t a = grid.size(); a-- > 0;) {
        in_at += g % grid[a].size * grid[a].in_step;
        out_at += g % grid[a].size * grid[a].out_step;
        g /= grid[a].size;
    }
    return {in + in_at * in_item, out + out_at * out_item};
}

void gather_row(const reduction_layout& layout, const std::byte* from, std::int64_t begin, std::int64_t end,
                simd::loop copy, std::byte* to, std::int64_t to_item) {
    const auto [length, step] = layout.fastest();
    const std::int64_t item = layout.in_item;
    if (layout.is_one_run()) return copy_run(copy, to, 1, from + begin * step * item, step, end - begin);

    const auto [rows, row_step] = layout.runs[layout.runs.size() - 2];
    std::int64_t i = begin;
    while (i < end) {
        const std::byte* at = from + layout.offset_in_row(i) * item;
        const std::int64_t column = i % length;
        if (column != 0 || end - i < length) {  // part of a run
            const std::int64_t count = std::min(length - column, end - i);
            copy_run(copy, to, 1, at, step, count);
            to += count * to_item;
            i += count;
            continue;
        }
        const std::int64_t whole = std::min(rows - i / length % rows, (end - i) / length);  // runs row_step apart
        const bool neighbours_are_nearer = std::abs(row_step) < std::abs(step);
        if (length < short_loop && length < whole) {
            for (std::int64_t c = 0; c < length; ++c)
                copy_run(copy, to + c * to_item, length, at + c * step * item, row_step, whole);
        } else {
            const std::int64_t piece = neighbours_are_nearer ? transposed_piece : length;
            for (std::int64_t c = 0; c < length; c += piece)
                for (std::int64_t r = 0; r < whole; ++r)
                    copy_run(copy, to + (r * length + c) * to_item, 1, at + (r * row_step + c * step) * item, step,
                             std::min(piece, length - c));
        }
        to += whole * length * to_item;
        i += whole * length;
    }
}

void gather_columns(const reduction_layout& layout, const std::byte* from, std::int64_t begin, std::int64_t end,
                    std::int64_t columns, simd::loop copy, std::byte* to, std::int64_t to_item) {
    const auto [length, step] = layout.fastest();
    const std::int64_t item = layout.in_item, column_step = layout.inner.in_step;
    for (std::int64_t i = begin; i < end;) {
        const std::byte* at = from + layout.offset_in_row(i) * item;
        const std::int64_t count = std::min(length - i % length, end - i);
        if (columns < short_loop && count > columns)
            for (std::int64_t c = 0; c < columns; ++c)
                copy_run(copy, to + c * to_item, columns, at + c * column_step * item, step, count);
        else
            for (std::int64_t r = 0; r < count; ++r)
                copy_run(copy, to + r * columns * to_item, 1, at + r * step * item, column_step, columns);
        to += count * columns * to_item;
        i += count;
    }
}

}  // namespace tessera::cpu_kernels
