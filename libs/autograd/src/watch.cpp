#include "watch.hpp"

#include <algorithm>

#include "leaves.hpp"
#include "tessera/array/elementwise.hpp"
#include "walk.hpp"

namespace tessera::detail {

namespace {

// Of the lists of watches; each watch guards its own state.
std::mutex& watches() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

array gradient_watch::hooked(array gradient) const {
    std::vector<numbered_hook> hooks;
    {
        const std::lock_guard lock(mutex_);
        hooks = hooks_;
    }
    for (const auto& [number, hook] : hooks) {
        const array other = hook(gradient);
        if (!other.is_null()) gradient = matching("backward", "the gradient from hook", other, gradient.spec(), number);
    }
    return gradient;
}

void gradient_watch::add(const array& gradient) {
    const std::lock_guard lock(mutex_);
    if (keeps_gradient) accumulate(gradient_, gradient);
}

array gradient_watch::gradient_so_far() const {
    const std::lock_guard lock(mutex_);
    return gradient_;
}

void gradient_watch::forget() {
    const std::lock_guard lock(mutex_);
    gradient_ = {};
}

void gradient_watch::keep() {
    const std::lock_guard lock(mutex_);
    keeps_gradient = true;
}

std::size_t gradient_watch::add_hook(autograd::gradient_hook hook) {
    const std::lock_guard lock(mutex_);
    hooks_.push_back({++last_number_, std::move(hook)});
    return last_number_;
}

bool gradient_watch::remove_hook(std::size_t number) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(hooks_, [&](const numbered_hook& h) { return h.number == number; }) > 0;
}

std::shared_ptr<gradient_watch> watch_of(const tape_node& n, std::uint32_t output) {
    const std::lock_guard lock(watches());
    std::shared_ptr<gradient_watch> found = n.watched;
    while (found && found->output != output) found = found->next;
    return found;
}

gradient_watch& watch(tape_node& n, std::uint32_t output) {
    const std::lock_guard lock(watches());
    for (gradient_watch* found = n.watched.get(); found; found = found->next.get())
        if (found->output == output) return *found;
    auto made = std::make_shared<gradient_watch>();
    made->output = output;
    made->next = n.watched;
    n.watched = made;
    return *made;
}

}  // namespace tessera::detail
