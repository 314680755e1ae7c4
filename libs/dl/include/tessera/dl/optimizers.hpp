// The optimisers. Formulas and defaults are PyTorch's; p is the parameter, g its gradient, t the step from 1, rate the
// learning rate. Where weight_decay is named without more, it begins with g += weight_decay p. Constructors throw
// value_error for numbers out of range.
#pragma once

#include "tessera/dl/optimizer.hpp"

namespace tessera::dl {

struct sgd_options {
    double learning_rate = 1e-3;
    double momentum = 0;
    double dampening = 0;
    double weight_decay = 0;
    bool nesterov = false;  // needs momentum, and no dampening
};

// v = momentum v + (1 - dampening) g, from v = g;  p -= rate (nesterov ? g + momentum v : v)
class TESSERA_DL_API sgd : public optimizer {
public:
    explicit sgd(const sgd_options& options);

protected:
    std::size_t state_arrays() const override;
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    sgd_options options_;
};

struct adam_options {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
    bool amsgrad = false;
};

// m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
// p -= rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon);  amsgrad: v's maximum so far under the root
class TESSERA_DL_API adam : public optimizer {
public:
    explicit adam(const adam_options& options);

protected:
    adam(std::string_view name, const adam_options& options, bool decoupled);
    std::size_t state_arrays() const override;
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    adam_options options_;
    bool decoupled_;  // the decay of weights is no part of the gradient
};

struct adamw_options {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 1e-2;
    bool amsgrad = false;
};

// p -= rate weight_decay p, then as adam without decay.
class TESSERA_DL_API adamw : public adam {
public:
    explicit adamw(const adamw_options& options);
};

struct adamax_options {
    double learning_rate = 2e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
};

// m as adam;  u = max(beta2 u, |g| + epsilon);  p -= rate / (1 - beta1^t) m / u
class TESSERA_DL_API adamax : public optimizer {
public:
    explicit adamax(const adamax_options& options);

protected:
    std::size_t state_arrays() const override { return 2; }
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    adamax_options options_;
};

struct nadam_options {
    double learning_rate = 2e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
    double momentum_decay = 4e-3;
};

// m, v as adam;  mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2);  w = sqrt(v / (1 - beta2^t)) + epsilon
// p -= rate (1 - mu_t) / (1 - mu_1 ... mu_t) g / w + rate mu_(t+1) / (1 - mu_1 ... mu_t mu_t mu_(t+1)) m / w
// (mu_t twice in the last product, as PyTorch 1.13 has it)
class TESSERA_DL_API nadam : public optimizer {
public:
    explicit nadam(const nadam_options& options);

protected:
    std::size_t state_arrays() const override { return 2; }
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    nadam_options options_;
    double product_ = 1;              // of mu so far
    std::int64_t multiplied_to_ = 0;  // the step whose mu is the last in it
};

struct radam_options {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
};

// m, v as adam; n = 2 / (1 - beta2) - 1;  n_t = n - 2 t beta2^t / (1 - beta2^t)
// p -= rate m / (1 - beta1^t) r sqrt(1 - beta2^t) / (sqrt(v) + epsilon)   where n_t > 5,
//      r^2 = (n_t - 4) (n_t - 2) n / ((n - 4) (n - 2) n_t);      p -= rate m / (1 - beta1^t)   before
class TESSERA_DL_API radam : public optimizer {
public:
    explicit radam(const radam_options& options);

protected:
    std::size_t state_arrays() const override { return 2; }
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    radam_options options_;
};

struct rmsprop_options {
    double learning_rate = 1e-2;
    double alpha = 0.99;
    double epsilon = 1e-8;
    double weight_decay = 0;
    double momentum = 0;
    bool centered = false;
};

// s = alpha s + (1 - alpha) g^2;  centered: a = alpha a + (1 - alpha) g, s - a^2 under the root
// b = momentum b + g / (sqrt(s) + epsilon);  p -= rate b
class TESSERA_DL_API rmsprop : public optimizer {
public:
    explicit rmsprop(const rmsprop_options& options);

protected:
    std::size_t state_arrays() const override;
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    rmsprop_options options_;
};

struct adagrad_options {
    double learning_rate = 1e-2;
    double learning_rate_decay = 0;
    double weight_decay = 0;
    double initial_accumulator = 0;
    double epsilon = 1e-10;
};

// s += g^2, from initial_accumulator;  p -= rate / (1 + (t - 1) learning_rate_decay) g / (sqrt(s) + epsilon)
class TESSERA_DL_API adagrad : public optimizer {
public:
    explicit adagrad(const adagrad_options& options);

protected:
    std::size_t state_arrays() const override { return 1; }
    array initial_state(std::size_t which, const array& parameter) const override;
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    adagrad_options options_;
};

struct adadelta_options {
    double learning_rate = 1;
    double rho = 0.9;
    double epsilon = 1e-6;
    double weight_decay = 0;
};

// s = rho s + (1 - rho) g^2;  d = sqrt(a + epsilon) / sqrt(s + epsilon) g;  a = rho a + (1 - rho) d^2;  p -= rate d
class TESSERA_DL_API adadelta : public optimizer {
public:
    explicit adadelta(const adadelta_options& options);

protected:
    std::size_t state_arrays() const override { return 2; }
    std::vector<double> numbers() override;
    std::vector<array> update(const turn&) const override;

private:
    adadelta_options options_;
};

struct rprop_options {
    double learning_rate = 1e-2;  // the first step of every element
    double shrink = 0.5;          // of an element's step where its gradient turned
    double grow = 1.2;            // and where it did not
    double smallest_step = 1e-6;
    double largest_step = 50;
};

// The step d of an element grows or shrinks with the sign of g g_before; where it turned, g counts as 0. p -= sign(g) d
class TESSERA_DL_API rprop : public optimizer {
public:
    explicit rprop(const rprop_options& options);

protected:
    std::size_t state_arrays() const override { return 2; }
    array initial_state(std::size_t which, const array& parameter) const override;
    std::vector<double> numbers() override { return {}; }
    std::vector<array> update(const turn&) const override;

private:
    rprop_options options_;
};

}  // namespace tessera::dl
