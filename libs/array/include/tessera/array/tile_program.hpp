// A scalar program made ready for the CPU: every instruction is a simd loop over a tile that stays in the first-level
// cache.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tessera/array/backend.hpp"
#include "tessera/array/scalar_program.hpp"

namespace tessera {

// One run of elements: operand k starts at data[k] and advances by steps[k] elements.
struct tile_operands {
    std::span<std::byte* const> data;     // results, then inputs
    std::span<const std::int64_t> steps;  // in elements; 0 repeats one value
};

class TESSERA_ARRAY_API tile_program {
public:
    // Throws no_kernel when an instruction has no loop for its dtype.
    explicit tile_program(scalar_program program);

    const scalar_program& program() const { return program_; }
    dtype type_of(std::uint32_t value) const { return program_.instructions[value].type; }
    // Estimated ns per element of one thread.
    double cost() const { return cost_; }
    // Bytes of work memory that `run_piece` needs.
    std::size_t work_bytes() const { return slots_ * tile_bytes; }

    // Result k of every element into out[k]; all of one shape, to which inputs broadcast. A result may lie exactly
    // where an input lies; any other overlap is undefined. Splits over threads.
    void run(std::span<const any_view> in, std::span<const any_view> out) const;

    // `count` elements on the calling thread; `work` is 64-byte aligned. Dense results may be stored past the caches.
    enum class stores : std::uint8_t { cached, streamed };
    void run_piece(const tile_operands& operands, std::int64_t count, std::byte* work,
                   stores how = stores::cached) const;

private:
    static constexpr std::size_t tile_bytes = 4096;  // a handful of values fill half of a 32 KiB cache

    struct step {
        void (*loop)();  // a simd loop
        std::uint32_t operand_count;
        std::uint32_t operands[3];
        std::uint32_t value;
        std::int32_t direct;  // the result whose memory it writes, or -1
    };

    void prefetch(const tile_operands& at, std::int64_t begin, std::int64_t count, std::size_t i) const;

    scalar_program program_;
    std::vector<step> steps_;
    std::vector<std::uint32_t> slot_of_;  // of computed values without memory of their own
    std::vector<std::uint32_t> copied_;   // results that are copied to their place at the end
    std::vector<std::int64_t> item_of_;   // of every value, in bytes
    std::size_t slots_ = 0;
    std::int64_t tile_elements_ = 0;
    double cost_ = 0;
};

}  // namespace tessera
