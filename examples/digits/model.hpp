// The classifier: two hidden layers.
#pragma once

#include <string_view>
#include <tuple>

#include <tessera/dl/activations.hpp>
#include <tessera/dl/layers.hpp>
#include <tessera/dl/losses.hpp>

namespace digits {

struct classifier {
    tessera::dl::linear first, second, last;

    classifier(tessera::generator& random, tessera::device where)
        : first(64, 128, random, tessera::f32, where), second(128, 64, random, tessera::f32, where),
          last(64, 10, random, tessera::f32, where) {}

    // Logits (n, 10) of images (n, 64) with values in [0, 1].
    tessera::array operator()(const tessera::array& images) const {
        using tessera::dl::relu;
        return last(relu(second(relu(first(images)))));
    }

    // The loss of a batch; a fifth of the first layer's results are dropped at random.
    tessera::array loss(const tessera::array& images, const tessera::array& labels, const tessera::array& key) const {
        using tessera::dl::relu;
        const tessera::array hidden = tessera::dl::dropout(relu(first(images)), 0.2, key);
        return tessera::dl::cross_entropy(last(relu(second(hidden))), labels);
    }

    auto fields() { return std::tie(first, second, last); }
    auto fields() const { return std::tie(first, second, last); }
    static constexpr std::string_view field_names[] = {"first", "second", "last"};
};

}  // namespace digits
