#include "loop_nest.hpp"

#include <algorithm>
#include <utility>

namespace tessera::cpu_kernels {

namespace {
constexpr std::int64_t short_run = 32;  // below this many elements a longer axis is a better innermost one

std::int64_t magnitude(std::int64_t v) { return v < 0 ? -v : v; }
}  // namespace

loop_nest::loop_nest(std::span<const any_view> destinations, std::span<const any_view> inputs)
    : operands_(destinations.size() + inputs.size()) {
    const any_view& target = destinations[0];
    const auto rank = static_cast<std::size_t>(target.rank);
    first_.resize_for_overwrite(operands_);
    items_.resize_for_overwrite(operands_);
    inner_steps_ = inline_vector<std::int64_t>(operands_, 0);
    const auto view = [&](std::size_t k) -> const any_view& {
        return k < destinations.size() ? destinations[k] : inputs[k - destinations.size()];
    };
    // Steps of every axis longer than one, in elements; 0 where an operand is broadcast.
    inline_vector<std::int64_t> sizes, steps;
    for (std::size_t k = 0; k < operands_; ++k) {
        first_[k] = view(k).first<std::byte>();
        items_[k] = static_cast<std::int64_t>(item_size(view(k).dtype));
    }
    for (std::size_t a = 0; a < rank; ++a) {
        if (target.shape[a] == 0) {
            outer_ = 0;
            return;
        }
        if (target.shape[a] == 1) continue;
        sizes.push_back(target.shape[a]);
        for (std::size_t k = 0; k < operands_; ++k) {
            const any_view& v = view(k);
            const auto lead = rank - static_cast<std::size_t>(v.rank);
            const bool here = a >= lead && v.shape[a - lead] != 1;
            steps.push_back(here ? v.strides[a - lead] : 0);
        }
    }
    // The destination's fastest axis goes last, ties by the next operand.
    const auto slower = [&](std::size_t x, std::size_t y) {
        for (std::size_t k = 0; k < operands_; ++k) {
            const std::int64_t sx = magnitude(steps[x * operands_ + k]), sy = magnitude(steps[y * operands_ + k]);
            if (sx != sy) return sx > sy;
        }
        return false;
    };
    inline_vector<std::size_t> order;  // sorted by insertion: axes are few, and mostly in order
    for (std::size_t a = 0; a < sizes.size(); ++a) {
        order.push_back(a);
        for (std::size_t i = a; i > 0 && slower(order[i], order[i - 1]); --i) std::swap(order[i], order[i - 1]);
    }
    // Neighbours that every operand walks as one axis become one.
    inline_vector<std::int64_t> merged_sizes, merged_steps;
    for (const std::size_t a : order) {
        const std::size_t last = merged_sizes.size();
        bool joins = last > 0;
        for (std::size_t k = 0; joins && k < operands_; ++k)
            joins = merged_steps[(last - 1) * operands_ + k] == steps[a * operands_ + k] * sizes[a];
        if (joins) {
            merged_sizes[last - 1] *= sizes[a];
            for (std::size_t k = 0; k < operands_; ++k)
                merged_steps[(last - 1) * operands_ + k] = steps[a * operands_ + k];
        } else {
            merged_sizes.push_back(sizes[a]);
            for (std::size_t k = 0; k < operands_; ++k) merged_steps.push_back(steps[a * operands_ + k]);
        }
    }
    if (merged_sizes.empty()) return;
    std::size_t innermost = merged_sizes.size() - 1;
    if (merged_sizes[innermost] < short_run)
        innermost =
            static_cast<std::size_t>(std::max_element(merged_sizes.begin(), merged_sizes.end()) - merged_sizes.begin());
    for (std::size_t a = 0; a < merged_sizes.size(); ++a) {
        if (a == innermost) {
            inner_ = merged_sizes[a];
            for (std::size_t k = 0; k < operands_; ++k) inner_steps_[k] = merged_steps[a * operands_ + k];
            continue;
        }
        sizes_.push_back(merged_sizes[a]);
        outer_ *= merged_sizes[a];
        for (std::size_t k = 0; k < operands_; ++k) steps_.push_back(merged_steps[a * operands_ + k] * items_[k]);
    }
    axes_ = sizes_.size();
}

}  // namespace tessera::cpu_kernels
