// What a derivative costs beside the values it comes from, from tiny arrays to large ones. One thread.
#include <benchmark/benchmark.h>
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/autograd/autograd.hpp>

namespace {

using tessera::array;
namespace autograd = tessera::autograd;

array numbers(const benchmark::State& state) {
    tessera::set_threads(1);
    return tessera::full({state.range(0)}, 0.999, tessera::f32);
}

void product(benchmark::State& state) {
    const array a = numbers(state), b = numbers(state);
    for (auto _ : state) benchmark::DoNotOptimize(a * b);
}

// One product forward, two backward.
void product_vjp(benchmark::State& state) {
    const std::pair both{numbers(state), numbers(state)};
    const array ct = numbers(state);
    for (auto _ : state) {
        const auto [value, pullback] = autograd::vjp([](const array& a, const array& b) { return a * b; }, both);
        benchmark::DoNotOptimize(pullback(ct));
    }
}

// One product forward, one backward.
void product_with_a_constant_vjp(benchmark::State& state) {
    const array a = numbers(state), b = numbers(state), ct = numbers(state);
    for (auto _ : state) {
        const auto [value, pullback] = autograd::vjp([&](const array& x) { return x * b; }, a);
        benchmark::DoNotOptimize(pullback(ct));
    }
}

void product_jvp(benchmark::State& state) {
    const array a = numbers(state), b = numbers(state), v = numbers(state);
    for (auto _ : state) benchmark::DoNotOptimize(autograd::jvp([&](const array& x) { return x * b; }, a, v));
}

void sum_of_squares_grad(benchmark::State& state) {
    const array x = numbers(state);
    const auto slope = autograd::value_and_grad([](const array& v) { return tessera::sum(v * v); });
    for (auto _ : state) benchmark::DoNotOptimize(slope(x));
}

// A long trace, where start and end do not matter; per op.
constexpr int length = 100;
array chain(const array& x) {
    array y = x;
    for (int i = 0; i < length; ++i) y = y * x;
    return tessera::sum(y);
}
void chain_of_products(benchmark::State& state) {
    const array x = numbers(state);
    for (auto _ : state) benchmark::DoNotOptimize(chain(x));
    state.SetItemsProcessed(state.iterations() * length);
}
void chain_of_products_grad(benchmark::State& state) {
    const array x = numbers(state);
    const auto slope = autograd::grad(chain);
    for (auto _ : state) benchmark::DoNotOptimize(slope(x));
    state.SetItemsProcessed(state.iterations() * length);
}

BENCHMARK(product)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(product_vjp)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(product_with_a_constant_vjp)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(product_jvp)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(sum_of_squares_grad)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(chain_of_products)->Arg(1)->Arg(100)->Arg(1000)->Arg(100'000);
BENCHMARK(chain_of_products_grad)->Arg(1)->Arg(100)->Arg(1000)->Arg(100'000);

}  // namespace
