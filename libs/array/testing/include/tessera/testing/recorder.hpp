// What a public function does: the ops it calls, seen through the hook that captures use.
#pragma once

#include <vector>

#include "tessera/array/tracer.hpp"

namespace tessera::testing {

struct recorded_call {
    const tessera::op* op;
    std::vector<array> in;
    kept_attributes attrs;
};

// Runs f and gives every op call on this thread, in order.
std::vector<recorded_call> record_calls(const std::function<void()>& f);

}  // namespace tessera::testing
