// Layers, losses and optimiser steps as a training loop calls them. One thread.
#include <benchmark/benchmark.h>
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/random.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/autograd/custom.hpp>
#include <tessera/autograd/grad.hpp>
#include <tessera/dl/activations.hpp>
#include <tessera/dl/layers.hpp>
#include <tessera/dl/losses.hpp>
#include <tessera/dl/optimizers.hpp>
#include <type_traits>
#include <vector>

namespace {

namespace dl = tessera::dl;
using tessera::array;

void linear_forward(benchmark::State& state) {
    tessera::set_threads(1);
    tessera::generator random(0);
    const dl::linear layer(state.range(0), state.range(0), random);
    const array x = tessera::ones({64, state.range(0)}, tessera::f32);
    for (auto _ : state) benchmark::DoNotOptimize(layer(x));
}

void softmax_rows(benchmark::State& state) {
    tessera::set_threads(1);
    const array x = tessera::ones({state.range(0), 1000}, tessera::f32);
    for (auto _ : state) benchmark::DoNotOptimize(dl::softmax(x));
    state.SetItemsProcessed(state.iterations() * state.range(0) * 1000);
}

void cross_entropy_with_gradient(benchmark::State& state) {
    tessera::set_threads(1);
    const array logits = tessera::ones({64, 10}, tessera::f32), labels = tessera::zeros({64}, tessera::i64);
    const auto slope = tessera::autograd::grad([&](const array& x) { return dl::cross_entropy(x, labels); });
    for (auto _ : state) benchmark::DoNotOptimize(slope(logits));
}

template <class Optimizer, class Options>
void optimizer_step(benchmark::State& state, std::type_identity<Optimizer>, const Options& options) {
    Optimizer optimizer(options);
    tessera::set_threads(1);
    array parameter = tessera::ones({state.range(0)}, tessera::f32);
    const array gradient = tessera::full({state.range(0)}, 1e-3, tessera::f32);
    for (auto _ : state) optimizer.step(parameter, gradient);
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

// 24 layers of width 512 on a batch of 1024, forward and backward: what is in memory at most besides model and batch,
// with everything remembered and with groups of three layers computed again.
using layers = std::vector<dl::linear>;

array group(const layers& part, array x) {
    for (const dl::linear& layer : part) x = dl::gelu(layer(x));
    return x;
}

void deep_mlp(benchmark::State& state, bool checkpointed) {
    tessera::set_threads(1);
    tessera::generator random(0);
    layers model;
    for (int i = 0; i < 24; ++i) model.emplace_back(512, 512, random);
    const array x = tessera::normal(random.next(), {1024, 512}, tessera::f32);
    const auto again = tessera::autograd::checkpoint(group);
    const auto loss = [&](const layers& m) {
        array h = x;
        for (auto first = m.begin(); first != m.end(); first += 3) {
            const layers part(first, first + 3);
            h = checkpointed ? again(part, h) : group(part, h);
        }
        return tessera::mean(tessera::square(h));
    };
    const auto slope = tessera::autograd::value_and_grad(loss);
    std::size_t peak = 0;
    for (auto _ : state) {
        const std::size_t before = tessera::cpu_memory::current().in_use_bytes;
        tessera::cpu_memory::reset_peak();
        benchmark::DoNotOptimize(slope(model));
        peak = tessera::cpu_memory::current().peak_bytes - before;
    }
    state.counters["peak_MB"] = static_cast<double>(peak) / 1e6;
}

BENCHMARK(linear_forward)->Arg(64)->Arg(512);
BENCHMARK(softmax_rows)->Arg(10)->Arg(10'000);
BENCHMARK(cross_entropy_with_gradient);
BENCHMARK_CAPTURE(optimizer_step, sgd, std::type_identity<dl::sgd>(), dl::sgd_options{.learning_rate = 1e-3})
    ->Arg(100)
    ->Arg(400'000);
BENCHMARK_CAPTURE(optimizer_step, sgd_momentum, std::type_identity<dl::sgd>(),
                  dl::sgd_options{.learning_rate = 1e-3, .momentum = 0.9})
    ->Arg(400'000);
BENCHMARK_CAPTURE(optimizer_step, adam, std::type_identity<dl::adam>(), dl::adam_options{})->Arg(100)->Arg(400'000);
BENCHMARK_CAPTURE(deep_mlp, plain, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(deep_mlp, checkpointed, true)->Unit(benchmark::kMillisecond);

}  // namespace
