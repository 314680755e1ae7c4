// The way back over a tape.
#pragma once

#include "tape.hpp"

namespace tessera::detail {

using cotangent_slots = short_vector<array, 8>;

enum class memory { kept, given_back };

// Values of a node's inputs and outputs as its vjp rule sees them.
struct saved_values {
    std::span<const array> in, out;
};
// The node's vjp rule, checked: cotangents of its inputs, null where there is none. Throws value_error when a saved
// value was overwritten, shape_error or dtype_error when the rule gives something unlike an input.
void pull_through(const tape_node& n, saved_values values, std::span<const array> cotangents, std::span<array> in);

// slot += ct, where null is zero.
void accumulate(array& slot, array ct);

// Which nodes a walk visits, latest first; every output of every node has a slot for its cotangent. Made once, by one
// thread; running it changes no node unless memory is given back.
class backward_plan {
public:
    // A node that a walk starts at, and all it was made from.
    void add(tape_node& n);
    void finish();
    std::size_t slots() const { return slots_; }
    // The slots of the start nodes hold their cotangents; afterwards those of the transform's inputs hold the
    // gradients.
    void run(cotangent_slots& slots, memory after_use) const;

private:
    short_vector<tape_node*, 8> order_;
    std::size_t slots_ = 0;
};

}  // namespace tessera::detail
