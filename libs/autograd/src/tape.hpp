// Reverse mode's record of what was computed: nodes that keep what their op's derivative reads and point at the nodes
// that made their inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "short_vector.hpp"
#include "tessera/array/free_list.hpp"
#include "tessera/array/tracer.hpp"

namespace tessera::detail {

struct tape_node;
class gradient_watch;
void destroy(tape_node*) noexcept;

// An output of a node; none for values that do not depend on an input of the transform.
struct tape_edge {
    counted<tape_node> node;
    std::uint32_t output = 0;
};

struct tape_node {
    static constexpr std::uint32_t unplanned = UINT32_MAX;

    std::atomic<std::int32_t> references{1};
    std::uint32_t slot = unplanned;  // of the first output's cotangent in a backward walk
    const op* operation = nullptr;   // null: an input of the transform
    std::uint64_t sequence = 0;      // greater than those of the parents
    std::uint32_t inputs = 0;
    std::uint32_t outputs = 1;
    kept_attributes attrs;
    short_vector<tape_edge, 3> parents;  // one per input of the op
    short_vector<array, 4> saved;        // inputs, then outputs, one level below; specs alone where no rule reads more
    short_vector<std::uint64_t, 4> versions;  // of the storage behind the saved values when they were saved
    tape_node* next_dead = nullptr;
    std::shared_ptr<gradient_watch> watched;  // of the variables' tape: who waits for gradients of the outputs
    bool is_spent = false;                    // a backward gave back what was saved

    std::span<const array> saved_inputs() const { return saved.part(0, inputs); }
    std::span<const array> saved_outputs() const { return saved.part(inputs, outputs); }
};

// What a traced array points at.
struct tape_record final : traced {
    tape_record(counted<tracer> by, array stands_for, tape_edge from)
        : traced(std::move(by), std::move(stands_for)), made_by(std::move(from)) {}
    tape_edge made_by;

    static void* operator new(std::size_t) { return free_list<tape_record>::take(); }
    static void operator delete(void* block) { free_list<tape_record>::give(block); }
};

class tape final : public tracer {
public:
    tape() : tape(new_level()) {}
    explicit tape(std::uint64_t level) : tracer(level) {}
    static void* operator new(std::size_t) { return free_list<tape>::take(); }
    static void operator delete(void* block) { free_list<tape>::give(block); }

    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override;
    bool reads_values_later() const override { return true; }
    // A traced value that stands for x, made by that node.
    array trace(array x, tape_edge from);
    // From now on nothing is recorded: an op on a value of this tape throws.
    void close() { closed_.store(true, std::memory_order_relaxed); }

private:
    void process_without_rule(const op& o, std::span<const array> in, attributes attrs, std::span<array> out);

    std::atomic<std::uint64_t> last_sequence_{0};
    std::atomic<bool> closed_{false};
};

// The tape of all variables: level 0, below every transform, never closed.
tape& tape_of_variables();
// Scopes of this thread in which variables record nothing.
bool is_recording_off();
void count_recording_off(int scopes);

counted<tape_node> new_tape_node();
inline const tape_edge* edge_of(const array& x, std::uint64_t level) {
    traced* record = trace_at(x, level);
    return record ? &static_cast<tape_record*>(record)->made_by : nullptr;
}

// The inputs of a call, one level below: an op with a missing rule on values whose derivative nobody can ask for.
// Throws not_differentiable, naming op and rule, when a result is a float after all.
void evaluate_undifferentiated(const op& o, std::span<const array> in, attributes attrs, std::span<array> out,
                               std::uint64_t level, std::string_view rule);

// Throws value_error, naming the op, when a saved value's memory was written to since.
void check_not_overwritten(const tape_node& n);

// Throws value_error when a user's function, an op that only its body describes, gave values of this level: it closes
// over some.
void require_closed(const op& o, std::span<const array> values, std::uint64_t level);

[[noreturn]] void refuse_escaped(const op& used_in, std::string_view made_by);

}  // namespace tessera::detail
