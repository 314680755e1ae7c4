#include "reduce.hpp"

#include <algorithm>
#include <array>

#include "reduction_layout.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/dtype/promotion.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr auto span = static_cast<std::int64_t>(simd::reduce_span);
constexpr std::int64_t most_columns = 1024;      // outputs of one block
constexpr std::int64_t block_elements = 262144;  // of the operand, so that blocks are worth a claim and stay in cache
constexpr std::int64_t small_row = 16384;        // elements that never pay a fork
constexpr std::int64_t short_row = 24;           // below this a call per row costs more than gathering columns
constexpr std::size_t tile_bytes = 1 << 20;      // of gathered elements: within the second-level cache
constexpr std::size_t most_item_bytes = 16;
constexpr double worth_splitting = 100e3;  // ns, as in parallel.hpp

// Rows come in three forms: reduced where they lie, gathered one by one, or many side by side as columns. All are cut
// into the same spans, so the form never shows in the bits.
class reducer {
public:
    reducer(simd::reduce_code code, finish how, const any_view& in, const any_view& out, const axes& reduced)
        : layout_(in, out, reduced), how_(how), out_dtype_(out.dtype),
          row_dtype_(how == finish::divide_by_count ? mean_dtype(in.dtype) : in.dtype),
          acc_dtype_(simd::accumulator(code, row_dtype_)), spans_((layout_.row_length + span - 1) / span),
          acc_item_(static_cast<std::int64_t>(item_size(acc_dtype_))),
          row_item_(static_cast<std::int64_t>(item_size(row_dtype_))) {
        const kept_axis& inner = layout_.inner;
        const std::int64_t step = std::abs(layout_.fastest().step);
        by_columns_ = inner.size > 1 && inner.in_step != 0 && layout_.row_length > 0 &&
                      ((inner.in_step < step && inner.size >= 8) || layout_.row_length < short_row);
        in_place_ = row_dtype_ == in.dtype && layout_.is_one_run() && (!by_columns_ || inner.in_step == 1);
        if (!in_place_) copy_ = simd::find_cast(in.dtype, row_dtype_);
        reduce_row_ = simd::find_reduce_row(code, row_dtype_);
        if (!reduce_row_) return;
        reduce_spans_ = simd::find_reduce_spans(code, row_dtype_);
        reduce_columns_ = simd::find_reduce_columns(code, row_dtype_);
        combine_row_ = simd::find_reduce_row(code, acc_dtype_);
        combine_columns_ = simd::find_reduce_columns(code, acc_dtype_);
        cost_ = 0.06 * static_cast<double>(std::max<std::int64_t>(layout_.in_item, 2));
        if (!in_place_ || (!by_columns_ && step != 1)) cost_ += 0.5;
    }

    bool is_defined() const { return reduce_row_ != nullptr; }

    void run() const {
        const std::int64_t outputs = layout_.grid_size * layout_.inner.size;
        const double cost = cost_ * static_cast<double>(layout_.row_length);  // of one output
        if (outputs == 1 && cost < worth_splitting) return run_block(0, 0, 1);

        const std::int64_t blocks_wanted = 4 * threads();
        std::int64_t columns = columns_of_a_block();
        bool split_rows = false;
        if (cost * static_cast<double>(outputs) >= worth_splitting && outputs < blocks_wanted * columns) {
            split_rows = spans_ >= blocks_wanted;
            if (!split_rows)
                columns = std::min(columns, std::max<std::int64_t>(64, outputs / blocks_wanted));
            else if (!by_columns_)
                columns = 1;
        }
        const std::int64_t per_line = (layout_.inner.size + columns - 1) / columns;
        const auto each_block = [&](std::int64_t begin, std::int64_t end, const auto& body) {
            for (std::int64_t b = begin; b < end; ++b) {
                const std::int64_t first = b % per_line * columns;
                body(b / per_line, first, std::min(columns, layout_.inner.size - first));
            }
        };
        const std::int64_t blocks = layout_.grid_size * per_line;
        if (split_rows)
            return each_block(0, blocks, [&](auto g, auto first, auto count) { run_split_block(g, first, count); });
        parallel_for(blocks, 1, cost * static_cast<double>(columns), [&](std::int64_t begin, std::int64_t end) {
            each_block(begin, end, [&](auto g, auto first, auto count) { run_block(g, first, count); });
        });
    }

private:
    std::int64_t columns_of_a_block() const {
        const std::int64_t height =
            std::clamp<std::int64_t>(layout_.row_length, 1, by_columns_ ? span : block_elements);
        const std::int64_t fitting =
            std::clamp<std::int64_t>(block_elements / height, by_columns_ ? 16 : 1, most_columns);
        return std::min(layout_.inner.size, by_columns_ && in_place_ ? most_columns : fitting);
    }

    // Outputs first .. first + count - 1 of line g.
    void run_block(std::int64_t g, std::int64_t first, std::int64_t count) const {
        const auto place = layout_.at(g, first);
        into_output(place.out, count, [&](std::byte* accs) {
            if (by_columns_) return whole(place.in, count, accs);
            for (std::int64_t c = 0; c < count; ++c)
                whole(place.in + c * layout_.inner.in_step * layout_.in_item, 1, accs + c * acc_item_);
        });
    }

    // The same with the rows shared out among threads, span by span. Not by columns: one row.
    void run_split_block(std::int64_t g, std::int64_t first, std::int64_t count) const {
        const auto place = layout_.at(g, first);
        const work_memory partial(static_cast<std::size_t>(spans_ * count * acc_item_));
        parallel_for(spans_, 1, cost_ * static_cast<double>(span * count), [&](std::int64_t begin, std::int64_t end) {
            parts(place.in, count, begin, end, partial.data() + begin * count * acc_item_);
        });
        into_output(place.out, count, [&](std::byte* accs) { combine(partial.data(), count, accs); });
    }

    // Calls fill(accumulators), then writes what they come to.
    template <class Fill> void into_output(std::byte* out, std::int64_t count, const Fill& fill) const {
        const std::int64_t step = layout_.inner.out_step;
        if (how_ == finish::store && acc_dtype_ == out_dtype_ && (step == 1 || count == 1)) return fill(out);
        alignas(64) std::array<std::byte, most_columns * most_item_bytes> accs;
        fill(accs.data());
        if (how_ == finish::divide_by_count) divide(accs.data(), count);
        const simd::operand in{accs.data(), 1};
        simd::find_cast(acc_dtype_, out_dtype_)(out, step, &in, static_cast<std::size_t>(count));
    }

    void divide(std::byte* accs, std::int64_t count) const {
        const dtype part = real_part(acc_dtype_);  // complex sums are divided part by part
        const auto parts_of_one = static_cast<std::int64_t>(item_size(acc_dtype_) / item_size(part));
        const auto n = static_cast<double>(layout_.row_length);
        const auto n32 = static_cast<float>(layout_.row_length);
        const void* divisor = part == f32 ? static_cast<const void*>(&n32) : &n;
        const std::array<simd::operand, 2> in{{{accs, 1}, {divisor, 0}}};
        simd::find_loop(scalar_code::divide, part)(accs, 1, in.data(), static_cast<std::size_t>(count * parts_of_one));
    }

    // `count` neighbouring rows from end to end.
    void whole(const std::byte* from, std::int64_t count, std::byte* accs) const {
        if (in_place_ && by_columns_)
            return reduce_columns_(accs, from, layout_.fastest().step, static_cast<std::size_t>(layout_.row_length),
                                   static_cast<std::size_t>(count));
        if (in_place_)
            return reduce_row_(accs, {from, layout_.fastest().step}, static_cast<std::size_t>(layout_.row_length));
        if (spans_ == 0) return reduce_row_(accs, {from, 1}, 0);
        if (spans_ == 1) return parts(from, count, 0, 1, accs);
        const work_memory partial(static_cast<std::size_t>(spans_ * count * acc_item_));
        parts(from, count, 0, spans_, partial.data());
        combine(partial.data(), count, accs);
    }

    // accs[(k - begin) * count + c] = span k of row c.
    void parts(const std::byte* from, std::int64_t count, std::int64_t begin, std::int64_t end, std::byte* accs) const {
        if (by_columns_) return column_parts(from, count, begin, end, accs);
        const std::int64_t step = layout_.fastest().step;
        const std::int64_t last = std::min(end * span, layout_.row_length);
        if (in_place_) {
            const std::byte* at = from + begin * span * step * layout_.in_item;
            return reduce_spans_(accs, {at, step}, static_cast<std::size_t>(last - begin * span));
        }
        const bool jumps = !layout_.is_one_run() && std::abs(step) > 1;  // gathering more at once reads lines once
        const auto fitting = static_cast<std::int64_t>(tile_bytes) / (span * row_item_);
        const std::int64_t tile_length = span * (jumps ? std::clamp<std::int64_t>(fitting, 1, end - begin) : 1);
        const work_memory tile(static_cast<std::size_t>(std::min(tile_length, last - begin * span) * row_item_));
        for (std::int64_t i = begin * span; i < last; i += tile_length) {
            const std::int64_t stop = std::min(i + tile_length, last);
            gather_row(layout_, from, i, stop, copy_, tile.data(), row_item_);
            reduce_spans_(accs + (i / span - begin) * acc_item_, {tile.data(), 1}, static_cast<std::size_t>(stop - i));
        }
    }

    void column_parts(const std::byte* from, std::int64_t count, std::int64_t begin, std::int64_t end,
                      std::byte* accs) const {
        const std::int64_t step = layout_.fastest().step;
        const std::int64_t height = std::min(span, layout_.row_length);
        const work_memory tile(in_place_ ? 0 : static_cast<std::size_t>(height * count * row_item_));
        for (std::int64_t k = begin; k < end; ++k, accs += count * acc_item_) {
            const std::int64_t first = k * span, stop = std::min(first + span, layout_.row_length);
            const std::byte* at = from + first * step * layout_.in_item;
            if (!in_place_) gather_columns(layout_, from, first, stop, count, copy_, tile.data(), row_item_);
            reduce_columns_(accs, in_place_ ? at : tile.data(), in_place_ ? step : count,
                            static_cast<std::size_t>(stop - first), static_cast<std::size_t>(count));
        }
    }

    void combine(const std::byte* partial, std::int64_t count, std::byte* accs) const {
        if (count == 1)
            combine_row_(accs, {partial, 1}, static_cast<std::size_t>(spans_));
        else
            combine_columns_(accs, partial, count, static_cast<std::size_t>(spans_), static_cast<std::size_t>(count));
    }

    const reduction_layout layout_;
    const finish how_;
    const dtype out_dtype_, row_dtype_, acc_dtype_;  // rows are read as row_dtype_: means of integers as f64
    const std::int64_t spans_;                       // of one row
    const std::int64_t acc_item_, row_item_;
    bool by_columns_, in_place_;
    simd::loop copy_ = nullptr;
    simd::reduce_row reduce_row_ = nullptr, combine_row_ = nullptr;
    simd::reduce_spans reduce_spans_ = nullptr;
    simd::reduce_columns reduce_columns_ = nullptr, combine_columns_ = nullptr;
    double cost_ = 0;  // ns per element; decides about threads only
};

// Everything there is, when it is dense and too little to share: what small calls pay for.
bool reduce_dense_row(simd::reduce_code code, const any_view& in, const any_view& out) {
    std::int64_t n = 1;
    for (std::int32_t a = in.rank; a-- > 0;) {
        if (in.shape[a] != 1 && in.strides[a] != n) return false;
        n *= in.shape[a];
    }
    return n <= small_row &&
           reduce_row(code, in.dtype, out.dtype, out.first(), in.first(), static_cast<std::size_t>(n));
}

}  // namespace

bool reduce_row(simd::reduce_code code, dtype type, dtype result, void* out, const void* in, std::size_t count) {
    if (simd::accumulator(code, type) != result) return false;
    const simd::reduce_row row = simd::find_reduce_row(code, type);
    if (row) row(out, {in, 1}, count);
    return row != nullptr;
}

void reduce(simd::reduce_code code, finish how, const kernel_args& args) {
    const any_view &in = args.in[0], &out = args.out[0];
    const std::int64_t outputs = out.size();
    if (outputs == 0 || (outputs == 1 && how == finish::store && reduce_dense_row(code, in, out))) return;
    const reducer r(code, how, in, out, args.attrs.as<reduction_attributes>().axes);
    if (!r.is_defined()) [[unlikely]]
        throw no_kernel(text(args.op.name, ": is not defined for ", in.dtype));
    r.run();
}

}  // namespace tessera::cpu_kernels
