#include "tessera/dl/data.hpp"

#include <cmath>
#include <map>

#include "tessera/array/host_memory.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/random.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::dl {

std::int64_t dataset::size() const {
    if (x.rank() == 0 || y.rank() == 0 || !(x.shape()[0] == y.shape()[0]))
        throw shape_error(
            text("dl.dataset: x and y must have one length along axis 0, got ", x.shape(), " and ", y.shape()));
    return x.shape()[0].value();
}

dataset dataset::rows(const std::vector<std::int64_t>& numbers) const {
    const array chosen = from_span(std::span<const std::int64_t>(numbers), {static_cast<std::int64_t>(numbers.size())});
    return {take(x, chosen, 0), take(y, chosen, 0)};
}

std::vector<std::int64_t> shuffled(std::int64_t n, std::uint64_t seed, std::uint64_t stream) {
    // Sorting by random 52-bit keys; equal keys, if any, keep their order, so that every machine agrees.
    const auto low = static_cast<std::uint32_t>(seed), high = static_cast<std::uint32_t>(seed >> 32);
    const std::uint32_t words[] = {low, high, static_cast<std::uint32_t>(stream),
                                   static_cast<std::uint32_t>(stream >> 32)};
    const std::vector<double> keys =
        uniform(from_span(std::span<const std::uint32_t>(words), {4}), {n}, f64).to_vector<double>();
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
    });
    return order;
}

train_test stratified_split(const dataset& all, double test_share, std::uint64_t seed) {
    if (!(test_share > 0 && test_share < 1))
        throw value_error(text("dl.stratified_split: test_share must be between 0 and 1, got ", test_share));
    if (!is_integer(all.y.dtype()))
        throw dtype_error(text("dl.stratified_split: labels must be integers, got ", all.y.dtype()));
    const std::int64_t n = all.size();
    const std::vector<std::int64_t> labels = all.y.to_vector<std::int64_t>();
    std::map<std::int64_t, std::vector<std::int64_t>> classes;
    for (const std::int64_t i : shuffled(n, seed)) classes[labels[static_cast<std::size_t>(i)]].push_back(i);
    std::vector<std::int64_t> train, test;
    for (const auto& [label, members] : classes) {
        if (members.size() < 2)
            throw value_error(
                text("dl.stratified_split: class ", label, " has ", members.size(), " example; it needs 2"));
        const auto held_out = std::clamp<std::size_t>(
            static_cast<std::size_t>(std::lround(test_share * static_cast<double>(members.size()))), 1,
            members.size() - 1);
        const auto middle = members.begin() + static_cast<std::ptrdiff_t>(held_out);
        test.insert(test.end(), members.begin(), middle);
        train.insert(train.end(), middle, members.end());
    }
    return {all.rows(train), all.rows(test)};
}

}  // namespace tessera::dl
