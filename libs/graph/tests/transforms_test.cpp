// vmap, variables, custom derivatives and checkpoints together with compile.
#include <gtest/gtest.h>

#include "expect.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/autograd/autograd.hpp"
#include "tessera/graph/compile.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::graph {
namespace {

using namespace autograd;

array numbers(const dims& shape) { return reshape(sin(arange(0, element_count(shape).value(), 1, f64)), shape); }
array one_loss(const array& w, const array& x) { return sum(square(tanh(matmul(x, w)))); }
const array w = numbers({4, 3}), rows = numbers({5, 4});

TEST(compile_of_vmap, is_vmap) {
    const auto each = vmap(grad(one_loss), {none, 0});
    expect_same(compile(each)(w, rows), each(w, rows), 1e-14);
}

TEST(vmap_of_compile, is_vmap) {
    const auto c = compile(one_loss);
    expect_same(vmap(c, {none, 0})(w, rows), vmap(one_loss, {none, 0})(w, rows), 1e-14);
    expect_same(vmap(grad(c), {none, 0})(w, rows), vmap(grad(one_loss), {none, 0})(w, rows), 1e-14);
    expect_same(grad([&](const array& v) {
                    return sum(vmap(c, {none, 0})(v, rows));
                })(w),
                grad([&](const array& v) {
                    return sum(vmap(one_loss, {none, 0})(v, rows));
                })(w),
                1e-14);
}

TEST(compile_of_jacobian, is_the_jacobian) {
    const auto f = [](const array& x) { return sin(matmul(x, w)); };
    const array x = numbers({4});
    expect_same(compile(jacobian(f))(x), jacobian(f)(x), 1e-14);
    expect_same(compile(hessian([&](const array& v) { return sum(f(v)); }))(x),
                hessian([&](const array& v) { return sum(f(v)); })(x), 1e-14);
}

TEST(compiled_function, reads_the_variables_it_closes_over_at_each_call) {
    variable scale(array(2.0));
    const auto f = compile([&](const array& x) { return sum(scale * x); });
    const array x = numbers({3});
    expect_same(f(x), sum(2.0 * x), 1e-15);
    scale.set(5.0);
    expect_same(f(x), sum(5.0 * x), 1e-15);
    backward(f(x));
    expect_same(scale.grad(), sum(x), 1e-15);
}

TEST(compile_of_checkpoint, gives_the_same_and_keeps_less) {
    const auto deep = [](const array& p, const array& x) {
        array y = x;
        for (int i = 0; i < 6; ++i) y = tanh(matmul(y, p));
        return y;
    };
    const array p = numbers({64, 64}) * 0.1, x = numbers({128, 64});
    const auto plain = [&](const array& v) { return sum(square(deep(v, deep(v, deep(v, x))))); };
    const auto f = checkpoint(deep);
    const auto again = [&](const array& v) { return sum(square(f(v, f(v, f(v, x))))); };
    const auto a = compile(grad(plain));
    const auto b = compile(grad(again));
    expect_same(b(p), a(p), 1e-13);
    expect_same(grad(again)(p), a(p), 1e-13);
    expect_same(grad(compile(again))(p), a(p), 1e-13);
    EXPECT_LT(b.statistics().peak_bytes, a.statistics().peak_bytes);
}

}  // namespace
}  // namespace tessera::graph
