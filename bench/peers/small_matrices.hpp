// The cases of the area static: one call works through 64 independent pairs that lie in the first-level cache.
#pragma once
#include "../worker/inputs.hpp"
#include "../worker/worker.hpp"
#include <algorithm>
#include <memory>
#include <vector>

namespace bench {

// Function(a, b) gives a Result; all three hold doubles behind data() and size().
template <class A, class B, class Result, class Function> prepared small_matrices(Function function) {
    constexpr std::size_t pairs = 64;
    std::vector<A> a(pairs);
    std::vector<B> b(pairs);
    auto out = std::make_shared<std::vector<Result>>(pairs);
    const auto fill = [](auto& matrices, unsigned seed) {
        const std::size_t each = static_cast<std::size_t>(matrices[0].size());
        const std::vector<double> all = values<double>(pairs * each, seed);
        for (std::size_t i = 0; i < pairs; ++i) std::copy_n(all.data() + i * each, each, matrices[i].data());
    };
    fill(a, 1);
    fill(b, 2);
    auto made = timed(
        [function, a, b, out] {
            for (std::size_t i = 0; i < pairs; ++i) (*out)[i] = function(a[i], b[i]);
            keep(*out);
        },
        [out] { return mean_magnitude(out->front().data(), pairs * static_cast<std::size_t>(out->front().size())); });
    made.seconds = per_link(made.seconds, pairs);
    return made;
}

}  // namespace bench
