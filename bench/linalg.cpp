// Products of matrices: large ones, batches of small ones, transposed operands. One thread.
#include <benchmark/benchmark.h>
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>
#include <tessera/array/views.hpp>
#include <tessera/linalg/matmul.hpp>

namespace {

using tessera::array;

void report(benchmark::State& state, std::int64_t multiplications) {
    state.counters["flop"] =
        benchmark::Counter(2.0 * static_cast<double>(multiplications), benchmark::Counter::kIsIterationInvariantRate);
}

void square(benchmark::State& state, tessera::dtype t) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = tessera::full({n, n}, 0.5, t), b = tessera::full({n, n}, 0.25, t), out = tessera::zeros({n, n}, t);
    for (auto _ : state) tessera::matmul(a, b, out);
    report(state, n * n * n);
}

void transposed(benchmark::State& state) {
    tessera::set_threads(1);
    const auto n = state.range(0);
    const array a = tessera::full({n, n}, 0.5, tessera::f32), out = tessera::zeros({n, n}, tessera::f32);
    const array b = tessera::matrix_transpose(tessera::full({n, n}, 0.25, tessera::f32));
    for (auto _ : state) tessera::matmul(a, b, out);
    report(state, n * n * n);
}

void batched(benchmark::State& state) {
    tessera::set_threads(1);
    const auto batch = state.range(0), n = state.range(1);
    const array a = tessera::full({batch, n, n}, 0.5, tessera::f32), b = tessera::full({n, n}, 0.25, tessera::f32);
    for (auto _ : state) benchmark::DoNotOptimize(tessera::matmul(a, b));
    report(state, batch * n * n * n);
}

BENCHMARK_CAPTURE(square, f32, tessera::f32)->RangeMultiplier(4)->Range(8, 2048);
BENCHMARK_CAPTURE(square, f64, tessera::f64)->RangeMultiplier(4)->Range(8, 2048);
BENCHMARK_CAPTURE(square, i32, tessera::i32)->Arg(256);
BENCHMARK_CAPTURE(square, bf16, tessera::bf16)->Arg(256);
BENCHMARK(transposed)->Arg(64)->Arg(512);
BENCHMARK(batched)->Args({10'000, 4})->Args({1000, 32});

}  // namespace
