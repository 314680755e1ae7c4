// Our side of the area matmul.
#include "arrays.hpp"
#include <string>
#include <tessera/linalg/matmul.hpp>

namespace {

template <class T> bench::prepared square(std::int64_t n) {
    const auto count = static_cast<std::size_t>(n * n);
    const auto a = bench::from(bench::values<T>(count, 1), {n, n});
    const auto b = bench::from(bench::values<T>(count, 2), {n, n});
    const auto out = tessera::zeros({n, n}, a.dtype());
    return bench::on_threads(1, bench::timed([=] { tessera::matmul(a, b, out); }, bench::magnitude_of(out)));
}

const bench::offer cases([](bench::worker& to) {
    for (const std::int64_t n : {256, 512, 1024, 2048}) {
        to.add("sgemm " + std::to_string(n), [n] { return square<float>(n); });
        to.add("dgemm " + std::to_string(n), [n] { return square<double>(n); });
    }
});

}  // namespace
