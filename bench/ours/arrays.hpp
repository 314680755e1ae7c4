// What our cases share: arrays of the common inputs, thread counts, answers.
#pragma once
#include "../worker/inputs.hpp"
#include "../worker/worker.hpp"
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>

namespace bench {

template <class T> tessera::array from(const std::vector<T>& values, const tessera::dims& shape) {
    return tessera::from_span(values, shape);
}

inline tessera::array vector(std::int64_t n, std::uint32_t seed, float scale = 1.0f) {
    return from(values(static_cast<std::size_t>(n), seed, scale), {n});
}

inline std::function<double()> magnitude_of(const tessera::array& x) {
    return [x] {
        const auto elements = x.to_vector<double>();
        return mean_magnitude(elements.data(), elements.size());
    };
}

// Every case says how many threads it runs on: the process is shared.
inline prepared on_threads(int count, prepared made) {
    made.before = [count] { tessera::set_threads(count); };
    return made;
}

}  // namespace bench
