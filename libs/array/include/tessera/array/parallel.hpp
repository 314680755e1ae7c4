// Splitting a CPU kernel's work over threads without ever waiting for one that has not started.
#pragma once

#include <cstdint>
#include <type_traits>

#include "tessera/array/export.hpp"

namespace tessera {

// A reference to a callable taking (begin, end).
class range_body {
public:
    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, range_body>)
    range_body(const F& f)
        : object_(&f),
          call_([](const void* o, std::int64_t begin, std::int64_t end) { (*static_cast<const F*>(o))(begin, end); }) {}
    void operator()(std::int64_t begin, std::int64_t end) const { call_(object_, begin, end); }

private:
    const void* object_;
    void (*call_)(const void*, std::int64_t, std::int64_t);
};

// Calls body over pieces of [0, count), each a multiple of `grain` items long (the last may be shorter), on up to
// threads() threads. ns_per_item is an estimate: below about 100 us of work everything runs on the caller.
// A loop inside a piece runs on that piece's thread. The first exception of a piece is rethrown here.
TESSERA_ARRAY_API void parallel_for(std::int64_t count, std::int64_t grain, double ns_per_item, range_body body);

}  // namespace tessera
