// Derivatives that the user gives, and functions computed again on the way back.
#include "tessera/autograd/custom.hpp"

#include "expect.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/manipulation.hpp"

namespace tessera::autograd {

namespace {

// x^2, whose slope claims to be 10 x: rules that are used show.
const auto bent_vjp = custom_vjp([](const array& x) { return x * x; },
                                 [](const array& x, const array&, const array& ct) { return ct * x * 10.0; });
const auto bent_jvp = custom_jvp([](const array& x) { return x * x; },
                                 [](const array& x, const array&, const array& dx) { return dx * x * 10.0; });

}  // namespace

TEST(custom_vjp, is_used_in_both_modes) {
    expect_values(bent_vjp(vec({3})), {9});
    expect_values(grad([](const array& x) { return sum(bent_vjp(x)); })(vec({1, 2})), {10, 20});
    const auto forward = jvp(bent_vjp, vec({1, 2}), vec({1, 10}));
    expect_values(forward.value, {1, 4});
    expect_values(forward.tangent, {10, 200});
}

TEST(custom_jvp, is_used_in_both_modes) {
    expect_values(bent_jvp(vec({3})), {9});
    expect_values(jvp(bent_jvp, vec({1, 2}), vec({1, 10})).tangent, {10, 200});
    expect_values(grad([](const array& x) { return sum(bent_jvp(x)); })(vec({1, 2})), {10, 20});
}

TEST(custom_vjp, is_differentiated_itself_for_higher_orders) {
    for (const auto& f : {std::function<array(const array&)>(bent_vjp), std::function<array(const array&)>(bent_jvp)}) {
        expect_values(grad(grad(f))(3.0), {10});
        expect_values(hvp([&](const array& x) { return sum(f(x)); }, vec({1, 2}), vec({1, 3})), {10, 30});
    }
}

TEST(custom_vjp, may_read_the_result) {
    const auto my_exp = custom_vjp([](const array& x) { return exp(x); },
                                   [](const array&, const array& y, const array& ct) { return ct * y; });
    expect_values(grad([&](const array& x) { return sum(my_exp(x)); })(vec({0, 1})), {1, std::exp(1.0)});
    (void)check_gradients(my_exp, vec({0.5, 1}), {.order = 2});
}

TEST(custom_vjp, of_several_arguments_and_results) {
    const auto f = custom_vjp(
        [](const array& a, const array& b) { return std::pair(a * b, a + b); },
        [](const std::tuple<array, array>& x, const std::pair<array, array>&, const std::pair<array, array>& ct) {
            const auto& [a, b] = x;
            return std::tuple(ct.first * b + ct.second, array());  // b is a constant to it
        });
    const auto loss = [&](const array& a, const array& b) {
        const auto [product, total] = f(a, b);
        return sum(product) + sum(total);
    };
    const auto [da, db] = grad(loss)(std::tuple(vec({2}), vec({5})));
    expect_values(da, {6});
    expect_values(db, {0});
}

TEST(custom_vjp, takes_integers_along) {
    const auto pick =
        custom_vjp([](const array& x, const array& i) { return take(x, i, 0); },
                   [](const std::tuple<array, array>& x, const array&, const array& ct) {
                       return std::tuple(scatter_add(ct, std::get<1>(x), 0, std::get<0>(x).extent(0)) * 2.0, array());
                   });
    const array i{2, 0};
    expect_values(grad([&](const array& x) { return sum(pick(x, i)); })(vec({1, 2, 3})), {2, 0, 2});
}

TEST(custom_vjp, is_batched_with_its_derivative) {
    const array rows{{1.0, 2.0}, {3.0, 4.0}};
    for (const auto& f : {std::function<array(const array&)>(bent_vjp), std::function<array(const array&)>(bent_jvp)}) {
        const auto slopes = grad([&](const array& x) { return sum(f(x)); });
        expect_values(vmap(f)(rows), {1, 4, 9, 16});
        expect_values(vmap(slopes)(rows), {10, 20, 30, 40});
        expect_values(grad([&](const array& x) { return sum(vmap(f)(x)); })(rows), {10, 20, 30, 40});
        expect_values(jvp(vmap(f), rows, ones_like(rows)).tangent, {10, 20, 30, 40});
    }
}

TEST(custom_vjp, sums_over_the_batch_what_all_examples_share) {
    const auto scaled = custom_vjp([](const array& w, const array& x) { return w * x; },
                                   [](const std::tuple<array, array>& in, const array&, const array& ct) {
                                       const auto& [w, x] = in;
                                       return std::tuple(ct * x * 10.0, ct * w);
                                   });
    const array rows{{1.0, 2.0}, {3.0, 4.0}};
    const auto loss = [&](const array& w) { return sum(vmap(scaled, {none, 0})(w, rows)); };
    expect_values(grad(loss)(vec({1, 1})), {40, 60});
}

TEST(custom_vjp, refuses_what_closes_over_a_running_transform) {
    const auto f = [](const array& w) {
        const auto scaled = custom_vjp([&](const array& x) { return x * w; },
                                       [](const array&, const array&, const array& ct) { return ct; });
        return sum(scaled(w));
    };
    expect_throws<value_error>(
        [&] { (void)grad(f)(vec({1})); },
        "autograd.custom_vjp: the function uses a value of a running transform that is not among its "
        "arguments; pass it as one");
    expect_throws<value_error>([&] { (void)jvp(f, vec({1}), vec({1})); },
                               "autograd.custom_vjp: the function uses a value");
    expect_throws<value_error>([&] { (void)vmap(f)(array{{1.0}}); }, "autograd.custom_vjp: the function uses a value");
}

TEST(custom_vjp, refuses_derivatives_of_another_form) {
    const auto wrong = custom_vjp([](const array& x) { return x * x; },
                                  [](const array&, const array&, const array&) {
                                      return vec({1, 2, 3});
                                  });
    expect_throws<shape_error>(
        [&] {
            (void)grad([&](const array& x) { return sum(wrong(x)); })(vec({1, 2}));
        },
        "autograd.custom_vjp: its vjp rule gave f64 (3,) as cotangent of input 0, which is f64 (2,)");
    const auto few = custom_jvp([](const array& x) { return x * x; },
                                [](const array&, const array&, const array&) { return std::vector<array>{}; });
    expect_throws<value_error>(
        [&] {
            (void)jvp(few, vec({1, 2}), vec({1, 1}));
        },
        "autograd.custom_jvp: its jvp gave 0 arrays, where 1 are due");
}

TEST(custom_vjp, works_on_variables) {
    const variable x(vec({1, 2}));
    backward(sum(bent_vjp(x)));
    expect_values(x.grad(), {10, 20});
}

namespace {

struct layer {
    array weight, bias;
    auto fields() { return std::tie(weight, bias); }
    auto fields() const { return std::tie(weight, bias); }
};

int runs = 0;
array wide(const layer& l, const array& x) {
    ++runs;
    array y = x;
    for (int i = 0; i < 8; ++i) y = tanh(y * l.weight + l.bias);
    return y;
}

}  // namespace

TEST(checkpoint, gives_the_same_derivatives) {
    const layer l{vec({0.5, 0.7}), vec({0.1, 0.2})};
    const array x = vec({1, 2});
    const auto plain = [&](const layer& p, const array& v) { return sum(wide(p, v)); };
    const auto again = [&](const layer& p, const array& v) { return sum(checkpoint(wide)(p, v)); };
    const auto [a, da] = grad(plain)(std::tuple(l, x));
    const auto [b, db] = grad(again)(std::tuple(l, x));
    EXPECT_EQ(a.weight.to_vector<double>(), b.weight.to_vector<double>());
    EXPECT_EQ(a.bias.to_vector<double>(), b.bias.to_vector<double>());
    EXPECT_EQ(da.to_vector<double>(), db.to_vector<double>());
    const auto of_x = [&](const array& v) { return again(l, v); };
    (void)check_gradients(of_x, x, {.order = 2});
    expect_values(jvp(of_x, x, vec({1, 0})).tangent, {da.to_vector<double>()[0]});
    expect_values(vmap(grad(of_x))(reshape(x, {1, 2})), da.to_vector<double>());
}

TEST(checkpoint, runs_the_function_once_more_on_the_way_back) {
    const layer l{vec({0.5}), vec({0.1})};
    const auto made = vjp([&](const array& v) { return checkpoint(wide)(l, v); }, vec({1}));
    runs = 0;
    (void)made.pullback(vec({1}));
    EXPECT_EQ(runs, 1);
    runs = 0;
    (void)checkpoint(wide)(l, vec({1}));
    EXPECT_EQ(runs, 1);
}

TEST(checkpoint, keeps_the_arguments_alone) {
    constexpr std::size_t bytes = 1 << 20;
    const array x = full({bytes / 8}, 0.5);
    const layer l{full({}, 0.9), full({}, 0.1)};
    const auto held_by = [&](const auto& f) {
        const auto before = cpu_memory::current().in_use_bytes;
        const auto made = vjp([&](const array& v) { return f(l, f(l, v)); }, x);
        return cpu_memory::current().in_use_bytes - before;
    };
    EXPECT_GE(held_by(wide), 16 * bytes);
    EXPECT_LE(held_by(checkpoint(wide)), 3 * bytes);  // what lies between the two, and the result
}

TEST(checkpoint, refuses_what_closes_over_a_running_transform) {
    const auto f = [](const array& w) { return sum(checkpoint([&](const array& x) { return x * w; })(w)); };
    expect_throws<value_error>([&] { (void)grad(f)(vec({1})); }, "autograd.checkpoint: the function uses a value");
}

}  // namespace tessera::autograd
