// What compiled programs cost: fused chains in the caches and from memory, and the call itself. One thread.
#include <benchmark/benchmark.h>
#include <tessera/array/cpu.hpp>
#include <tessera/array/creation.hpp>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/graph/compile.hpp>

namespace {

using tessera::array;

array values(const benchmark::State& state, tessera::dtype t) {
    tessera::set_threads(1);
    return tessera::full({state.range(0)}, 0.75, t);
}

template <class Function> void run(benchmark::State& state, tessera::dtype t, Function function, int reads) {
    const auto f = tessera::graph::compile(function);
    const array a = values(state, t), b = values(state, t), c = values(state, t);
    for (auto _ : state) benchmark::DoNotOptimize(f(a, b, c));
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetBytesProcessed(state.iterations() * state.range(0) * (reads + 1) *
                            static_cast<std::int64_t>(tessera::item_size(t)));
}

void product_and_sum(benchmark::State& state) {
    run(
        state, tessera::f32, [](const array& a, const array& b, const array& c) { return a * b + c; }, 3);
}
void tanh_of_sum(benchmark::State& state) {
    run(
        state, tessera::f32, [](const array& a, const array& b, const array& c) { return tanh(a * b + c); }, 3);
}
void chain_of_six(benchmark::State& state) {
    run(
        state, tessera::f64,
        [](const array& x, const array& y, const array&) { return sqrt(square(x * y + 1.0) - x * 0.5 + 2.0); }, 2);
}
void softmax_row(benchmark::State& state) {
    run(
        state, tessera::f32,
        [](const array& x, const array&, const array&) {
            const array e = exp(x - max(x, -1, true));
            return e / sum(e, -1, true);
        },
        1);
}

BENCHMARK(product_and_sum)->Arg(10)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(tanh_of_sum)->Arg(1000)->Arg(100000)->Arg(10000000);
BENCHMARK(chain_of_six)->Arg(1000)->Arg(8000)->Arg(100000)->Arg(4000000);
BENCHMARK(softmax_row)->Arg(1000)->Arg(100000);

}  // namespace
