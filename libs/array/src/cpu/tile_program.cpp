#include "tessera/array/tile_program.hpp"

#include <algorithm>

#include "elementwise.hpp"
#include "loop_nest.hpp"
#include "reduction_layout.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/simd/loops.hpp"
#include "tessera/simd/stream.hpp"

namespace tessera {

namespace {

using source = scalar_instruction::source;

// The last instruction that reads each value; results are read by nobody after the end.
std::vector<std::size_t> last_uses(const scalar_program& program) {
    std::vector<std::size_t> last(program.instructions.size(), 0);
    for (std::size_t i = 0; i < program.instructions.size(); ++i) {
        const scalar_instruction& instruction = program.instructions[i];
        if (instruction.from != source::computed) continue;
        for (std::uint32_t k = 0; k < traits(instruction.code).operands; ++k) last[instruction.operands[k]] = i;
    }
    return last;
}

simd::loop loop_of(const scalar_program& program, const scalar_instruction& instruction) {
    const dtype operand = program.instructions[instruction.operands[traits(instruction.code).operands - 1U]].type;
    const simd::loop loop = instruction.code == scalar_code::cast ? simd::find_cast(operand, instruction.type)
                                                                  : simd::find_loop(instruction.code, operand);
    if (!loop) throw no_kernel(text("scalar program: ", name(instruction.code), " is not defined for ", operand));
    return loop;
}

// What a piece of work of one thread runs, with its memory.
class tile_body {
public:
    tile_body(const tile_program& program, tile_program::stores how)
        : program_(program), how_(how), work_(program.work_bytes()) {}
    void operator()(const cpu_kernels::run_of_elements& r) const {
        program_.run_piece({r.data, r.steps}, r.count, work_.data(), how_);
    }

private:
    const tile_program& program_;
    tile_program::stores how_;
    cpu_kernels::work_memory work_;
};

}  // namespace

tile_program::tile_program(scalar_program program) : program_(std::move(program)) {
    const std::vector<std::size_t> last_use = last_uses(program_);
    const std::size_t count = program_.instructions.size();
    // From the last reading of an input on, results may be written: their memory may be an input's.
    std::size_t inputs_read_until = 0;
    for (std::uint32_t k = 0; k < program_.inputs; ++k) inputs_read_until = std::max(inputs_read_until, last_use[k]);

    std::vector<std::uint32_t> free_slots;
    slot_of_.assign(count, 0);
    std::vector<bool> holds_slot(count, false), is_result(count, false);
    for (const std::uint32_t r : program_.results) is_result[r] = true;
    std::int64_t widest = 1;
    for (std::size_t v = 0; v < count; ++v) {
        const scalar_instruction& instruction = program_.instructions[v];
        item_of_.push_back(static_cast<std::int64_t>(item_size(instruction.type)));
        widest = std::max(widest, item_of_[v]);
        if (instruction.from != source::computed) continue;
        step made{};
        made.loop = reinterpret_cast<void (*)()>(loop_of(program_, instruction));
        made.operand_count = traits(instruction.code).operands;
        std::copy_n(instruction.operands, 3, made.operands);
        made.value = static_cast<std::uint32_t>(v);
        made.direct = -1;
        if (is_result[v] && v >= inputs_read_until)
            made.direct = static_cast<std::int32_t>(
                std::find(program_.results.begin(), program_.results.end(), made.value) - program_.results.begin());
        // An instruction may not write over its own operands' tiles: their element sizes may differ.
        if (free_slots.empty()) free_slots.push_back(static_cast<std::uint32_t>(slots_++));
        slot_of_[v] = free_slots.back();
        free_slots.pop_back();
        holds_slot[v] = true;
        for (std::uint32_t k = 0; k < made.operand_count; ++k) {
            const std::uint32_t read = made.operands[k];
            if (!holds_slot[read] || last_use[read] != v || is_result[read]) continue;
            holds_slot[read] = false;
            free_slots.push_back(slot_of_[read]);
        }
        steps_.push_back(made);
        cost_ +=
            0.05 * static_cast<double>(item_of_[v]) * (is_transcendental(instruction.code, instruction.type) ? 3 : 1);
    }
    for (std::uint32_t k = 0; k < program_.inputs; ++k) cost_ += 0.04 * static_cast<double>(item_of_[k]);
    for (std::size_t k = 0; k < program_.results.size(); ++k) {
        const std::uint32_t v = program_.results[k];
        const bool is_direct = std::any_of(steps_.begin(), steps_.end(), [&](const step& s) {
            return s.value == v && s.direct == static_cast<std::int32_t>(k);
        });
        if (!is_direct) copied_.push_back(static_cast<std::uint32_t>(k));
    }
    tile_elements_ = static_cast<std::int64_t>(tile_bytes) / widest;
}

// Asks for part `i` of `parts` of the next tile of every dense input, while the present one is being computed: arrays
// that come from memory are not waited for. The hardware's own prefetching ends with every page, which is a tile.
void tile_program::prefetch(const tile_operands& at, std::int64_t begin, std::int64_t count, std::size_t i) const {
    constexpr std::int64_t line = 64;
    const auto part = static_cast<std::int64_t>(i), parts = static_cast<std::int64_t>(steps_.size());
    const std::size_t outs = program_.results.size();
    const std::int64_t n = std::min(tile_elements_, count - begin);
    for (std::uint32_t k = 0; n > 0 && k < program_.inputs; ++k) {
        if (at.steps[outs + k] != 1) continue;
        const std::byte* const from = at.data[outs + k] + begin * item_of_[k];
        const std::int64_t lines = n * item_of_[k] / line;
        for (std::int64_t l = lines * part / parts; l < lines * (part + 1) / parts; ++l)
            __builtin_prefetch(from + l * line, 0, 2);
    }
}

void tile_program::run_piece(const tile_operands& at, std::int64_t count, std::byte* work, stores how) const {
    const std::size_t outs = program_.results.size();
    inline_vector<simd::operand> places;
    places.resize_for_overwrite(program_.instructions.size());
    for (std::size_t v = program_.inputs; v < places.size(); ++v) {
        const scalar_instruction& instruction = program_.instructions[v];
        if (instruction.from == source::constant)
            places[v] = {instruction.immediate.bytes.data(), 0};
        else
            places[v] = {work + slot_of_[v] * tile_bytes, 1};
    }
    for (std::int64_t begin = 0; begin < count; begin += tile_elements_) {
        const auto n = static_cast<std::size_t>(std::min(tile_elements_, count - begin));
        for (std::uint32_t k = 0; k < program_.inputs; ++k)
            places[k] = {at.data[outs + k] + begin * at.steps[outs + k] * item_of_[k], at.steps[outs + k]};
        const auto destination = [&](std::size_t k) {
            return at.data[k] + begin * at.steps[k] * item_of_[program_.results[k]];
        };
        for (const step& s : steps_) {
            if (how == stores::streamed)
                prefetch(at, begin + tile_elements_, count, static_cast<std::size_t>(&s - steps_.data()));
            simd::operand in[3];
            for (std::uint32_t k = 0; k < s.operand_count; ++k) in[k] = places[s.operands[k]];
            const auto k = static_cast<std::size_t>(s.direct);
            const bool streams = s.direct >= 0 && how == stores::streamed && at.steps[k] == 1;
            std::byte* const slot = work + slot_of_[s.value] * tile_bytes;
            if (s.direct >= 0)
                places[s.value] = streams ? simd::operand{slot, 1} : simd::operand{destination(k), at.steps[k]};
            reinterpret_cast<simd::loop>(s.loop)(const_cast<void*>(places[s.value].data), places[s.value].stride, in,
                                                 n);
            if (streams) simd::stream(destination(k), slot, n * static_cast<std::size_t>(item_of_[s.value]));
        }
        for (const std::uint32_t k : copied_) {
            const std::uint32_t v = program_.results[k];
            const simd::operand from = places[v];
            if (how == stores::streamed && at.steps[k] == 1 && from.stride == 1)
                simd::stream(destination(k), from.data, n * static_cast<std::size_t>(item_of_[v]));
            else
                simd::find_cast(type_of(v), type_of(v))(destination(k), at.steps[k], &from, n);
        }
    }
    if (how == stores::streamed) simd::stream_fence();
}

void tile_program::run(std::span<const any_view> in, std::span<const any_view> out) const {
    const bool streams =
        std::any_of(out.begin(), out.end(), [&](const any_view& v) { return cpu_kernels::is_streamed(v, in); });
    const stores how = streams ? stores::streamed : stores::cached;
    const cpu_kernels::loop_nest nest(out, in);
    nest.run_with(cost_, [&] { return tile_body(*this, how); });
}

}  // namespace tessera
