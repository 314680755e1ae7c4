// What the record of a run keeps, for how long, and who may use it.
#include <array>
#include <thread>

#include "expect.hpp"
#include "tessera/array/cpu.hpp"

namespace tessera::autograd {

TEST(pullback, may_be_called_again_and_later) {
    auto result = vjp([](const array& x) { return x * exp(x); }, vec({0, 1}));
    const auto copy = result.pullback;
    expect_values(copy(vec({1, 0})), {1, 0});
    expect_values(copy(vec({1, 0})), {1, 0});
    const double slope = 2 * std::exp(1.0);
    expect_values(result.pullback(vec({0, 1})), {0, slope});
}

TEST(pullback, takes_and_gives_trees) {
    const auto f = [](const array& a, const array& b) { return std::vector{a * b, a + b}; };
    const auto [value, pullback] = vjp(f, std::pair{vec({2}), vec({3})});
    expect_values(value[0], {6});
    const auto [da, db] = pullback({vec({1}), vec({10})});
    expect_values(da, {13});
    expect_values(db, {12});
    expect_values(pullback({array(), vec({10})}).first, {10});  // null is zero
}

TEST(pullback, refuses_cotangents_unlike_the_outputs) {
    const auto [value, pullback] = vjp([](const array& x) { return x * 2.0; }, vec({1, 2}));
    expect_throws<shape_error>([&, &p = pullback] { p(vec({1, 2, 3})); }, "vjp: cotangent 0 is f64 (3,)");
    expect_throws<dtype_error>([&, &p = pullback] { p(array{1.0F, 2.0F}); }, "f32 (2,)");
    const auto [values, of_tree] = vjp([](const array& x) { return std::vector{x, x}; }, vec({1, 2}));
    expect_throws<value_error>([&, &p = of_tree] { p({vec({1, 2})}); }, "2 outputs, got 1 cotangents");
}

TEST(pullback, gives_the_same_bits_every_time) {
    const auto f = [](const array& x) {
        array y = x;
        for (int i = 0; i < 20; ++i) y = y + sin(y * x) * 0.1;
        return y;
    };
    const array x = linspace(-2, 2, 100), ct = linspace(1, 3, 100);
    const auto first = vjp(f, x).pullback(ct).to_vector<double>();
    EXPECT_EQ(vjp(f, x).pullback(ct).to_vector<double>(), first);
}

TEST(pullback, says_when_a_saved_value_was_overwritten) {
    array x = vec({1, 2});
    const auto made = vjp([](const array& v) { return v * v; }, x);
    expect_values(made.pullback(vec({1, 1})), {2, 4});
    add(vec({1, 1}), vec({1, 1}), x);
    expect_throws<value_error>(
        [&] {
            made.pullback(vec({1, 1}));
        },
        "array.multiply: its input 0, f64 (2,), was overwritten");
}

TEST(pullback, does_not_mind_writes_to_what_no_rule_reads) {
    array x = vec({1, 2});
    const auto made = vjp([](const array& v) { return v + v; }, x);
    add(x, x, x);
    expect_values(made.pullback(vec({1, 1})), {2, 2});
}

TEST(pullback, sees_overwritten_values_through_an_outer_transform) {
    array x = vec({1, 2});
    const auto f = [&](const array& v) {
        const auto inner = vjp([](const array& w) { return w * w; }, v);
        add(vec({1, 1}), vec({1, 1}), x);
        return sum(inner.pullback(vec({1, 1})));
    };
    expect_throws<value_error>([&] { grad(f)(x); }, "array.multiply");
}

TEST(tape, keeps_only_what_the_rules_read) {
    constexpr std::size_t bytes = 1 << 20;
    const array x = ones({bytes / 8});
    cpu_memory::release_cached();
    const std::size_t before = cpu_memory::current().in_use_bytes;
    const auto made = vjp([](const array& v) { return ((v + 1.0) + 1.0) + 1.0; }, x);
    EXPECT_EQ(cpu_memory::current().in_use_bytes - before, bytes);  // the value
    const auto exps = vjp([](const array& v) { return exp(exp(v)); }, x);
    EXPECT_EQ(cpu_memory::current().in_use_bytes - before, 3 * bytes);  // and two results that exp's rule reads
}

TEST(tape, gives_memory_back_during_the_only_walk_of_grad) {
    constexpr std::int64_t count = 1 << 17;
    const auto chain = [](const array& x) {
        array y = x;
        for (int i = 0; i < 16; ++i) y = sin(y);
        return sum(y);
    };
    const array x = ones({count});
    cpu_memory::reset_peak();
    const std::size_t before = cpu_memory::current().in_use_bytes;
    (void)grad(chain)(x);
    EXPECT_LE(cpu_memory::current().peak_bytes - before, 20U * 8 * count);
    EXPECT_EQ(cpu_memory::current().in_use_bytes, before);
}

TEST(tape, of_a_million_ops_is_walked_and_freed_without_recursion) {
    const auto chain = [](const array& x) {
        array y = x;
        for (int i = 0; i < 1'000'000; ++i) y = -y;
        return y;
    };
    EXPECT_EQ(grad(chain)(2.0).item<double>(), 1.0);
    auto dropped = std::make_unique<decltype(vjp(chain, array(1.0)))>(vjp(chain, array(1.0)));
    dropped.reset();
}

TEST(tape, of_a_long_chain_is_freed_when_the_function_throws) {
    const auto chain = [](const array& x) -> array {
        array y = x;
        for (int i = 0; i < 300'000; ++i) y = y * 1.0;
        throw value_error("thrown by the function");
    };
    expect_throws<value_error>([&] { grad(chain)(2.0); }, "thrown by the function");
}

TEST(tape, of_nested_long_chains_is_freed_without_recursion) {
    const auto chain = [](const array& x) {
        array y = x;
        for (int i = 0; i < 100'000; ++i) y = y * 1.0;
        return y;
    };
    EXPECT_EQ(grad(grad(chain))(2.0).item<double>(), 0.0);
}

TEST(trace, that_escaped_its_transform_is_recognised_by_its_maker) {
    array kept;
    (void)grad([&](const array& x) {
        kept = exp(x);
        return x;
    })(1.0);
    expect_throws<value_error>([&] { (void)(kept + 1.0); }, "array.add: an argument was made by array.exp");

    (void)jvp([&](const array& x) { return kept = x; }, array(1.0), array(1.0));
    expect_throws<value_error>([&] { (void)(kept * 2.0); }, "made by an input of the function");
}

TEST(trace, is_closed_while_its_pullback_lives) {
    array kept;
    const auto made = vjp([&](const array& x) { return kept = sin(x); }, vec({1, 2}));
    expect_throws<value_error>([&] { (void)(kept * 2.0); }, "array.multiply: an argument was made by array.sin");
    expect_values(made.pullback(vec({1, 1})), {std::cos(1.0), std::cos(2.0)});
}

TEST(threads, differentiate_at_the_same_time) {
    const auto f = [](const array& x) { return sum(sin(x) * x); };
    const array x = linspace(0, 1, 50);
    const std::vector<double> expected = grad(f)(x).to_vector<double>();
    std::array<bool, 4> same{};
    std::vector<std::thread> all;
    for (bool& mine : same)
        all.emplace_back([&] {
            mine = true;
            for (int i = 0; i < 200; ++i) mine = mine && grad(f)(x).to_vector<double>() == expected;
        });
    for (std::thread& t : all) t.join();
    for (const bool mine : same) EXPECT_TRUE(mine);
}

TEST(threads, share_one_pullback) {
    const auto made = vjp([](const array& x) { return exp(x) * x; }, linspace(0, 1, 50));
    const array ct = ones({50});
    const std::vector<double> expected = made.pullback(ct).to_vector<double>();
    std::array<bool, 4> same{};
    std::vector<std::thread> all;
    for (bool& mine : same)
        all.emplace_back([&] {
            mine = true;
            for (int i = 0; i < 200; ++i) mine = mine && made.pullback(ct).to_vector<double>() == expected;
        });
    for (std::thread& t : all) t.join();
    for (const bool mine : same) EXPECT_TRUE(mine);
}

}  // namespace tessera::autograd
