// What every optimiser is made of: one step changes a model's parameters by its gradients. State is kept per parameter,
// in the order of the tree's leaves.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/array/tree.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

class TESSERA_DL_API optimizer {
public:
    virtual ~optimizer();
    optimizer(const optimizer&) = delete;
    optimizer& operator=(const optimizer&) = delete;

    // Rebinds every parameter of the model. Throws shape_error or dtype_error when a gradient does not fit its
    // parameter or the model is not the one of earlier steps, dtype_error for parameters that are not floats; the model
    // and the state are unchanged then.
    template <class Model> void step(Model& model, const Model& gradients) { step_leaves(model, leaves(gradients)); }
    // The same with the gradients as a list in the order of the leaves.
    template <class Model> void step_leaves(Model& model, std::span<const array> gradients) {
        const std::vector<array> updated = next(leaves(model), gradients);
        model = with_leaves(model, std::span<const array>(updated));
    }

    double learning_rate() const { return learning_rate_; }
    // Throws value_error unless it is a number of at least 0.
    void set_learning_rate(double rate);
    std::int64_t steps_taken() const { return steps_; }

protected:
    // The name begins error texts.
    optimizer(std::string_view name, double learning_rate);

    // One parameter in the step that is being made.
    struct turn {
        const array &parameter, &gradient;
        std::span<const array> state;    // of the parameter's shape
        std::span<const array> numbers;  // rank 0, of the parameter's dtype
    };

    // How many arrays of its shape go with every parameter.
    virtual std::size_t state_arrays() const = 0;
    // What they are before the first step; zeros unless said otherwise.
    virtual array initial_state(std::size_t which, const array& parameter) const;
    // What changes from step to step, the learning rate included. Called once a step; step_number() is that of the
    // step.
    virtual std::vector<double> numbers() = 0;
    // The next parameter, then its next state. Ops on arrays alone: they are compiled, and run in one pass.
    virtual std::vector<array> update(const turn&) const = 0;

    // Number of the step in progress, from 1.
    std::int64_t step_number() const { return steps_ + 1; }

private:
    std::vector<array> next(std::vector<array> parameters, std::span<const array> gradients);
    void check(std::span<const array> parameters, std::span<const array> gradients) const;

    struct compiled_update;
    std::string_view name_;
    double learning_rate_;
    std::int64_t steps_ = 0;
    std::vector<spec> specs_;
    std::vector<array> state_;  // of every parameter in turn
    std::unique_ptr<compiled_update> update_;
};

}  // namespace tessera::dl
