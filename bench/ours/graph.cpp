// Our side of the area graph: what compile makes of element-wise chains and of softmax.
#include "arrays.hpp"
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/array/views.hpp>
#include <tessera/graph/compile.hpp>

namespace {

using tessera::array;
using tessera::graph::compile;

bench::prepared tanh_of_product(std::int64_t n) {
    const auto f = compile([](const array& a, const array& b, const array& c) { return tanh(a * b + c); });
    const array a = bench::vector(n, 1), b = bench::vector(n, 2), c = bench::vector(n, 3);
    return bench::on_threads(1, bench::timed(
                                    [=] {
                                        const array y = f(a, b, c);
                                        bench::keep(y);
                                    },
                                    bench::magnitude_of(f(a, b, c))));
}

array chain(const array& x, const array& y) { return sqrt(square(x * y + 1.0) - x * 0.5 + 2.0); }

bench::prepared chain_of_six(std::int64_t n, bool compiled) {
    const array x = tessera::astype(bench::vector(n, 1), tessera::f64),
                y = tessera::astype(bench::vector(n, 2), tessera::f64);
    const auto f = compile(chain);
    return bench::on_threads(1, bench::timed(
                                    [=] {
                                        const array z = compiled ? f(x, y) : chain(x, y);
                                        bench::keep(z);
                                    },
                                    bench::magnitude_of(chain(x, y))));
}

array softmax(const array& x) {
    const array e = exp(x - max(x, -1, true));
    return e / sum(e, -1, true);
}

bench::prepared softmax_rows(std::int64_t rows, std::int64_t columns) {
    const auto f = compile(softmax);
    const array x = reshape(bench::vector(rows * columns, 1, 4.0f), {rows, columns});
    return bench::on_threads(1, bench::timed(
                                    [=] {
                                        const array y = f(x);
                                        bench::keep(y);
                                    },
                                    bench::magnitude_of(f(x))));
}

const bench::offer cases([](bench::worker& to) {
    to.add("tanh(a*b+c) n=1e7 f32", [] { return tanh_of_product(10'000'000); });
    to.add("chain6 n=4e6 f64", [] { return chain_of_six(4'000'000, true); });
    to.add("chain6 n=4e6 f64 (self)", [] { return chain_of_six(4'000'000, false); });
    to.add("softmax 10000x1000 f32", [] { return softmax_rows(10'000, 1'000); });
});

}  // namespace
