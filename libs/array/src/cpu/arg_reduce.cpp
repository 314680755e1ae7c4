// Index of the first extreme. Any way of cutting a row gives the same answer, as long as pieces are met in order.
#include <algorithm>
#include <array>
#include <cstring>

#include "reduce.hpp"
#include "reduction_layout.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr std::int64_t tile_length = 4096;
constexpr std::int64_t rows_together = 16;  // neighbouring rows share cache lines ...
constexpr std::int64_t shared_piece = 128;  // ... that stay in the first-level cache for so many elements of each
constexpr std::int64_t long_piece = 1 << 16;
constexpr double worth_splitting = 100e3;  // ns, as in parallel.hpp

class arg_reducer {
public:
    arg_reducer(extreme which, const any_view& in, const any_view& out, const axes& reduced)
        : layout_(in, out, reduced),
          find_(which == extreme::greatest ? simd::find_argmax(in.dtype) : simd::find_argmin(in.dtype)),
          copy_(simd::find_cast(in.dtype, in.dtype)) {
        const std::int64_t step = std::abs(layout_.fastest().step);
        neighbours_are_nearer_ = layout_.inner.size > 1 && layout_.inner.in_step < step;
        cost_ = step == 1 && layout_.is_one_run() ? 0.06 * static_cast<double>(layout_.in_item) : 1.0;
    }

    bool is_defined() const { return find_ != nullptr; }

    void run() const {
        const std::int64_t outputs = layout_.grid_size * layout_.inner.size;
        const double cost = cost_ * static_cast<double>(layout_.row_length);
        if (cost >= worth_splitting && outputs < 4 * threads()) {
            for (std::int64_t g = 0; g < layout_.grid_size; ++g)
                for (std::int64_t i = 0; i < layout_.inner.size; ++i) run_split(g, i);
            return;
        }
        const std::int64_t together = std::min(layout_.inner.size, rows_together);
        const std::int64_t per_line = (layout_.inner.size + together - 1) / together;
        parallel_for(layout_.grid_size * per_line, 1, cost * static_cast<double>(together),
                     [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t b = begin; b < end; ++b) {
                             const std::int64_t first = b % per_line * together;
                             run_block(b / per_line, first, std::min(together, layout_.inner.size - first));
                         }
                     });
    }

private:
    void run_block(std::int64_t g, std::int64_t first, std::int64_t count) const {
        const auto place = layout_.at(g, first);
        const std::int64_t piece = neighbours_are_nearer_ ? shared_piece : layout_.row_length;
        std::array<std::int64_t, rows_together> best;
        for (std::int64_t begin = 0; begin < layout_.row_length; begin += piece) {
            const std::int64_t end = std::min(begin + piece, layout_.row_length);
            for (std::int64_t c = 0; c < count; ++c) {
                const std::byte* row = place.in + c * layout_.inner.in_step * layout_.in_item;
                const std::int64_t found = find(row, begin, end);
                auto& known = best[static_cast<std::size_t>(c)];
                known = begin == 0 ? found : first_extreme(row, known, found);
            }
        }
        for (std::int64_t c = 0; c < count; ++c)
            store(place.out + c * layout_.inner.out_step * layout_.out_item, best[static_cast<std::size_t>(c)]);
    }

    void run_split(std::int64_t g, std::int64_t i) const {
        const auto place = layout_.at(g, i);
        const std::int64_t pieces = (layout_.row_length + long_piece - 1) / long_piece;
        const work_memory memory(static_cast<std::size_t>(pieces) * sizeof(std::int64_t));
        auto* found = reinterpret_cast<std::int64_t*>(memory.data());
        parallel_for(pieces, 1, cost_ * static_cast<double>(long_piece), [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t p = begin; p < end; ++p)
                found[p] = find(place.in, p * long_piece, std::min((p + 1) * long_piece, layout_.row_length));
        });
        std::int64_t best = found[0];
        for (std::int64_t p = 1; p < pieces; ++p) best = first_extreme(place.in, best, found[p]);
        store(place.out, best);
    }

    // Within [begin, end) of the row.
    std::int64_t find(const std::byte* row, std::int64_t begin, std::int64_t end) const {
        if (layout_.is_one_run()) {
            const std::int64_t step = layout_.fastest().step;
            return begin + find_({row + begin * step * layout_.in_item, step}, static_cast<std::size_t>(end - begin));
        }
        const work_memory tile(static_cast<std::size_t>(std::min(tile_length, end - begin) * layout_.in_item));
        std::int64_t best = -1;
        for (std::int64_t i = begin; i < end; i += tile_length) {
            const std::int64_t count = std::min(tile_length, end - i);
            gather_row(layout_, row, i, i + count, copy_, tile.data(), layout_.in_item);
            const std::int64_t found = i + find_({tile.data(), 1}, static_cast<std::size_t>(count));
            best = best < 0 ? found : first_extreme(row, best, found);
        }
        return best;
    }

    // Of two elements of a row, a before b.
    std::int64_t first_extreme(const std::byte* row, std::int64_t a, std::int64_t b) const {
        alignas(16) std::array<std::byte, 32> both;
        const auto item = static_cast<std::size_t>(layout_.in_item);
        std::memcpy(both.data(), row + layout_.offset_in_row(a) * layout_.in_item, item);
        std::memcpy(both.data() + item, row + layout_.offset_in_row(b) * layout_.in_item, item);
        return find_({both.data(), 1}, 2) == 0 ? a : b;
    }

    static void store(std::byte* to, std::int64_t index) { std::memcpy(to, &index, sizeof index); }

    const reduction_layout layout_;
    const simd::arg_row find_;
    const simd::loop copy_;
    bool neighbours_are_nearer_;
    double cost_;  // ns per element; decides about threads only
};

}  // namespace

void arg_reduce(extreme which, const kernel_args& args) {
    const any_view &in = args.in[0], &out = args.out[0];
    if (out.size() == 0) return;
    const arg_reducer r(which, in, out, args.attrs.as<reduction_attributes>().axes);
    if (!r.is_defined()) [[unlikely]]
        throw no_kernel(text(args.op.name, ": is not defined for ", in.dtype));
    r.run();
}

}  // namespace tessera::cpu_kernels
