// The oracle cases of random numbers.
#include <cstdint>
#include <string>
#include <vector>

#include "oracle_topics.hpp"
#include "tessera/array/random.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/oracle_arrays.hpp"

namespace tessera::testing {
namespace {

// Two parameters of a location-scale family.
struct location_scale {
    double location;
    double scale;
};

location_scale parameters(const oracle_case& c) {
    const auto values = c.required_attr<std::vector<double>>("params");
    if (values.size() != 2) c.reject_attr("params", "is a location and a scale");
    return {values[0], values[1]};
}

array sample(const oracle_case& c, const array& key, const dims& shape) {
    const auto dist = c.required_attr<std::string>("dist");
    if (dist == "uniform") {
        const auto [low, width] = parameters(c);
        return uniform(key, shape, f64, low, low + width);
    }
    if (dist == "normal") {
        const auto [mean, deviation] = parameters(c);
        return normal(key, shape, f64, mean, deviation);
    }
    not_offered(c, text("the distribution ", dist));
}

oracle_answer answer_distribution(const oracle_case& c) {
    const dims shape{c.required_attr<std::int64_t>("n")};
    std::vector<named_array> samples;
    for (const std::uint64_t seed : c.required_attr<std::vector<std::uint64_t>>("seeds"))
        samples.push_back({text("y", samples.size()), sample(c, random_key(seed, c.device), shape)});
    return answer(c, samples);
}

oracle_answer answer_reproducible(const oracle_case& c) {
    const array key = random_key(c.attr_or<std::uint64_t>("seed", 1), c.device);
    const dims shape{1000};
    return answer(c, {{"y", uniform(key, shape, f64)}, {"y_f32", uniform(key, shape, f32)}});
}

}  // namespace

void register_random_oracles(oracle_registry& registry) {
    registry.add("array/*", "philox4x32", [](const oracle_case& c) {
        return answer(c, philox4x32(input(c, "ctr"), input(c, "key"), c.attr_or<int>("rounds", 10)));
    });
    registry.add("array/*", "distribution", answer_distribution);
    registry.add("array/*", "reproducible", answer_reproducible);
}

}  // namespace tessera::testing
