#include "elementwise.hpp"

#include <algorithm>
#include <array>

#include "loop_nest.hpp"
#include "tessera/dtype/scalar_value.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/layout.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/simd/loops.hpp"
#include "tessera/simd/stream.hpp"

namespace tessera::cpu_kernels {

namespace {

constexpr std::size_t most_operands = 4;

// Estimated ns per element of one thread in cache; decides about forking only.
double cost_of(scalar_code code, dtype type) {
    const double bytes = static_cast<double>(item_size(type));
    return (is_transcendental(code, type) ? 0.15 : 0.08) * bytes;
}

bool same_shape(const any_view& a, const any_view& b) {
    if (a.rank != b.rank) return false;
    for (std::int32_t i = 0; i < a.rank; ++i)
        if (a.shape[i] != b.shape[i]) return false;
    return true;
}

// When every operand is dense of the destination's shape, or one element: the steps of one flat loop.
bool flatten(const any_view& out, std::span<const any_view> in, simd::operand* operands) {
    if (!is_contiguous(out)) return false;
    for (std::size_t i = 0; i < in.size(); ++i) {
        operands[i].data = in[i].first();
        if (same_shape(in[i], out)) {
            if (!is_contiguous(in[i])) return false;
            operands[i].stride = 1;
        } else if (in[i].rank == 0 || in[i].size() == 1) {
            operands[i].stride = 0;
        } else {
            return false;
        }
    }
    return true;
}

// Results beyond this leave the caches before anybody reads them.
constexpr std::int64_t streamed_bytes = 16 << 20;

bool touch(const any_view& out, const any_view& in) {
    const auto* to = out.first<std::byte>();
    const auto* from = in.first<std::byte>();
    return from < to + out.size() * static_cast<std::int64_t>(item_size(out.dtype)) &&
           to < from + in.size() * static_cast<std::int64_t>(item_size(in.dtype));
}

// The loop over dense operands, tile by tile through the first-level cache.
void run_streamed(simd::loop loop, const any_view& out, std::span<const any_view> in,
                  const std::array<simd::operand, most_operands>& operands, std::int64_t begin, std::int64_t end) {
    alignas(64) std::array<std::byte, 4096> tile;
    const auto item = static_cast<std::int64_t>(item_size(out.dtype));
    const std::int64_t step = static_cast<std::int64_t>(tile.size()) / item;
    for (std::int64_t i = begin; i < end; i += step) {
        const std::int64_t n = std::min(step, end - i);
        std::array<simd::operand, most_operands> piece = operands;
        for (std::size_t k = 0; k < in.size(); ++k)
            piece[k].data = static_cast<const std::byte*>(piece[k].data) +
                            i * piece[k].stride * static_cast<std::int64_t>(item_size(in[k].dtype));
        loop(tile.data(), 1, piece.data(), static_cast<std::size_t>(n));
        simd::stream(out.first<std::byte>() + i * item, tile.data(), static_cast<std::size_t>(n * item));
    }
    simd::stream_fence();
}

void run_loop(simd::loop loop, double cost, const any_view& out, std::span<const any_view> in) {
    std::array<simd::operand, most_operands> operands;
    if (flatten(out, in, operands.data())) {
        const std::int64_t n = out.size();
        if (cost * static_cast<double>(n) < 100e3) {
            if (n > 0) loop(out.first(), 1, operands.data(), static_cast<std::size_t>(n));
            return;
        }
        if (is_streamed(out, in))
            return parallel_for(n, 4096, cost, [&](std::int64_t begin, std::int64_t end) {
                run_streamed(loop, out, in, operands, begin, end);
            });
        const std::size_t out_item = item_size(out.dtype);
        parallel_for(n, 4096, cost, [&](std::int64_t begin, std::int64_t end) {
            std::array<simd::operand, most_operands> piece = operands;
            for (std::size_t k = 0; k < in.size(); ++k)
                piece[k].data = static_cast<const std::byte*>(piece[k].data) +
                                begin * piece[k].stride * static_cast<std::int64_t>(item_size(in[k].dtype));
            loop(out.first<std::byte>() + begin * static_cast<std::int64_t>(out_item), 1, piece.data(),
                 static_cast<std::size_t>(end - begin));
        });
        return;
    }
    const loop_nest nest({&out, 1}, in);
    nest.run(cost, [&](const run_of_elements& r) {
        std::array<simd::operand, most_operands> piece;
        for (std::size_t k = 0; k + 1 < r.data.size(); ++k) piece[k] = {r.data[k + 1], r.steps[k + 1]};
        loop(r.data[0], r.steps[0], piece.data(), static_cast<std::size_t>(r.count));
    });
}

}  // namespace

bool is_streamed(const any_view& out, std::span<const any_view> in) {
    if (out.size() * static_cast<std::int64_t>(item_size(out.dtype)) < streamed_bytes || !is_contiguous(out))
        return false;
    return std::none_of(in.begin(), in.end(), [&](const any_view& v) { return touch(out, v); });
}

void run_code(scalar_code code, const kernel_args& args) {
    const dtype type = args.in.back().dtype;  // of select too: its first operand is boolean
    const simd::loop loop = simd::find_loop(code, type);
    if (!loop) [[unlikely]]
        throw no_kernel(text(args.op.name, ": ", name(code), " is not defined for ", type));
    run_loop(loop, cost_of(code, type), args.out[0], args.in);
}

bool run_flat(scalar_code code, dtype type, void* out, const flat_operand* in, std::size_t count) {
    const simd::loop loop = simd::find_loop(code, type);
    if (!loop) [[unlikely]]
        return false;
    simd::operand operands[3];
    const unsigned n = traits(code).operands;
    for (unsigned k = 0; k < n; ++k) operands[k] = {in[k].data, in[k].step};
    loop(out, 1, operands, count);
    return true;
}

void copy_elements(const any_view& from, const any_view& to) {
    run_loop(simd::find_cast(from.dtype, to.dtype), cost_of(scalar_code::cast, to.dtype), to, {&from, 1});
}

void write_zeros(const any_view& to) {
    const scalar_value zero = scalar_value(0).cast(to.dtype);
    any_view one;
    one.data = const_cast<std::byte*>(zero.bytes.data());
    one.dtype = to.dtype;
    copy_elements(one, to);
}

}  // namespace tessera::cpu_kernels
