#include "fused.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include "tessera/array/parallel.hpp"
#include "tessera/array/tile_program.hpp"
#include "tessera/interop/layout.hpp"
#include "tessera/simd/loops_reduce.hpp"

namespace tessera::graph::cpu_kernels {

namespace {

constexpr auto span_length = static_cast<std::int64_t>(simd::reduce_span);

const fused_attributes& attributes_of(const kernel_args& args) { return args.attrs.as<fused_attributes>(); }

std::int64_t count_of(const dims& shape) { return element_count(shape).value(); }

simd::reduce_code code_of(reduction_kind kind) {
    switch (kind) {
    case reduction_kind::product: return simd::reduce_code::product;
    case reduction_kind::maximum: return simd::reduce_code::maximum;
    case reduction_kind::minimum: return simd::reduce_code::minimum;
    case reduction_kind::any: return simd::reduce_code::any;
    case reduction_kind::all: return simd::reduce_code::all;
    default: return simd::reduce_code::sum;
    }
}

// 64-byte aligned memory of one thread, which grows and stays.
std::byte* thread_memory(std::size_t bytes) {
    struct block {
        std::unique_ptr<std::byte[]> data;
        std::size_t size = 0;
    };
    static thread_local block memory;
    if (memory.size < bytes + 64) {
        memory.data = std::make_unique<std::byte[]>(bytes + 64);
        memory.size = bytes + 64;
    }
    const auto address = reinterpret_cast<std::uintptr_t>(memory.data.get());
    return memory.data.get() + (64 - address % 64) % 64;
}

// How one operand walks over all elements: the kept axes, then the reduced ones as one run.
struct walk {
    std::byte* first;
    std::int64_t item;
    std::vector<std::int64_t> kept_steps;  // bytes
    std::int64_t row_step = 0;             // elements
};

// Reductions along rows that every operand walks with one step: each span of a row is computed in the first-level
// cache and reduced there, in the order that all reductions keep.
class row_reducer {
public:
    row_reducer(const tile_program& program, const kernel_args& args) : program_(program), attrs_(attributes_of(args)) {
        const axes& reduced = attrs_.reductions[0].over.axes;
        const auto is_reduced = [&](std::size_t a) {
            return std::binary_search(reduced.begin(), reduced.end(), static_cast<int>(a));
        };
        for (std::size_t a = 0; a < attrs_.shape.size(); ++a) {
            const std::int64_t size = attrs_.shape[a].value();
            if (is_reduced(a))
                length_ *= size;
            else if (size != 1)
                kept_.push_back(size), rows_ *= size;
        }
        const std::size_t stored = attrs_.stored();
        for (std::size_t k = 0; k < stored; ++k) serves_ = serves_ && add_walk(args.out[k], is_reduced);
        for (const any_view& v : args.in) serves_ = serves_ && add_walk(v, is_reduced);
        for (std::size_t k = 0; serves_ && k < attrs_.reductions.size(); ++k) add_reduction(k, args.out[stored + k]);
    }

    // False: the layout or a dtype asks for more than this does.
    bool serves() const { return serves_; }

    void run() const {
        const double row_cost = program_.cost() * static_cast<double>(length_);
        if (rows_ < 16 && length_ > 16 * span_length) {
            for (std::int64_t row = 0; row < rows_; ++row) run_long_row(row);
            return;
        }
        parallel_for(rows_, 1, row_cost + 100, [&](std::int64_t begin, std::int64_t end) {
            const std::int64_t spans = span_count();
            std::byte* const memory = thread_memory(work_bytes() + partial_bytes(spans));
            for (std::int64_t row = begin; row < end; ++row) {
                parts(row, 0, spans, memory, memory + work_bytes());
                finish(row, memory + work_bytes(), spans);
            }
        });
    }

private:
    struct reduction {
        simd::reduce_spans spans;
        simd::reduce_row combine;
        bool is_mean;
        dtype acc;
        std::int64_t item;  // of a row's element
        std::byte* out;
        std::int64_t out_item;
        std::vector<std::int64_t> out_steps;  // bytes, of the kept axes
    };

    template <class IsReduced> bool add_walk(const any_view& v, const IsReduced& is_reduced) {
        walk w{v.first<std::byte>(), static_cast<std::int64_t>(item_size(v.dtype)), {}, 0};
        const std::size_t rank = attrs_.shape.size(), lead = rank - static_cast<std::size_t>(v.rank);
        std::int64_t expected = 0;  // the step the next slower reduced axis must have
        bool first = true;
        for (std::size_t a = rank; a-- > 0;) {
            const std::int64_t size = attrs_.shape[a].value();
            const bool here = a >= lead && v.shape[a - lead] != 1;
            const std::int64_t step = here ? v.strides[a - lead] : 0;
            if (size == 1) continue;
            if (!is_reduced(a)) {
                w.kept_steps.insert(w.kept_steps.begin(), step * w.item);
                continue;
            }
            if (first)
                w.row_step = step;
            else if (step != expected)
                return false;
            first = false;
            expected = step * size;
        }
        // Rows that jump from line to line are better computed column by column.
        if (w.row_step < 0 || w.row_step > 1) return false;
        walks_.push_back(std::move(w));
        return true;
    }

    void add_reduction(std::size_t k, const any_view& out) {
        const fused_reduction& r = attrs_.reductions[k];
        const dtype type = program_.type_of(attrs_.program->results[attrs_.stored() + k]);
        const simd::reduce_code code = code_of(r.how->reduces);
        reduction made{};
        made.is_mean = r.how->reduces == reduction_kind::mean;
        made.acc = simd::accumulator(code, type);
        made.spans = simd::find_reduce_spans(code, type);
        made.combine = simd::find_reduce_row(code, made.acc);
        made.item = static_cast<std::int64_t>(item_size(type));
        made.out = out.first<std::byte>();
        made.out_item = static_cast<std::int64_t>(item_size(out.dtype));
        if (!made.spans || made.acc != out.dtype || (made.is_mean && made.acc != f32 && made.acc != f64) ||
            length_ == 0) {
            serves_ = false;
            return;
        }
        std::size_t axis = 0;  // of out
        const axes& reduced = r.over.axes;
        for (std::size_t a = 0; a < attrs_.shape.size(); ++a) {
            if (std::binary_search(reduced.begin(), reduced.end(), static_cast<int>(a))) {
                axis += r.over.keepdims;
                continue;
            }
            if (attrs_.shape[a].value() != 1) made.out_steps.push_back(out.strides[axis] * made.out_item);
            ++axis;
        }
        reductions_.push_back(std::move(made));
    }

    std::int64_t span_count() const { return (length_ + span_length - 1) / span_length; }
    std::size_t tile_bytes() const {
        std::size_t bytes = 0;
        for (const reduction& r : reductions_)
            bytes += static_cast<std::size_t>((std::min(length_, span_length) * r.item + 63) / 64 * 64);
        return bytes;
    }
    std::size_t work_bytes() const { return program_.work_bytes() + tile_bytes(); }
    std::size_t partial_bytes(std::int64_t spans) const {
        return static_cast<std::size_t>(spans) * 16 * reductions_.size();
    }

    std::int64_t offset(std::int64_t row, const std::vector<std::int64_t>& steps) const {
        std::int64_t at = 0;
        for (std::size_t a = kept_.size(); a-- > 0; row /= kept_[a]) at += row % kept_[a] * steps[a];
        return at;
    }

    // The reductions of spans [begin, end) of a row: that of span s for reduction k at partial + (k * spans + s) * 16,
    // packed to the size of its accumulator.
    void parts(std::int64_t row, std::int64_t begin, std::int64_t end, std::byte* work, std::byte* partial) const {
        const std::size_t stored = attrs_.stored(), results = program_.program().results.size();
        const std::int64_t spans = span_count();
        inline_vector<std::byte*> data;
        inline_vector<std::int64_t> steps;
        std::byte* tile = work + program_.work_bytes();
        inline_vector<std::byte*> tiles;
        for (const reduction& r : reductions_) {
            tiles.push_back(tile);
            tile += (std::min(length_, span_length) * r.item + 63) / 64 * 64;
        }
        inline_vector<std::byte*> row_data;
        for (const walk& w : walks_) row_data.push_back(w.first + offset(row, w.kept_steps));
        for (std::int64_t s = begin; s < end; ++s) {
            const std::int64_t from = s * span_length, n = std::min(span_length, length_ - from);
            data.clear();
            steps.clear();
            const auto add = [&](std::size_t k) {
                data.push_back(row_data[k] + from * walks_[k].row_step * walks_[k].item);
                steps.push_back(walks_[k].row_step);
            };
            for (std::size_t k = 0; k < stored; ++k) add(k);
            for (std::size_t k = stored; k < results; ++k) data.push_back(tiles[k - stored]), steps.push_back(1);
            for (std::size_t k = stored; k < walks_.size(); ++k) add(k);
            program_.run_piece({{data.data(), data.size()}, {steps.data(), steps.size()}}, n, work);
            for (std::size_t k = 0; k < reductions_.size(); ++k) {
                const auto acc_item = static_cast<std::int64_t>(item_size(reductions_[k].acc));
                reductions_[k].spans(partial + static_cast<std::int64_t>(k) * spans * 16 + s * acc_item, {tiles[k], 1},
                                     static_cast<std::size_t>(n));
            }
        }
    }

    void finish(std::int64_t row, const std::byte* partial, std::int64_t spans) const {
        for (std::size_t k = 0; k < reductions_.size(); ++k) {
            const reduction& r = reductions_[k];
            std::byte* const out = r.out + offset(row, r.out_steps);
            r.combine(out, {partial + static_cast<std::int64_t>(k) * spans * 16, 1}, static_cast<std::size_t>(spans));
            if (!r.is_mean) continue;
            if (r.acc == f32)
                *reinterpret_cast<float*>(out) /= static_cast<float>(length_);
            else
                *reinterpret_cast<double*>(out) /= static_cast<double>(length_);
        }
    }

    void run_long_row(std::int64_t row) const {
        const std::int64_t spans = span_count();
        const auto partial = std::make_unique<std::byte[]>(partial_bytes(spans));
        parallel_for(spans, 1, program_.cost() * static_cast<double>(span_length),
                     [&](std::int64_t begin, std::int64_t end) {
                         parts(row, begin, end, thread_memory(work_bytes()), partial.get());
                     });
        finish(row, partial.get(), spans);
    }

    const tile_program& program_;
    const fused_attributes& attrs_;
    std::vector<std::int64_t> kept_;  // sizes of the kept axes that are longer than one
    std::int64_t rows_ = 1, length_ = 1;
    bool serves_ = true;
    std::vector<walk> walks_;  // stored results, then inputs
    std::vector<reduction> reductions_;
};

// What every layout can be done with: all elements of what is reduced are computed into memory, and the reductions run
// over that.
void run_in_memory(const tile_program& program, const kernel_args& args) {
    const fused_attributes& attrs = attributes_of(args);
    const std::size_t stored = attrs.stored();
    strides steps(attrs.shape.size(), 1);
    const std::span<const std::int64_t> sizes{reinterpret_cast<const std::int64_t*>(attrs.shape.data()),
                                              attrs.shape.size()};
    row_major_strides(sizes, {steps.data(), steps.size()});
    std::vector<any_view> all(args.out.begin(), args.out.begin() + static_cast<std::ptrdiff_t>(stored));
    std::int64_t offset = 0;  // bytes
    for (std::size_t k = 0; k < attrs.reductions.size(); ++k) {
        any_view v = args.scratch;
        v.dtype = program.type_of(attrs.program->results[stored + k]);
        const auto item = static_cast<std::int64_t>(item_size(v.dtype));
        v.data = args.scratch.first<std::byte>() + offset;
        v.offset = 0;
        v.shape = sizes.data();
        v.strides = steps.data();
        v.rank = static_cast<std::int32_t>(sizes.size());
        v.flags = 0;
        all.push_back(v);
        offset += (v.size() * item + 63) / 64 * 64;
    }
    program.run(args.in, all);
    for (std::size_t k = 0; k < attrs.reductions.size(); ++k) {
        const fused_reduction& r = attrs.reductions[k];
        const kernel_args one{*r.how, r.over, {&all[stored + k], 1}, args.out.subspan(stored + k, 1), {}, args.on};
        detail::kernel_for(one).run(one);
    }
}

std::shared_ptr<const tile_program> prepared_for(const kernel_args& args) {
    const fused_attributes& attrs = attributes_of(args);
    if (attrs.prepared) return std::static_pointer_cast<const tile_program>(attrs.prepared);
    return std::make_shared<const tile_program>(*attrs.program);
}

void run_fused(const kernel_args& args) {
    const std::shared_ptr<const tile_program> program = prepared_for(args);
    if (attributes_of(args).reductions.empty()) return program->run(args.in, args.out);
    const row_reducer rows(*program, args);
    if (rows.serves())
        rows.run();
    else
        run_in_memory(*program, args);
}

std::size_t fused_scratch(const kernel_args& args) {
    const fused_attributes& attrs = attributes_of(args);
    if (attrs.reductions.empty()) return 0;
    const std::shared_ptr<const tile_program> program = prepared_for(args);
    if (row_reducer(*program, args).serves()) return 0;
    std::size_t bytes = 0;
    for (std::size_t k = attrs.stored(); k < attrs.program->results.size(); ++k)
        bytes +=
            (static_cast<std::size_t>(count_of(attrs.shape)) * item_size(program->type_of(attrs.program->results[k])) +
             63) /
            64 * 64;
    return bytes;
}

}  // namespace

kernel fused_kernel() { return {.run = run_fused, .scratch_bytes = fused_scratch, .label = "tiles", .reuse = ~0U}; }

std::shared_ptr<const void> prepare(const scalar_program& program) {
    return std::make_shared<const tile_program>(program);
}

}  // namespace tessera::graph::cpu_kernels
