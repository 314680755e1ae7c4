// A program with branches, loops or sizes that depend on data: what lies between them runs from plans.
#pragma once

#include <atomic>

#include "plan.hpp"

namespace tessera::graph {

// A size that depends on data is not what the capture took for granted (0, 1, or unequal to another one).
class size_surprise : public value_error {
    using value_error::value_error;
};

class stages {
public:
    explicit stages(const function& f);

    // Throws size_surprise, and leaves the arguments as they are: the caller runs something else then. Values that
    // nobody needs any more lend their memory to what comes. Any number of threads.
    void run(std::span<const array> arguments, std::span<array> results) const;

    // Of the last run that made a plan: memory in use at once besides arguments and constants, without what branches
    // and loops use inside.
    std::size_t peak_bytes() const { return peak_bytes_.load(std::memory_order_relaxed); }
    std::size_t kernels() const;
    std::size_t plans() const;

private:
    // One node as it is, or many as a function of their own.
    struct stage {
        const node* alone = nullptr;
        function part;
        std::vector<extent> symbols;            // sizes that the part's parameters may not show
        std::vector<value_id> inputs, outputs;  // each once
        mutable plan_cache plans = {};
    };
    struct memory_count;

    void add_part(std::span<const node> nodes);
    void run_part(const stage& s, size_values& sizes, std::vector<array>& values, std::vector<std::size_t>& uses,
                  memory_count& count) const;
    void run_alone(const stage& s, size_values& sizes, std::vector<array>& values,
                   std::vector<std::size_t>& uses) const;
    void require_guards(size_values& sizes) const;

    function f_;
    std::deque<stage> stages_;
    std::vector<std::size_t> uses_;  // of every value, by stages and results
    mutable std::atomic<std::size_t> peak_bytes_{0};
};

}  // namespace tessera::graph
