// Our side of the areas small, elementwise and contention.
#include "arrays.hpp"
#include <string>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>

namespace {

using bench::keep;
using bench::on_threads;
using bench::prepared;
using bench::timed;
using tessera::array;

using unary_out = void (*)(const array&, const array&);

prepared add_out(std::int64_t n, int threads) {
    const array out = tessera::zeros({n}, tessera::f32);
    return on_threads(threads,
                      timed([a = bench::vector(n, 1), b = bench::vector(n, 2), out] { tessera::add(a, b, out); },
                            bench::magnitude_of(out)));
}

prepared add_new(std::int64_t n) {
    const array a = bench::vector(n, 1), b = bench::vector(n, 2);
    return on_threads(1, timed(
                             [a, b] {
                                 const array r = a + b;
                                 keep(r);
                             },
                             bench::magnitude_of(a + b)));
}

template <unary_out Function> prepared apply_out(std::int64_t n, int threads) {
    const array out = tessera::zeros({n}, tessera::f32);
    return on_threads(threads,
                      timed([a = bench::vector(n, 1, 4.0f), out] { Function(a, out); }, bench::magnitude_of(out)));
}

prepared sum(std::int64_t n, int threads) {
    const array a = bench::from(bench::fractions(static_cast<std::size_t>(n), 1), {n});
    return on_threads(threads, timed(
                                   [a] {
                                       const array r = tessera::sum(a);
                                       keep(r);
                                   },
                                   [a] { return tessera::sum(a).item<double>(); }));
}

constexpr std::int64_t large = 10'000'000;

// Two threads against one of the same operation; the area contention runs them beside a busy process.
void add_thread_pair(bench::worker& to, const std::string& name, prepared (*make)(std::int64_t, int)) {
    for (const std::string situation : {"", " busy"}) {
        to.add(name + " n=1e7 f32 threads=2" + situation, [make] { return make(large, 2); });
        to.add(name + " n=1e7 f32 threads=2" + situation + " (self)", [make] { return make(large, 1); });
    }
}

const bench::offer cases([](bench::worker& to) {
    to.add("add_out n=100 f32", [] { return add_out(100, 1); });
    to.add("add n=100 f32", [] { return add_new(100); });
    to.add("sum n=100 f32", [] { return sum(100, 1); });
    to.add("add_out n=1e7 f32", [] { return add_out(large, 1); });
    to.add("add new/out n=1e7 f32", [] { return add_new(large); });
    to.add("add new/out n=1e7 f32 (self)", [] { return add_out(large, 1); });
    to.add("tanh n=1e7 f32", [] { return apply_out<tessera::tanh>(large, 1); });
    to.add("exp n=1e5 f32", [] { return apply_out<tessera::exp>(100'000, 1); });
    to.add("sum n=1e7 f32", [] { return sum(large, 1); });
    to.add("sum n=1e5 f32", [] { return sum(100'000, 1); });
    add_thread_pair(to, "add", add_out);
    add_thread_pair(to, "tanh", apply_out<tessera::tanh>);
    add_thread_pair(to, "sum", sum);
});

}  // namespace
