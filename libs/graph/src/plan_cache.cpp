#include <algorithm>

#include "plan.hpp"

namespace tessera::graph {

namespace {

constexpr std::size_t most_plans = 16;

}  // namespace

std::shared_ptr<const plan> plan_cache::find(const function& f, std::span<const array> arguments,
                                             const plan::donations& donated, std::span<const plan::size> sizes) {
    const auto fits = [&](const planned& p) {
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const detail::node& n = *arguments[i].node();
            if (!(p.shapes[i] == n.spec.shape) || !(p.steps[i] == n.steps)) return false;
        }
        return p.donated == donated && std::equal(p.sizes.begin(), p.sizes.end(), sizes.begin(), sizes.end());
    };
    const std::scoped_lock lock(mutex_);
    const auto known = std::find_if(plans_.begin(), plans_.end(), fits);
    if (known != plans_.end()) {
        if (known != plans_.begin()) std::rotate(plans_.begin(), known, known + 1);
        return plans_.front().how;
    }
    planned made;
    for (const array& x : arguments) {
        made.shapes.push_back(x.shape());
        made.steps.push_back(x.node()->steps);
    }
    made.donated = donated;
    made.sizes.assign(sizes.begin(), sizes.end());
    made.how = std::make_shared<const plan>(f, arguments, donated, sizes);
    plans_.insert(plans_.begin(), std::move(made));
    if (plans_.size() > most_plans) plans_.pop_back();
    return plans_.front().how;
}

std::size_t plan_cache::count() const {
    const std::scoped_lock lock(mutex_);
    return plans_.size();
}

std::shared_ptr<const plan> plan_cache::last() const {
    const std::scoped_lock lock(mutex_);
    return plans_.empty() ? nullptr : plans_.front().how;
}

bool is_unshared(const array& x) {
    const detail::node& n = *x.node();
    return n.buffer && !n.trace && n.references.load(std::memory_order_acquire) == 1 &&
           n.buffer->references.load(std::memory_order_acquire) == 1 && !n.buffer->borrowed &&
           !n.buffer->exported.load(std::memory_order_relaxed);
}

}  // namespace tessera::graph
