// The loops of tessera/simd alone: time per element, in L2 (n = 1e5) and in memory (n = 1e7).
//     bench_simd --benchmark_filter=tanh        TESSERA_SIMD_TARGET=AVX2 bench_simd
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "tessera/dtype/scalar_rules.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/simd/loops.hpp"
#include "tessera/simd/loops_reduce.hpp"
#include "tessera/simd/targets.hpp"

namespace {

using namespace tessera;
using namespace tessera::simd;

// Memory for n elements, of values in (0, 8).
std::vector<std::byte> values(dtype d, std::size_t n) {
    std::vector<std::byte> bytes(n * item_size(d));
    std::vector<float> numbers(n);
    for (std::size_t i = 0; i < n; ++i) numbers[i] = static_cast<float>(i * 7919 % 7993 + 1) * 1e-3F;
    const operand in{numbers.data(), 1};
    find_cast(f32, d)(bytes.data(), 1, &in, n);
    return bytes;
}

void per_element(benchmark::State& state, std::size_t n) {
    state.counters["ns/element"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(n) * 1e-9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void element_wise(benchmark::State& state, scalar_code code, dtype d, std::ptrdiff_t second_stride) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const auto a = values(d, n), b = values(d, n), condition = values(boolean, n);
    std::vector<std::byte> out(n * item_size(result_dtype(code, d)));
    operand in[3] = {{a.data(), 1}, {b.data(), second_stride}, {b.data(), 1}};
    if (code == scalar_code::select) in[0] = {condition.data(), 1}, in[1] = {a.data(), 1};
    for (auto _ : state) {
        find_loop(code, d)(out.data(), 1, in, n);
        benchmark::ClobberMemory();
    }
    per_element(state, n);
}

void conversion(benchmark::State& state, dtype from, dtype to) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const auto a = values(from, n);
    std::vector<std::byte> out(n * item_size(to));
    const operand in{a.data(), 1};
    for (auto _ : state) {
        find_cast(from, to)(out.data(), 1, &in, n);
        benchmark::ClobberMemory();
    }
    per_element(state, n);
}

void reduction(benchmark::State& state, reduce_code code, dtype d) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const auto a = values(d, n);
    alignas(16) std::byte acc[16];
    for (auto _ : state) {
        find_reduce_row(code, d)(acc, {a.data(), 1}, n);
        benchmark::DoNotOptimize(acc);
    }
    per_element(state, n);
}

void columns(benchmark::State& state, reduce_code code, dtype d, std::size_t rows, std::size_t count) {
    const auto a = values(d, rows * count);
    std::vector<std::byte> acc(16 * count);
    for (auto _ : state) {
        find_reduce_columns(code, d)(acc.data(), a.data(), static_cast<std::ptrdiff_t>(count), rows, count);
        benchmark::ClobberMemory();
    }
    per_element(state, rows * count);
}

void position(benchmark::State& state, dtype d) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const auto a = values(d, n);
    for (auto _ : state) benchmark::DoNotOptimize(find_argmax(d)({a.data(), 1}, n));
    per_element(state, n);
}

void lookup(benchmark::State& state) {
    auto code = scalar_code::add;
    for (auto _ : state) {
        benchmark::DoNotOptimize(code);
        benchmark::DoNotOptimize(find_loop(code, f32));
    }
}

template <class... Arguments> auto add(const std::string& name, Arguments... arguments) {
    return benchmark::RegisterBenchmark(name.c_str(), arguments...);
}

void register_all() {
    add("find_loop", lookup);
    for (int c = 0; c < scalar_code_count; ++c) {
        const auto code = static_cast<scalar_code>(c);
        for (int t = 0; t < dtype_count; ++t) {
            const auto d = static_cast<dtype>(t);
            if (find_loop(code, d) == nullptr) continue;
            const std::string title = std::string(name(code)) + "/" + std::string(name(d));
            auto* bench = add(title, element_wise, code, d, std::ptrdiff_t{1})->Arg(100000);
            if (d == f32) bench->Arg(100)->Arg(10000000);
        }
    }
    add("add_repeated/f32", element_wise, scalar_code::add, f32, std::ptrdiff_t{0})->Arg(100)->Arg(100000);
    for (int from = 0; from < dtype_count; ++from) {
        for (int to = 0; to < dtype_count; ++to) {
            const auto a = static_cast<dtype>(from), b = static_cast<dtype>(to);
            add("cast/" + std::string(name(a)) + "/" + std::string(name(b)), conversion, a, b)->Arg(100000);
        }
    }
    const char* names[] = {"sum", "product", "maximum", "minimum", "any", "all"};
    for (int c = 0; c < reduce_code_count; ++c) {
        for (int t = 0; t < dtype_count; ++t) {
            const auto code = static_cast<reduce_code>(c);
            const auto d = static_cast<dtype>(t);
            if (find_reduce_row(code, d) == nullptr) continue;
            const std::string title = "reduce/" + std::string(names[c]) + "/" + std::string(name(d));
            auto* bench = add(title, reduction, code, d)->Arg(100000);
            if (d == f32) bench->Arg(100)->Arg(10000000);
        }
    }
    for (const auto& [rows, count] : {std::pair<std::size_t, std::size_t>{316, 316}, {10000, 1000}, {100, 1000}}) {
        add("columns/sum/f32/" + std::to_string(rows) + "x" + std::to_string(count), columns, reduce_code::sum, f32,
            rows, count);
    }
    for (int t = 0; t < dtype_count; ++t) {
        const auto d = static_cast<dtype>(t);
        if (find_argmax(d) == nullptr) continue;
        auto* bench = add("argmax/" + std::string(name(d)), position, d)->Arg(100000);
        if (d == f32) bench->Arg(10000000);
    }
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    benchmark::AddCustomContext("simd target", std::string(active_target()));
    register_all();
    benchmark::RunSpecifiedBenchmarks();
}
