// Whole Jacobians and Hessians, derivatives along many directions, and results that come along.
#include "tessera/autograd/jacobian.hpp"

#include "expect.hpp"
#include "tessera/array/manipulation.hpp"

namespace tessera::autograd {

namespace {

// (x0 x1, x0^2, x1): J = [[x1, x0], [2 x0, 0], [0, 1]]
array curve(const array& v) {
    const array x = slice(v, {0}), y = slice(v, {1});
    return stack({x * y, square(x), y});
}
const array point{2.0, 3.0};
const std::vector<double> curve_slopes{3, 2, 4, 0, 0, 1};

struct line {
    array slope, offset;
    auto fields() { return std::tie(slope, offset); }
    auto fields() const { return std::tie(slope, offset); }
};

}  // namespace

TEST(jacobian, is_the_same_in_both_modes) {
    for (const array& j : {jacobian(curve)(point), jacobian_forward(curve)(point), jacobian_reverse(curve)(point)}) {
        EXPECT_EQ(j.shape(), (dims{3, 2}));
        expect_values(j, curve_slopes);
    }
}

TEST(jacobian, goes_backward_only_where_that_is_less_work) {
    int runs = 0;
    const auto counted_curve = [&](const array& v) { return ++runs, curve(v); };
    (void)jacobian(counted_curve)(point);  // 3 outputs of 2 inputs: forward, after a run that tells
    EXPECT_EQ(runs, 2);
    runs = 0;
    const auto total = [&](const array& v) { return ++runs, sum(v * v); };
    expect_values(jacobian(total)(array{1.0, 2.0, 3.0}), {2, 4, 6});
    EXPECT_EQ(runs, 1);
}

TEST(jacobian, has_the_shape_of_the_result_followed_by_that_of_the_input) {
    const array x{{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}};
    const auto row_sums = [](const array& v) { return sum(square(v), 1); };
    for (const array& j : {jacobian_forward(row_sums)(x), jacobian_reverse(row_sums)(x)}) {
        EXPECT_EQ(j.shape(), (dims{2, 2, 3}));
        expect_values(j, {2, 4, 6, 0, 0, 0, 0, 0, 0, 8, 10, 12});
    }
    EXPECT_EQ(jacobian([](const array& v) { return exp(v); })(array(1.0)).shape(), dims{});
    EXPECT_EQ(jacobian([](const array& v) { return exp(v); })(zeros({0})).shape(), (dims{0, 0}));
}

TEST(jacobian, of_a_tree_is_a_tree) {
    const array x{1.0, 2.0, 3.0};
    const auto at = [&](const line& l) { return l.slope * x + l.offset; };
    for (const line& j :
         {jacobian_forward(at)(line{array(2.0), array(1.0)}), jacobian_reverse(at)(line{array(2.0), array(1.0)})}) {
        EXPECT_EQ(j.slope.shape(), (dims{3}));
        expect_values(j.slope, {1, 2, 3});
        expect_values(j.offset, {1, 1, 1});
    }
}

TEST(jacobian, of_several_arguments_and_results_lists_every_block) {
    const auto f = [](const array& a, const array& b) { return std::pair(a * a, sum(a) * b); };
    const std::tuple at{array{1.0, 2.0}, array{10.0}};
    for (const auto& j : {jacobian_forward(f)(at), jacobian_reverse(f)(at)}) {
        ASSERT_EQ(j.size(), 2U);
        expect_values(std::get<0>(j[0]), {2, 0, 0, 4});
        expect_values(std::get<1>(j[0]), {0, 0});
        expect_values(std::get<0>(j[1]), {10, 10});
        expect_values(std::get<1>(j[1]), {3});
        EXPECT_EQ(std::get<1>(j[0]).shape(), (dims{2, 1}));
    }
}

TEST(jacobian, of_a_holomorphic_function_is_its_complex_derivative) {
    using c = std::complex<double>;
    const array z{c(1, 2), c(0, -1)};
    const auto f = [](const array& v) { return v * v; };
    for (const array& j : {jacobian_forward(f)(z), jacobian_reverse(f)(z)}) {
        const auto got = j.to_vector<c>();
        EXPECT_EQ(got, (std::vector<c>{c(2, 4), 0, 0, c(0, -2)}));
    }
    const auto turn = [](const array& x) { return x * array(c(0, 1)); };
    EXPECT_EQ(jacobian(turn)(array{1.0}).to_vector<c>(), (std::vector<c>{c(0, 1)}));
}

TEST(jacobian, refuses_what_has_none) {
    using c = std::complex<double>;
    const auto turn = [](const array& x) { return x * array(c(0, 1)); };
    expect_throws<dtype_error>([&] { (void)jacobian_reverse(turn)(array{1.0}); },
                               "the complex Jacobian of real numbers comes from jacobian_forward");
    expect_throws<dtype_error>([] { (void)jacobian([](const array& z) { return abs(z); })(array{c(1, 2)}); },
                               "jacobian: output 0 is f64 (1,) of c128 (1,); a real function of complex numbers");
    expect_throws<dtype_error>(
        [] {
            (void)jacobian([](const array& x) { return argmax(x); })(array{1.0, 2.0});
        },
        "jacobian: output 0 is i64 (), but only floats");
    expect_throws<dtype_error>([] { (void)jacobian(curve)(array{1, 2}); }, "vjp: input 0 is i32 (2,), but only floats");
}

TEST(hessian, is_symmetric_and_exact_for_polynomials) {
    const auto f = [](const array& v) {
        const array x = slice(v, {0}), y = slice(v, {1});
        return x * x * y + y * y;  // [[2y, 2x], [2x, 2]]
    };
    const array h = hessian(f)(point);
    EXPECT_EQ(h.shape(), (dims{2, 2}));
    expect_values(h, {6, 4, 4, 2});
}

TEST(hessian, of_a_tree_is_a_tree_per_leaf) {
    const auto f = [](const line& l) { return l.slope * l.slope * l.offset; };  // [[2 o, 2 s], [2 s, 0]]
    const std::vector<line> h = hessian(f)(line{array(3.0), array(5.0)});
    ASSERT_EQ(h.size(), 2U);
    expect_values(h[0].slope, {10});
    expect_values(h[0].offset, {6});
    expect_values(h[1].slope, {6});
    expect_values(h[1].offset, {0});
}

TEST(hessian, refuses_vectors_and_complex_numbers) {
    expect_throws<shape_error>([] { (void)hessian(curve)(point); },
                               "hessian: the function must return a scalar, got f64 (3,)");
    expect_throws<dtype_error>(
        [] { (void)hessian([](const array& z) { return sum(abs(z)); })(array{std::complex<double>(1, 2)}); },
        "hessian: takes real inputs, got c128 (1,) as input 0");
}

TEST(jacobian, nests_with_vmap_and_grad) {
    const array points{{2.0, 3.0}, {1.0, 5.0}};
    expect_values(vmap(jacobian(curve))(points), {3, 2, 4, 0, 0, 1, 5, 1, 2, 0, 0, 1});
    const auto norm_of_slopes = [](const array& v) { return sum(square(jacobian_reverse(curve)(v))); };
    expect_values(grad(norm_of_slopes)(point), {20, 6});  // of x1^2 + x0^2 + 4 x0^2 + 1
}

TEST(jvp_many, moves_along_all_directions_in_one_run) {
    int runs = 0;
    const auto f = [&](const array& v) { return ++runs, curve(v); };
    const auto [y, dy] = jvp_many(f, point, array{{1.0, 0.0}, {0.0, 1.0}, {1.0, 1.0}});
    expect_values(y, {6, 4, 3});
    EXPECT_EQ(dy.shape(), (dims{3, 3}));
    expect_values(dy, {3, 4, 0, 2, 0, 1, 5, 4, 1});
    EXPECT_EQ(runs, 1);
}

TEST(jvp_many, refuses_directions_unlike_the_primals) {
    expect_throws<shape_error>(
        [] {
            (void)jvp_many(curve, point, ones({4, 3}));
        },
        "jvp: tangent 0 is f64 (3,) on cpu:0 but stands beside f64 (2,)");
    expect_throws<index_error>([] { (void)jvp_many(curve, point, array(1.0)); }, "jvp_many: argument 0 is f64 ()");
}

TEST(pullback, takes_many_cotangents_at_once) {
    const auto run = vjp(curve, point);
    const array rows = run.pullback.many(array{{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}});
    expect_values(rows, curve_slopes);
    const auto two = vjp([](const array& a, const array& b) { return a * b; }, std::tuple{array(2.0), array(5.0)});
    const auto [da, db] = two.pullback.many(array{1.0, 10.0});
    expect_values(da, {5, 50});
    expect_values(db, {2, 20});
}

TEST(auxiliary_results, come_along_as_plain_values) {
    const auto f = [](const array& v) {
        return std::pair(curve(v), std::map<std::string, array>{{"norm", sum(v * v)}});
    };
    const auto forward = jvp_aux(f, point, array{1.0, 0.0});
    expect_values(forward.tangent, {3, 4, 0});
    expect_values(forward.aux.at("norm") + 1.0, {14});
    const auto reverse = vjp_aux(f, point);
    expect_values(reverse.value, {6, 4, 3});
    expect_values(reverse.pullback(array{1.0, 0.0, 0.0}), {3, 2});
    expect_values(reverse.aux.at("norm") + 1.0, {14});

    const auto loss = [](const array& v) { return std::pair(sum(curve(v)), v * 2.0); };
    const auto [slopes, doubled] = grad_aux(loss)(point);
    expect_values(slopes, {7, 3});
    expect_values(doubled + 0.0, {4, 6});
}

}  // namespace tessera::autograd
