// Optimisers: one step changes a model's parameters by its gradients. State is kept per parameter, in the order of the
// tree's leaves; the formulas and defaults are PyTorch's.
#pragma once

#include <span>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/array/tree.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

// What every optimiser has: step(model, gradients), where gradients has the model's structure.
class TESSERA_DL_API optimizer {
public:
    virtual ~optimizer();

    // Rebinds every parameter of the model. Throws shape_error or dtype_error when a gradient does not fit its
    // parameter or the model is not the one of earlier steps; the model and the state are unchanged then.
    template <class Model> void step(Model& model, const Model& gradients) { step_leaves(model, leaves(gradients)); }
    // The same with the gradients as a list in the order of the leaves.
    template <class Model> void step_leaves(Model& model, std::span<const array> gradients) {
        const std::vector<array> updated = next(leaves(model), gradients);
        model = with_leaves(model, std::span<const array>(updated));
    }

    double learning_rate() const { return learning_rate_; }
    void set_learning_rate(double rate);
    std::int64_t steps_taken() const { return steps_; }

protected:
    explicit optimizer(double learning_rate);

    // The next values of the parameters.
    std::vector<array> next(std::vector<array> parameters, std::span<const array> gradients);
    // The next value of parameter i; may change the state of index i.
    virtual array update(std::size_t i, array parameter, const array& gradient) = 0;
    // Makes room for the state of n parameters; called before the first update.
    virtual void begin(std::size_t n) = 0;

    // Step number of the update in progress, from 1.
    std::int64_t step_number() const { return steps_ + 1; }

private:
    double learning_rate_;
    std::int64_t steps_ = 0;
    std::vector<spec> specs_;
};

struct sgd_options {
    double learning_rate = 1e-3;
    double momentum = 0;
    double dampening = 0;
    double weight_decay = 0;
    bool nesterov = false;
};

// g += weight_decay p;  v = momentum v + (1 - dampening) g, from v = g;  p -= learning_rate (nesterov ? g + momentum v
// : v)
class TESSERA_DL_API sgd : public optimizer {
public:
    // Throws value_error for negative numbers, and for nesterov without momentum or with dampening.
    explicit sgd(const sgd_options& options);

protected:
    array update(std::size_t i, array parameter, const array& gradient) override;
    void begin(std::size_t n) override { velocity_.resize(n); }

private:
    sgd_options options_;
    std::vector<array> velocity_;
};

struct adam_options {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
    bool amsgrad = false;
};

// g += weight_decay p;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
// p -= learning_rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon);  amsgrad: v's maximum so far under
// the root
class TESSERA_DL_API adam : public optimizer {
public:
    // Throws value_error for negative numbers and betas outside [0, 1).
    explicit adam(const adam_options& options);

protected:
    array update(std::size_t i, array parameter, const array& gradient) override;
    void begin(std::size_t n) override {
        first_.resize(n);
        second_.resize(n);
        greatest_.resize(n);
    }

private:
    adam_options options_;
    std::vector<array> first_, second_, greatest_;
};

}  // namespace tessera::dl
