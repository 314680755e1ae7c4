// Array ops over sizes: the cost of a call at n = 1 to 100, caches in between, memory at 1e7. One thread.
#include <benchmark/benchmark.h>
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/array/views.hpp>

namespace {

using tessera::array;

array values(std::int64_t n) { return tessera::full({n}, 0.75, tessera::f32); }

void report(benchmark::State& state, std::int64_t n, std::int64_t bytes_per_element) {
    state.SetItemsProcessed(state.iterations() * n);
    state.SetBytesProcessed(state.iterations() * n * bytes_per_element);
}

using binary_out = void (*)(const array&, const array&, const array&);
using unary_out = void (*)(const array&, const array&);

template <binary_out Function> void binary_into(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = values(n), b = values(n), out = values(n);
    for (auto _ : state) Function(a, b, out);
    report(state, n, 12);
}

template <unary_out Function> void unary_into(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = values(n), out = values(n);
    for (auto _ : state) Function(a, out);
    report(state, n, 8);
}

void add_new(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = values(n), b = values(n);
    for (auto _ : state) benchmark::DoNotOptimize(a + b);
    report(state, n, 12);
}

void sum_all(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = values(n);
    for (auto _ : state) benchmark::DoNotOptimize(tessera::sum(a));
    report(state, n, 4);
}

// A column over a matrix: one operand with stride 0.
void add_broadcast(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = tessera::full({n, n}, 0.5, tessera::f32), column = tessera::full({n, 1}, 0.5, tessera::f32);
    const array out = tessera::zeros({n, n}, tessera::f32);
    for (auto _ : state) tessera::add(a, column, out);
    report(state, n * n, 8);
}

void add_transposed(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = tessera::full({n, n}, 0.5, tessera::f32), b = tessera::permute_dims(a, {1, 0});
    const array out = tessera::zeros({n, n}, tessera::f32);
    for (auto _ : state) tessera::add(a, b, out);
    report(state, n * n, 12);
}

void sizes(benchmark::internal::Benchmark* test) {
    for (const int n : {1, 100, 1000, 100'000, 10'000'000}) test->Arg(n);
}

BENCHMARK(add_new)->Apply(sizes);
BENCHMARK_TEMPLATE(binary_into, tessera::add)->Name("add_out")->Apply(sizes);
BENCHMARK_TEMPLATE(binary_into, tessera::divide)->Name("divide_out")->Apply(sizes);
BENCHMARK_TEMPLATE(unary_into, tessera::exp)->Name("exp_out")->Apply(sizes);
BENCHMARK_TEMPLATE(unary_into, tessera::tanh)->Name("tanh_out")->Apply(sizes);
BENCHMARK_TEMPLATE(unary_into, tessera::sin)->Name("sin_out")->Apply(sizes);
BENCHMARK(sum_all)->Apply(sizes);
BENCHMARK(add_broadcast)->Arg(100)->Arg(1000);
BENCHMARK(add_transposed)->Arg(100)->Arg(1000);

}  // namespace
