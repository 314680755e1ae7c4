#include "tessera/autograd/jvp.hpp"

#include "expect.hpp"

namespace tessera::autograd {

TEST(jvp, moves_along_the_tangent) {
    const auto [y, dy] = jvp([](const array& x) { return x * x; }, vec({1, 2, 3}), vec({1, 0, 10}));
    expect_values(y, {1, 4, 9});
    expect_values(dy, {2, 0, 60});
}

TEST(jvp, spreads_a_tuple_over_the_arguments) {
    const auto [y, dy] = jvp([](const array& a, const array& b) { return a * b; }, std::tuple{array(3.0), array(4.0)},
                             std::tuple{array(1.0), array(10.0)});
    EXPECT_EQ(y.item<double>(), 12.0);
    EXPECT_EQ(dy.item<double>(), 34.0);
}

TEST(jvp, gives_trees_for_trees) {
    const auto f = [](const std::vector<array>& v) { return std::pair(v[0] + v[1], v[0] * 2.0); };
    const auto [y, dy] = jvp(f, std::vector{vec({1}), vec({2})}, std::vector{vec({10}), vec({20})});
    expect_values(dy.first, {30});
    expect_values(dy.second, {20});
}

TEST(jvp, spreads_tangents_over_broadcast_axes) {
    const auto add_column = [](const array& c) { return c + vec({1, 2, 3}); };
    const auto [y, dy] = jvp(add_column, reshape(vec({1, 2}), {2, 1}), reshape(vec({5, 6}), {2, 1}));
    expect_values(dy, {5, 5, 5, 6, 6, 6});
}

TEST(jvp, takes_null_tangents_for_zero) {
    const auto [y, dy] = jvp([](const array& a, const array& b) { return a * b; }, std::tuple{array(3.0), array(4.0)},
                             std::tuple{array(), array(1.0)});
    EXPECT_EQ(dy.item<double>(), 3.0);
}

TEST(jvp, is_zero_for_constant_and_integer_results) {
    const auto f = [](const array& x) { return std::tuple(vec({1, 2}), x > 1.0); };
    const auto [y, dy] = jvp(f, vec({1, 2, 3}), vec({1, 1, 1}));
    expect_values(std::get<0>(dy), {0, 0});
    EXPECT_EQ(std::get<1>(dy).dtype(), boolean);
    expect_values(std::get<1>(dy), {0, 0, 0});
}

TEST(jvp, refuses_tangents_unlike_their_primals) {
    const auto f = [](const array& x) { return x; };
    expect_throws<shape_error>([&] { jvp(f, vec({1, 2}), vec({1, 2, 3})); }, "jvp: tangent 0 is f64 (3,)");
    expect_throws<dtype_error>([&] { jvp(f, vec({1, 2}), array{1.0F, 2.0F}); }, "f32 (2,)");
    expect_throws<dtype_error>([&] { jvp(f, array{1, 2}, array{1, 2}); }, "jvp: input 0 is i32 (2,)");
    expect_throws<value_error>(
        [&] {
            jvp([](const std::vector<array>& v) { return v[0]; }, std::vector{vec({1})},
                std::vector{vec({1}), vec({2})});
        },
        "got 2 tangents for 1 inputs");
}

}  // namespace tessera::autograd
