// Gradients that a reader can check by hand.
#include <map>

#include "expect.hpp"

namespace tessera::autograd {

namespace {
array cube(const array& x) { return x * x * x; }
array sum_of_squares(const array& x) { return sum(x * x); }
}  // namespace

TEST(grad, of_a_square_is_twice_the_number) {
    EXPECT_EQ(grad([](const array& x) { return x * x; })(3.0).item<double>(), 6.0);
}

TEST(grad, of_a_sum_of_squares_is_twice_the_vector) { expect_values(grad(sum_of_squares)(vec({1, 2, 3})), {2, 4, 6}); }

TEST(grad, follows_the_product_rule) {
    const auto [da, db] =
        grad([](const array& a, const array& b) { return sum(a * b); })(std::tuple{vec({1, 2}), vec({5, 7})});
    expect_values(da, {5, 7});
    expect_values(db, {1, 2});
}

TEST(grad, follows_the_chain_rule) {  // d sin(x^2) = 2 x cos(x^2)
    const double x = 0.7;
    EXPECT_NEAR(grad([](const array& t) { return sin(t * t); })(x).item<double>(), 2 * x * std::cos(x * x), 1e-15);
}

TEST(grad, adds_up_what_reaches_a_value_on_several_paths) {  // x + x x + x^3 at 2: 1 + 4 + 12
    EXPECT_EQ(grad([](const array& x) { return x + x * x + cube(x); })(2.0).item<double>(), 17.0);
}

TEST(grad, sums_over_axes_that_were_broadcast) {
    const array row = vec({1, 2, 3}), column = reshape(vec({10, 20}), {2, 1});
    const auto [dr, dc] = grad([](const array& r, const array& c) { return sum(r * c); })(std::tuple{row, column});
    expect_values(dr, {30, 30, 30});
    expect_values(dc, {6, 6});
    EXPECT_EQ(dc.shape(), (dims{2, 1}));
}

TEST(grad, of_a_mean_is_one_over_the_count) {
    expect_values(grad([](const array& x) { return mean(x); })(vec({4, 5, 6, 7})), {0.25, 0.25, 0.25, 0.25});
}

TEST(grad, keeps_the_dtype_of_its_input) {
    const array x{1.0F, 2.0F};
    const array g = grad([](const array& v) { return sum(v * 2.0); })(x);
    EXPECT_EQ(g.dtype(), f32);
    expect_values(g, {2, 2});
}

TEST(grad, passes_further_arguments_through) {
    const auto loss = [](const array& w, const array& x, double scale) { return sum(w * x) * scale; };
    expect_values(grad(loss)(vec({1, 1}), vec({3, 4}), 10.0), {30, 40});
}

TEST(grad, is_zero_where_the_result_does_not_depend_on_the_input) {
    const auto [da, db] =
        grad([](const array& a, const array&) { return sum(a); })(std::tuple{vec({1, 2}), vec({3, 4, 5})});
    expect_values(da, {1, 1});
    expect_values(db, {0, 0, 0});
    expect_values(grad([](const array&) { return array(1.0); })(vec({1, 2})), {0, 0});
}

TEST(grad, of_the_input_itself_is_one) {
    EXPECT_EQ(grad([](const array& x) { return x; })(5.0).item<double>(), 1.0);
}

TEST(grad, does_not_pass_through_comparisons_and_integers) {
    const auto f = [](const array& x) { return sum(astype(x > 1.5, f64) * x); };
    expect_values(grad(f)(vec({1, 2, 3})), {0, 1, 1});
    const auto rounded = [](const array& x) { return sum(astype(astype(x, i32), f64) * x); };
    expect_values(grad(rounded)(vec({1.5, 2.5})), {1, 2});
}

TEST(grad, goes_on_through_a_nan_in_the_branch_that_was_not_taken) {
    const auto safe_log = [](const array& x) { return sum(where(x > 0.0, log(where(x > 0.0, x, 1.0)), 0.0)); };
    expect_values(grad(safe_log)(vec({-1, 2})), {0, 0.5});
}

TEST(grad, of_an_empty_array_is_empty) {
    const array g = grad(sum_of_squares)(zeros({0, 3}));
    EXPECT_EQ(g.shape(), (dims{0, 3}));
}

TEST(grad, shows_values_while_tracing) {
    double seen = 0;
    (void)grad([&](const array& x) {
        seen = (x * 2.0).item<double>();
        return x;
    })(4.0);
    EXPECT_EQ(seen, 8.0);
}

TEST(grad, allows_control_flow_that_reads_values) {
    const auto f = [](const array& x) { return x.item<double>() > 0 ? x * x : -x; };
    EXPECT_EQ(grad(f)(3.0).item<double>(), 6.0);
    EXPECT_EQ(grad(f)(-3.0).item<double>(), -1.0);
}

TEST(grad, of_strided_and_reversed_views_lands_at_the_right_elements) {
    const auto f = [](const array& x) { return sum(slice(x, {range(none, none, -2)}) * vec({1, 10})); };
    expect_values(grad(f)(vec({1, 2, 3, 4})), {0, 10, 0, 1});
}

TEST(value_and_grad, gives_both) {
    const auto [value, gradient] = value_and_grad(sum_of_squares)(vec({1, 2}));
    EXPECT_EQ(value.item<double>(), 5.0);
    expect_values(gradient, {2, 4});
}

struct two_layers {
    array weight, bias;
    double scale = 2;
    auto fields() { return std::tie(weight, bias, scale); }
    auto fields() const { return std::tie(weight, bias, scale); }
};

TEST(value_and_grad, takes_trees_and_gives_them_back) {
    const std::map<std::string, std::vector<array>> tree{{"a", {vec({1, 2})}}, {"b", {vec({3}), vec({4})}}};
    const auto loss = [](const std::map<std::string, std::vector<array>>& t) {
        return sum(t.at("a")[0]) * sum(t.at("b")[0] * t.at("b")[1]);
    };
    const auto [value, gradient] = value_and_grad(loss)(tree);
    EXPECT_EQ(value.item<double>(), 36.0);
    expect_values(gradient.at("a")[0], {12, 12});
    expect_values(gradient.at("b")[0], {12});
    expect_values(gradient.at("b")[1], {9});

    const two_layers model{vec({1, 2}), vec({5})};
    const two_layers slopes = grad([](const two_layers& m) { return sum(m.weight * m.scale) + sum(m.bias); })(model);
    expect_values(slopes.weight, {2, 2});
    expect_values(slopes.bias, {1});
}

TEST(value_and_grad_aux, brings_more_results_along_without_their_traces) {
    const auto f = [](const array& x) {
        const array y = x * x;
        return std::pair(sum(y), std::vector<array>{y, x + 1.0});
    };
    const auto [value, gradient, aux] = value_and_grad_aux(f)(vec({1, 2}));
    EXPECT_EQ(value.item<double>(), 5.0);
    expect_values(gradient, {2, 4});
    expect_values(aux[0] * 10.0, {10, 40});  // an ordinary array again
    expect_values(aux[1] * 10.0, {20, 30});
}

TEST(grad, refuses_a_loss_that_is_not_a_scalar_and_shows_its_shape) {
    expect_throws<shape_error>(
        [] {
            grad([](const array& x) { return x * x; })(vec({1, 2, 3}));
        },
        "grad: the function must return a scalar, got f64 (3,)");
}

TEST(grad, refuses_a_complex_loss) {
    expect_throws<dtype_error>([] { grad([](const array& x) { return x * x; })(std::complex<double>(1, 2)); }, "c128");
}

TEST(grad, refuses_integers_and_booleans) {
    expect_throws<dtype_error>([] { grad(sum_of_squares)(array{1, 2}); }, "grad: input 0 is i32 (2,)");
    expect_throws<dtype_error>([] { grad(sum_of_squares)(array{true, false}); }, "bool");
    expect_throws<dtype_error>([] { grad(sum_of_squares)(3); }, "i32 ()");
}

TEST(grad, refuses_null_inputs_and_outputs) {
    expect_throws<value_error>([] { grad(sum_of_squares)(array()); }, "grad: input 0 is a null array");
    expect_throws<value_error>([] { grad([](const array&) { return array(); })(1.0); },
                               "output 0 of the function is a null array");
}

TEST(stop_gradient, makes_a_constant_of_a_value) {
    expect_values(grad([](const array& x) { return sum(stop_gradient(x) * x); })(vec({2, 3})), {2, 3});
}

}  // namespace tessera::autograd
