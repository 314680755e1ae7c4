// Variables: gradients that accumulate, scopes that record nothing, hooks, higher order, and life among transforms.
#include "tessera/autograd/variable.hpp"

#include <thread>

#include "expect.hpp"
#include "tessera/array/cpu.hpp"

namespace tessera::autograd {

TEST(variable, is_an_array_for_every_function) {
    const variable x(vec({1, 2, 3}));
    const array y = sum(x * x + exp(0.0 * x));
    EXPECT_EQ(y.item<double>(), 17.0);
    EXPECT_TRUE(x.is_leaf());
    EXPECT_TRUE(x.grad().is_null());
    backward(y);
    expect_values(x.grad(), {2, 4, 6});
}

TEST(variable, adds_gradients_up_until_they_are_zeroed) {
    variable x(vec({1, 2}));
    for (int i = 0; i < 3; ++i) backward(sum(x * x));
    expect_values(x.grad(), {6, 12});
    x.zero_grad();
    EXPECT_TRUE(x.grad().is_null());
    backward(sum(x));
    expect_values(x.grad(), {1, 1});
}

TEST(variable, copies_are_the_same_variable) {
    variable x(array(2.0));
    const variable same = x;
    const variable also(static_cast<const array&>(x));
    backward(square(x));
    EXPECT_EQ(same.grad().item<double>(), 4.0);
    x.set(5.0);
    EXPECT_EQ(also.value().item<double>(), 5.0);
}

TEST(variable, results_can_start_the_way_back) {
    const variable x(array(3.0));
    variable loss = square(x);
    EXPECT_FALSE(loss.is_leaf());
    loss.backward();
    EXPECT_EQ(x.grad().item<double>(), 6.0);
}

TEST(variable, learns_a_line) {
    const array x = linspace(0, 1, 20), y = 3.0 * x + 1.0;
    variable slope(array(0.0)), offset(array(0.0));
    for (int step = 0; step < 400; ++step) {
        slope.zero_grad();
        offset.zero_grad();
        backward(mean(square(slope * x + offset - y)));
        const no_grad frozen;
        slope -= 0.5 * slope.grad();
        offset -= 0.5 * offset.grad();
    }
    EXPECT_NEAR(slope.value().item<double>(), 3, 1e-6);
    EXPECT_NEAR(offset.value().item<double>(), 1, 1e-6);
}

TEST(backward, takes_a_cotangent_for_what_is_no_scalar) {
    const variable x(vec({1, 2, 3}));
    backward(x * x, {.cotangent = vec({1, 0, 10})});
    expect_values(x.grad(), {2, 0, 60});
}

TEST(backward, walks_twice_only_over_a_graph_that_was_kept) {
    const variable x(vec({1, 2}));
    const array y = sum(x * x);
    backward(y, {.keep_graph = true});
    backward(y);
    expect_values(x.grad(), {4, 8});
    expect_throws<value_error>(
        [&] { backward(y); },
        "backward: what array.multiply saved was given back by an earlier backward; pass keep_graph");
    expect_values(x.grad(), {4, 8});
}

TEST(backward, gives_memory_back_on_the_way) {
    cpu_memory::release_cached();
    const variable x(ones({1 << 17}));
    const array y = sum(exp(exp(exp(x * 1e-3))));
    const auto held = cpu_memory::current().in_use_bytes;
    backward(y);
    EXPECT_LT(cpu_memory::current().in_use_bytes, held);
}

TEST(backward, of_backward_gives_higher_derivatives) {
    variable x(array(2.0));
    backward(x * x * x, {.create_graph = true});
    const array slope = x.grad();  // 3 x^2, made from x
    EXPECT_EQ(slope.item<double>(), 12.0);
    x.zero_grad();
    backward(slope, {.create_graph = true});
    const array curvature = x.grad();
    EXPECT_EQ(curvature.item<double>(), 12.0);
    x.zero_grad();
    backward(curvature);
    EXPECT_EQ(x.grad().item<double>(), 6.0);
}

TEST(backward, differentiates_rules_that_read_their_own_result) {
    variable x(array(0.5));
    backward(tanh(x), {.create_graph = true});
    const array slope = x.grad();
    x.zero_grad();
    backward(slope);
    const double t = std::tanh(0.5);
    EXPECT_NEAR(x.grad().item<double>(), -2 * t * (1 - t * t), 1e-15);
}

TEST(backward, leaves_no_record_in_ordinary_gradients) {
    const variable x(array(2.0));
    backward(x * x * x);
    expect_throws<value_error>([&] { backward(x.grad()); }, "backward: f64 () was not computed from variables");
}

TEST(backward, refuses_what_has_no_gradient) {
    const variable x(vec({1, 2}));
    expect_throws<shape_error>([&] { backward(x * 2.0); },
                               "backward: takes a scalar, got f64 (2,); sum or average it, or give a cotangent");
    expect_throws<value_error>([&] { backward(array(1.0)); }, "backward: f64 () was not computed from variables");
    expect_throws<value_error>([&] { backward(x.value()); }, "backward: f64 (2,) was not computed from variables");
    expect_throws<shape_error>(
        [&] {
            backward(x * 2.0, {.cotangent = vec({1, 2, 3})});
        },
        "backward: cotangent 0 is f64 (3,)");
    expect_throws<value_error>([&] { backward(array()); }, "got a null array");
    expect_throws<dtype_error>([&] { backward(sum(x * std::complex<double>(0, 1))); },
                               "backward: takes a real scalar, got c128 ()");
    EXPECT_TRUE(x.grad().is_null());
}

TEST(backward, notices_a_saved_value_that_was_overwritten) {
    const array memory = vec({1, 2});
    const variable x(memory);
    const array y = sum(x * x);
    add(vec({1, 1}), vec({1, 1}), memory);
    expect_throws<value_error>([&] { backward(y); }, "array.multiply: its input 0, f64 (2,), was overwritten");
    EXPECT_TRUE(x.grad().is_null());
}

TEST(variable, refuses_values_it_cannot_have) {
    expect_throws<dtype_error>([] { (void)variable(array{1, 2}); }, "variable: input 0 is i32 (2,), but only floats");
    expect_throws<value_error>([] { (void)variable(array()); }, "variable: input 0 is a null array");
    variable x(vec({1, 2}));
    expect_throws<shape_error>([&] { x.set(vec({1})); }, "variable: the new value 0 is f64 (1,)");
    expect_throws<dtype_error>([&] { x.set(array{1.0F, 2.0F}); }, "f32 (2,)");
    variable y = x * 2.0;
    expect_throws<value_error>(
        [&] {
            y.set(vec({1, 2}));
        },
        "variable: set: this value was computed by array.multiply; only leaves");
    expect_throws<value_error>([&] { x -= 1.0; }, "variable: -= outside of no_grad");
    expect_values(x.value(), {1, 2});
}

TEST(variable, that_is_set_keeps_older_results_right) {
    variable x(vec({1, 2}));
    const array y = sum(x * x);
    x.set(vec({10, 20}));
    backward(y);
    expect_values(x.grad(), {2, 4});
    EXPECT_EQ(sum(x).item<double>(), 30.0);
}

TEST(no_grad, records_nothing_and_nests) {
    const variable x(vec({1, 2}));
    array y;
    {
        const no_grad outer;
        { const no_grad inner; }
        y = sum(x * x);
    }
    EXPECT_EQ(y.item<double>(), 5.0);
    expect_throws<value_error>([&] { backward(y); }, "was not computed from variables");
    backward(sum(x * x));
    expect_values(x.grad(), {2, 4});
}

TEST(no_grad, is_of_this_thread_and_of_variables_alone) {
    const variable x(vec({1, 2}));
    const no_grad here;
    std::thread([&] { backward(sum(x * x)); }).join();
    expect_values(x.grad(), {2, 4});
    expect_values(grad([](const array& v) { return sum(v * v); })(vec({3})), {6});
}

TEST(hook, sees_and_replaces_gradients_in_order) {
    variable x(vec({1, 2}));
    std::vector<double> seen;
    const std::size_t first = x.add_hook([&](const array& g) {
        seen.push_back(sum(g).item<double>());
        return g * 10.0;
    });
    x.add_hook([&](const array& g) {
        seen.push_back(sum(g).item<double>());
        return array();
    });
    backward(sum(x));
    EXPECT_EQ(seen, (std::vector<double>{2, 20}));
    expect_values(x.grad(), {10, 10});
    x.remove_hook(first);
    backward(sum(x));
    expect_values(x.grad(), {11, 11});
    expect_throws<value_error>([&] { x.remove_hook(first); }, "variable: remove_hook: there is no hook 1");
}

TEST(hook, of_a_value_on_the_way_changes_what_lies_behind_it) {
    const variable x(vec({1, 2}));
    variable y = x * x;
    y.keep_grad();
    y.add_hook([](const array& g) { return g * 100.0; });
    backward(sum(y * 3.0));
    expect_values(y.grad(), {300, 300});
    expect_values(x.grad(), {600, 1200});
}

TEST(hook, must_give_something_like_the_gradient) {
    variable x(vec({1, 2}));
    x.add_hook([](const array&) { return vec({1}); });
    expect_throws<shape_error>([&] { backward(sum(x)); }, "backward: the gradient from hook 1 is f64 (1,)");
    EXPECT_TRUE(x.grad().is_null());
    expect_throws<value_error>([&] { x.add_hook({}); }, "variable: add_hook: the hook is empty");
}

TEST(variable, inside_functional_transforms) {
    const variable w(vec({2, 3}));
    const auto f = [&](const array& x) { return sum(w * x * x); };
    const array slopes = grad(f)(vec({1, 10}));  // 2 w x
    expect_values(slopes, {4, 60});
    backward(sum(slopes));  // made from w: 2 x
    expect_values(w.grad(), {2, 20});
    expect_values(jvp(f, vec({1, 10}), vec({1, 0})).tangent, {4});
    expect_values(vmap(f)(array{{1.0, 0.0}, {0.0, 1.0}}), {2, 3});
}

TEST(variable, as_the_input_of_functional_transforms) {
    variable w(vec({2, 3}));
    const array slopes = grad([](const array& v) { return sum(v * v * v); })(w);
    expect_values(slopes, {12, 27});
    backward(sum(slopes));
    expect_values(w.grad(), {12, 18});
    w.zero_grad();
    backward(sum(vmap([](const array& v) { return square(v); })(w)));
    expect_values(w.grad(), {4, 6});
}

TEST(variable, refuses_values_of_running_transforms) {
    expect_throws<value_error>([] { (void)grad([](const array& v) { return sum(variable(v)); })(vec({1})); },
                               "variable: the value, f64 (1,), belongs to a transform that is running");
    variable x(vec({1}));
    expect_throws<value_error>(
        [&] {
            (void)grad([&](const array& v) {
                x.set(v);
                return sum(v);
            })(vec({1}));
        },
        "variable: the new value, f64 (1,), belongs to a transform that is running");
    expect_throws<value_error>(
        [&] {
            (void)grad([&](const array& v) {
                backward(sum(v * x));
                return sum(v);
            })(vec({1}));
        },
        "or belongs to a transform that is running");
}

TEST(variable, works_from_several_threads) {
    variable x(vec({1, 2}));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i) backward(sum(x * x));
        });
    for (std::thread& t : threads) t.join();
    expect_values(x.grad(), {800, 1600});
}

TEST(variable, survives_a_long_chain) {
    const variable x(array(1.0));
    array y = x;
    for (int i = 0; i < 200'000; ++i) y = y + x;
    backward(y);
    EXPECT_EQ(x.grad().item<double>(), 200'001.0);
}

}  // namespace tessera::autograd
