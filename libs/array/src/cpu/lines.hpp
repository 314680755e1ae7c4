// How kernels that work along one axis walk their operands: line by line, or neighbouring lines side by side.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "tessera/array/inline_vector.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/interop/any_view.hpp"

namespace tessera::cpu_kernels {

// The lines along an axis of operands that have one shape but for that axis. All steps are in elements.
class lines {
public:
    static constexpr std::size_t most_operands = 3;
    static constexpr std::int64_t most_together = 128;
    using places = std::array<std::int64_t, most_operands>;

    // Neighbours are walked together where operand 0 has them nearer than the elements of a line.
    lines(std::span<const any_view> operands, int axis);

    std::int64_t count() const { return count_; }
    std::int64_t length(std::size_t operand) const { return length_[operand]; }
    std::int64_t step(std::size_t operand) const { return step_[operand]; }
    // From a line to the next one of its block.
    std::int64_t neighbour_step(std::size_t operand) const { return neighbour_step_[operand]; }

    // Calls body(first, n) with the offsets of the first of n neighbouring lines, n <= most_together, until every line
    // was met once; on several threads when it pays.
    template <class Body> void run(double ns_per_line, const Body& body) const {
        const std::int64_t blocks = count_ == 0 ? 0 : outer_ * blocks_per_row_;
        parallel_for(blocks, 1, ns_per_line * static_cast<double>(together_),
                     [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t b = begin; b < end; ++b) {
                             const std::int64_t inner = b % blocks_per_row_ * together_;
                             body(first_of(b / blocks_per_row_, inner), std::min(together_, inner_ - inner));
                         }
                     });
    }

private:
    places first_of(std::int64_t outer, std::int64_t inner) const;

    struct shared_axis {
        std::int64_t size;
        places steps;
    };

    places length_{}, step_{}, neighbour_step_{};
    inline_vector<shared_axis> axes_;  // slowest first, without the neighbours'
    std::int64_t outer_ = 1, inner_ = 1, count_ = 1;
    std::int64_t together_ = 1, blocks_per_row_ = 1;
};

}  // namespace tessera::cpu_kernels
