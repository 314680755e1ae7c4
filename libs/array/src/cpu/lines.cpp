#include "lines.hpp"

#include <cstdlib>

namespace tessera::cpu_kernels {

lines::lines(std::span<const any_view> operands, int axis) {
    for (std::size_t k = 0; k < operands.size(); ++k) {
        length_[k] = operands[k].shape[axis];
        step_[k] = operands[k].strides[axis];
    }
    inline_vector<shared_axis> kept;
    for (std::int32_t a = 0; a < operands[0].rank; ++a) {
        const std::int64_t size = operands[0].shape[a];
        if (a == axis || size == 1) continue;
        shared_axis next{size, {}};
        for (std::size_t k = 0; k < operands.size(); ++k) next.steps[k] = operands[k].strides[a];
        count_ *= size;
        kept.push_back(next);
    }
    // The order of lines is free: the nearest ones come last.
    std::stable_sort(kept.begin(), kept.end(), [](const shared_axis& a, const shared_axis& b) {
        return std::abs(a.steps[0]) > std::abs(b.steps[0]);
    });
    for (const shared_axis& next : kept) {
        bool continues = !axes_.empty();
        for (std::size_t k = 0; continues && k < operands.size(); ++k)
            continues = axes_.back().steps[k] == next.steps[k] * next.size;
        if (continues)
            axes_.back() = {axes_.back().size * next.size, next.steps};
        else
            axes_.push_back(next);
    }
    if (!axes_.empty()) {
        inner_ = axes_.back().size;
        neighbour_step_ = axes_.back().steps;
        axes_.resize_for_overwrite(axes_.size() - 1);
    }
    for (const shared_axis& a : axes_) outer_ *= a.size;
    if (std::abs(neighbour_step_[0]) < std::abs(step_[0]))
        together_ = std::clamp<std::int64_t>(inner_, 1, most_together);
    blocks_per_row_ = (inner_ + together_ - 1) / together_;
}

lines::places lines::first_of(std::int64_t outer, std::int64_t inner) const {
    places at{};
    for (std::size_t k = 0; k < most_operands; ++k) at[k] = inner * neighbour_step_[k];
    for (std::size_t a = axes_.size(); a-- > 0;) {
        const std::int64_t i = outer % axes_[a].size;
        outer /= axes_[a].size;
        for (std::size_t k = 0; k < most_operands; ++k) at[k] += i * axes_[a].steps[k];
    }
    return at;
}

}  // namespace tessera::cpu_kernels
