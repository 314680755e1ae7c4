// Who waits for the gradient of a value of the variables' tape.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "tape.hpp"
#include "tessera/autograd/variable.hpp"

namespace tessera::detail {

class gradient_watch {
public:
    // What the hooks make of it.
    array hooked(array gradient) const;
    // Adds to what is kept; nothing when nothing is.
    void add(const array& gradient);

    array gradient_so_far() const;
    void forget();
    void keep();
    std::size_t add_hook(autograd::gradient_hook hook);
    bool remove_hook(std::size_t number);

    bool keeps_gradient = false;
    std::uint32_t output = 0;              // of its node
    std::shared_ptr<gradient_watch> next;  // of another output

private:
    struct numbered_hook {
        std::size_t number;
        autograd::gradient_hook hook;
    };

    mutable std::mutex mutex_;
    array gradient_;
    std::vector<numbered_hook> hooks_;
    std::size_t last_number_ = 0;
};

// The watch of an output, or null; threads may ask while others add.
std::shared_ptr<gradient_watch> watch_of(const tape_node& n, std::uint32_t output);
// The same, made when there is none.
gradient_watch& watch(tape_node& n, std::uint32_t output);

}  // namespace tessera::detail
