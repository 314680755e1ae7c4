// libtorch's C++ API: eager, one thread, as a careful user would write it (out= where there is one, no autograd where
// none is wanted).
#include "../worker/inputs.hpp"
#include "../worker/worker.hpp"
#include <ATen/Parallel.h>
#include <torch/torch.h>
#include <torch/version.h>

namespace {

using bench::keep;
using bench::prepared;
using bench::timed;

torch::Tensor tensor(std::vector<float> values, at::IntArrayRef shape) {
    return torch::from_blob(values.data(), shape, torch::kFloat32).clone();
}

torch::Tensor vector(std::int64_t n, std::uint32_t seed, float scale = 1.0f) {
    return tensor(bench::values(static_cast<std::size_t>(n), seed, scale), {n});
}

std::function<double()> magnitude_of(torch::Tensor t) {
    return [t] { return t.to(torch::kFloat64).abs().mean().item<double>(); };
}

prepared add_out(std::int64_t n) {
    auto out = torch::empty({n});
    return timed(
        [a = vector(n, 1), b = vector(n, 2), out]() mutable {
            const c10::InferenceMode mode;
            at::add_out(out, a, b);
        },
        magnitude_of(out));
}

prepared add_new(std::int64_t n) {
    const auto a = vector(n, 1), b = vector(n, 2);
    return timed(
        [a, b] {
            const c10::InferenceMode mode;
            auto r = a + b;
            keep(r);
        },
        magnitude_of(a + b));
}

prepared sum(std::int64_t n) {
    const auto a = tensor(bench::fractions(static_cast<std::size_t>(n), 1), {n});
    return timed(
        [a] {
            const c10::InferenceMode mode;
            auto r = a.sum();
            keep(r);
        },
        [a] { return a.sum().item<double>(); });
}

template <torch::Tensor& (*Function)(torch::Tensor&, const torch::Tensor&)> prepared unary_out(std::int64_t n) {
    auto out = torch::empty({n});
    return timed(
        [a = vector(n, 1, 4.0f), out]() mutable {
            const c10::InferenceMode mode;
            Function(out, a);
        },
        magnitude_of(out));
}

// One call is one product within a chain of 100, which spreads the engine's start over them.
prepared product_forward_backward(std::int64_t n) {
    constexpr int length = 100;
    auto x = torch::full({n}, 0.999f, torch::requires_grad());
    prepared made = timed(
        [x]() mutable {
            x.mutable_grad() = torch::Tensor();
            auto y = x;
            for (int i = 0; i < length; ++i) y = y * x;
            y.sum().backward();
        },
        [x] { return x.grad().abs().mean().item<double>(); });
    made.seconds = bench::per_link(made.seconds, length);
    return made;
}

template <class F> prepared inference(const F& f) {
    return timed(
        [f] {
            const c10::InferenceMode mode;
            auto r = f();
            keep(r);
        },
        magnitude_of(f()));
}

prepared tanh_of_product(std::int64_t n) {
    const auto a = tensor(bench::values(static_cast<std::size_t>(n), 1), {n}),
               b = tensor(bench::values(static_cast<std::size_t>(n), 2), {n}),
               c = tensor(bench::values(static_cast<std::size_t>(n), 3), {n});
    return inference([=] { return torch::tanh(a * b + c); });
}

prepared softmax_rows(std::int64_t rows, std::int64_t columns) {
    const auto x = tensor(bench::values(static_cast<std::size_t>(rows * columns), 1, 4.0f), {rows, columns});
    return inference([=] { return torch::softmax(x, 1); });
}

// Logistic regression: mean binary cross entropy of 64 samples with 20 features, one SGD step.
prepared logistic_step() {
    const auto x = tensor(bench::values(64 * 20, 1), {64, 20});
    auto numbers = bench::labels(64, 2, 2);
    const auto y = torch::from_blob(numbers.data(), {64}, torch::kInt64).to(torch::kFloat32).clone();
    auto w = torch::zeros({20}, torch::requires_grad());
    auto loss = std::make_shared<torch::Tensor>();
    return timed(
        [=]() mutable {
            *loss = torch::nn::functional::binary_cross_entropy_with_logits(x.mv(w), y);
            loss->backward();
            const torch::NoGradGuard no_grad;
            w.sub_(0.1 * w.grad());
            w.mutable_grad().reset();
        },
        [loss] { return loss->item<double>(); });
}

template <class Optimizer> prepared mlp_step(std::int64_t batch, double rate) {
    torch::nn::Sequential model(torch::nn::Linear(784, 512), torch::nn::ReLU(), torch::nn::Linear(512, 512),
                                torch::nn::ReLU(), torch::nn::Linear(512, 10));
    {
        const torch::NoGradGuard no_grad;
        std::uint32_t seed = 10;
        for (auto& p : model->parameters()) {
            const float scale = p.dim() == 2 ? 1.0f / std::sqrt(static_cast<float>(p.size(1))) : 0.0f;
            p.copy_(tensor(bench::values(static_cast<std::size_t>(p.numel()), seed++, scale), p.sizes()));
        }
    }
    const auto x = tensor(bench::values(static_cast<std::size_t>(batch * 784), 1), {batch, 784});
    auto numbers = bench::labels(static_cast<std::size_t>(batch), 2, 10);
    const auto y = torch::from_blob(numbers.data(), {batch}, torch::kInt64).clone();
    auto by = std::make_shared<Optimizer>(model->parameters(), rate);
    auto loss = std::make_shared<torch::Tensor>();
    return timed(
        [=]() mutable {
            by->zero_grad();  // dropping the gradients instead was 6 % slower
            *loss = torch::nn::functional::cross_entropy(model->forward(x), y);
            loss->backward();
            by->step();
        },
        [loss] { return loss->item<double>(); });
}

}  // namespace

int main() {
    at::set_num_threads(1);
    bench::worker worker("libtorch " TORCH_VERSION ", BLAS " + bench::loaded_library("blas"));
    worker.add("add_out n=100 f32", [] { return add_out(100); });
    worker.add("add n=100 f32", [] { return add_new(100); });
    worker.add("sum n=100 f32", [] { return sum(100); });
    worker.add("add_out n=1e7 f32", [] { return add_out(10'000'000); });
    worker.add("tanh n=1e7 f32", [] { return unary_out<at::tanh_out>(10'000'000); });
    worker.add("exp n=1e5 f32", [] { return unary_out<at::exp_out>(100'000); });
    worker.add("sum n=1e7 f32", [] { return sum(10'000'000); });
    worker.add("sum n=1e5 f32", [] { return sum(100'000); });
    worker.add("mul fwd+bwd n=100", [] { return product_forward_backward(100); });
    worker.add("mlp 784-512-512-10 b64 step", [] { return mlp_step<torch::optim::SGD>(64, 0.01); });
    worker.add("mlp b64 step eager", [] { return mlp_step<torch::optim::SGD>(64, 0.01); });
    worker.add("mlp b64 step compiled", [] { return mlp_step<torch::optim::SGD>(64, 0.01); });
    worker.add("mlp b256 step compiled", [] { return mlp_step<torch::optim::SGD>(256, 0.01); });
    worker.add("mlp b64 step with adam", [] { return mlp_step<torch::optim::Adam>(64, 1e-3); });
    worker.add("logistic 64x20 step eager", [] { return logistic_step(); });
    worker.add("logistic 64x20 step compiled", [] { return logistic_step(); });
    worker.add("tanh(a*b+c) n=1e7 f32", [] { return tanh_of_product(10'000'000); });
    worker.add("softmax 10000x1000 f32", [] { return softmax_rows(10'000, 1'000); });
    return worker.serve();
}
