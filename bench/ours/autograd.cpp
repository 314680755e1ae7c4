// Our side of the area autograd.
#include "arrays.hpp"
#include <tessera/array/elementwise.hpp>
#include <tessera/array/reductions.hpp>
#include <tessera/autograd/grad.hpp>

namespace {

using tessera::array;

// One call is one product within a chain of 100, forward and backward.
bench::prepared product_forward_backward(std::int64_t n) {
    constexpr int length = 100;
    const auto chain = [](const array& x) {
        array y = x;
        for (int i = 0; i < length; ++i) y = y * x;
        return tessera::sum(y);
    };
    const auto slope = tessera::autograd::grad(chain);
    const array x = tessera::full({n}, 0.999, tessera::f32);
    auto made = bench::on_threads(1, bench::timed(
                                         [=] {
                                             const array g = slope(x);
                                             bench::keep(g);
                                         },
                                         bench::magnitude_of(slope(x))));
    made.seconds = bench::per_link(made.seconds, length);
    return made;
}

const bench::offer cases([](bench::worker& to) {
    to.add("mul fwd+bwd n=100", [] { return product_forward_backward(100); });
});

}  // namespace
