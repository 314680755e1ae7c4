// A program at one set of sizes and layouts: kernels chosen, views computed, memory planned. Running it is a walk over
// its kernels.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "arena.hpp"
#include "symbols.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/graph/function.hpp"

namespace tessera::graph {

class plan {
public:
    // Which of the arguments may be overwritten: the caller gives them up.
    using donations = inline_vector<bool>;
    struct size {
        extent symbol;
        std::int64_t number;
        friend bool operator==(const size&, const size&) = default;
    };

    // `arguments` show sizes and layouts, not data; `sizes` says what symbols stand for that they do not show. Throws
    // no_kernel.
    plan(const function& f, std::span<const array> arguments, const donations& donated, std::span<const size> sizes);
    ~plan();
    plan(const plan&) = delete;
    plan& operator=(const plan&) = delete;

    // Can every op of f run from a plan? Not sizes that depend on data, ops that run other programs, several devices.
    static bool serves(const function& f);
    static bool serves(const function& f, const node& n);

    // Arguments of the same sizes, layouts and donations. Any number of threads.
    void run(std::span<const array> arguments, std::span<array> results) const;

    // Bytes of memory in use at once besides arguments and constants.
    std::size_t peak_bytes() const { return peak_bytes_; }
    std::size_t kernels() const { return steps_.size(); }

private:
    enum class origin : std::uint8_t { parameter, constant, arena, result };
    struct buffer {
        origin from;
        std::size_t index = 0;  // of the parameter, constant or result root
        lifetime life{};
        spec whole{};           // of the value that fills it
        bool reusable = false;  // may be overwritten after its last use
    };
    // Where a value lies: elements from the beginning of its buffer.
    struct place {
        std::size_t buffer = 0;
        std::int64_t offset = 0;
        strides steps;
    };
    struct step {
        const op* operation;
        const kernel* run;
        kept_attributes attrs;
        std::size_t first_view, inputs, outputs;  // inputs, then outputs
        lifetime scratch{};
    };
    struct working_views;

    void place_values(const function& f, std::span<const array> arguments, std::span<const size> known);
    void find_lifetimes(const function& f);
    void reuse_memory(const function& f);
    void assign_memory(const function& f);
    any_view view_of(value_id v) const;
    array result_at(std::size_t i, std::span<const array> arguments, std::span<const array> roots) const;

    device device_;
    std::vector<spec> specs_;    // of every value, in numbers
    std::vector<place> places_;  // of every value
    std::vector<buffer> buffers_;
    std::vector<step> steps_;
    std::vector<value_id> step_values_;  // the values behind views
    std::vector<value_id> results_;
    std::vector<array> constants_;
    std::vector<spec> roots_;  // of results that need memory of their own
    donations donated_;
    std::size_t arena_bytes_ = 0, peak_bytes_ = 0;
    mutable std::atomic<working_views*> idle_{nullptr};
};

// The plans of a function, made when they are first needed. Any number of threads.
class plan_cache {
public:
    std::shared_ptr<const plan> find(const function& f, std::span<const array> arguments,
                                     const plan::donations& donated, std::span<const plan::size> sizes = {});
    std::size_t count() const;
    // The one used last; null before.
    std::shared_ptr<const plan> last() const;

private:
    struct planned {
        std::vector<dims> shapes;
        std::vector<strides> steps;
        plan::donations donated;
        std::vector<plan::size> sizes;
        std::shared_ptr<const plan> how;
    };
    mutable std::mutex mutex_;
    std::vector<planned> plans_;  // the last used first
};

// Memory that nobody but the holder of x sees.
bool is_unshared(const array& x);

}  // namespace tessera::graph
