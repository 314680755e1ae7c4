// Functions of one example run on many: axes, trees, nesting, and what cannot be batched.
#include "tessera/autograd/vmap.hpp"

#include "expect.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/random.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/autograd/hvp.hpp"

namespace tessera::autograd {

namespace {

const array rows{{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}};  // two examples of three numbers

using numbers = std::vector<double>;
numbers values(const array& x) { return x.to_vector<double>(); }

array dot(const array& a, const array& b) { return sum(a * b); }

}  // namespace

TEST(vmap, gives_one_result_per_example_along_the_first_axis) {
    const array sums = vmap([](const array& x) {
        EXPECT_EQ(x.shape(), (dims{3}));
        return sum(x);
    })(rows);
    EXPECT_EQ(values(sums), (numbers{6, 15}));
}

TEST(vmap, maps_over_any_axis_and_puts_results_along_any_other) {
    const auto doubled = [](const array& column) { return 2.0 * column; };
    EXPECT_EQ(vmap(doubled, 1)(rows).shape(), (dims{3, 2}));
    EXPECT_EQ(values(vmap(doubled, 1)(rows)), (numbers{2, 8, 4, 10, 6, 12}));
    EXPECT_EQ(values(vmap(doubled, 1, 1)(rows)), (numbers{2, 4, 6, 8, 10, 12}));
    EXPECT_EQ(values(vmap(doubled, -1, -1)(rows)), (numbers{2, 4, 6, 8, 10, 12}));
}

TEST(vmap, gives_arguments_without_an_axis_to_every_example) {
    const array w{1.0, 0.0, -1.0};
    EXPECT_EQ(values(vmap(dot, {0, none})(rows, w)), (numbers{-2, -2}));
    EXPECT_EQ(values(vmap(dot, {none, 0})(w, rows)), (numbers{-2, -2}));
    EXPECT_EQ(values(vmap([&](const array& x) { return dot(x, w); })(rows)), (numbers{-2, -2}));
}

TEST(vmap, repeats_results_that_do_not_depend_on_the_batch) {
    const auto f = [](const array& x) { return std::pair(sum(x), array{7.0, 8.0}); };
    const auto [sums, constants] = vmap(f)(rows);
    EXPECT_EQ(values(sums), (numbers{6, 15}));
    EXPECT_EQ(values(constants), (numbers{7, 8, 7, 8}));
    const auto [columns, once] = vmap(f, 0, {0, none})(rows);
    EXPECT_EQ(values(columns), (numbers{6, 15}));
    EXPECT_EQ(values(once), (numbers{7, 8}));
}

TEST(vmap, takes_and_gives_trees) {
    const std::map<std::string, array> examples{{"a", rows}, {"b", 10.0 * rows}};
    const auto f = [](const std::map<std::string, array>& one) {
        return std::map<std::string, array>{{"sum", sum(one.at("a") + one.at("b"))},
                                            {"first", slice(one.at("a"), {0})}};
    };
    const auto result = vmap(f)(examples);
    EXPECT_EQ(values(result.at("sum")), (numbers{66, 165}));
    EXPECT_EQ(values(result.at("first")), (numbers{1, 4}));
}

TEST(vmap, inside_vmap_pairs_every_row_with_every_row) {
    const auto with_all = [](const array& a) { return vmap(dot, {none, 0})(a, rows); };
    EXPECT_EQ(values(vmap(with_all)(rows)), (numbers{14, 32, 32, 77}));
}

TEST(vmap, of_grad_is_a_gradient_per_example) {
    const auto loss = [](const array& w, const array& x) { return square(dot(w, x)); };
    const array w{1.0, 0.0, 1.0};
    const array each = vmap(grad(loss), {none, 0})(w, rows);  // 2 (w . x) x
    EXPECT_EQ(values(each), (numbers{8, 16, 24, 80, 100, 120}));
}

TEST(vmap, under_grad_sums_over_the_examples) {
    const auto loss = [](const array& w) { return sum(vmap([&](const array& x) { return square(dot(w, x)); })(rows)); };
    EXPECT_EQ(values(grad(loss)(array{1.0, 0.0, 1.0})), (numbers{88, 116, 144}));
}

TEST(vmap, under_and_over_jvp) {
    const auto cube_sum = [](const array& x) { return sum(x * x * x); };
    const auto both = jvp(vmap(cube_sum), rows, ones_like(rows));
    EXPECT_EQ(values(both.tangent), (numbers{42, 231}));
    const auto slope = [&](const array& x) { return jvp(cube_sum, x, ones_like(x)).tangent; };
    EXPECT_EQ(values(vmap(slope)(rows)), (numbers{42, 231}));
}

TEST(vmap, nests_with_derivatives_in_any_order) {
    const auto f = [](const array& x) { return sum(square(x) * x); };  // Hessian: diag(6 x)
    const array v = ones_like(slice(rows, {0}));
    const auto along_v = [&](const array& x) { return hvp(f, x, v); };
    EXPECT_EQ(values(vmap(along_v)(rows)), (numbers{6, 12, 18, 24, 30, 36}));
    const auto total = [&](const array& x) { return sum(vmap(grad(f))(x) * ones_like(x)); };
    EXPECT_EQ(values(grad(total)(rows)), (numbers{6, 12, 18, 24, 30, 36}));
}

TEST(vmap, takes_elements_of_its_own_for_every_example) {
    const array at{{0, 2}, {-1, 1}};
    const auto pick = [](const array& x, const array& i) { return take(x, i, 0); };
    EXPECT_EQ(values(vmap(pick)(rows, at)), (numbers{1, 3, 6, 5}));
    const array slopes = grad([&](const array& x) { return sum(vmap(pick)(x, at)); })(rows);
    EXPECT_EQ(values(slopes), (numbers{1, 0, 1, 0, 1, 1}));
}

TEST(vmap, refuses_an_index_beyond_the_examples_own_elements) {
    const auto pick = [](const array& x, const array& i) { return take(x, i, 0); };
    expect_throws<index_error>(
        [&] {
            (void)vmap(pick)(rows, array{{0}, {3}});
        },
        {"array.take", "index 3 is out of range for axis", "of size 3"});
}

TEST(vmap, draws_with_a_key_for_every_example) {
    const array keys = split_key(random_key(7), 3);
    const auto draw = [](const array& key) { return normal(key, {4}, f32); };
    const array all = vmap(draw)(keys);
    ASSERT_EQ(all.shape(), (dims{3, 4}));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(values(slice(all, {i})), values(draw(slice(keys, {i}))));
    EXPECT_EQ(values(vmap([](const array& key) { return split_key(key, 2); })(keys)),
              values(stack(
                  {split_key(slice(keys, {0}), 2), split_key(slice(keys, {1}), 2), split_key(slice(keys, {2}), 2)})));
}

TEST(vmap, of_no_examples_gives_none) {
    const array y = vmap([](const array& x) { return concat({x, exp(x)}); })(zeros({0, 3}));
    EXPECT_EQ(y.shape(), (dims{0, 6}));
}

TEST(vmap, refuses_axes_and_batches_that_do_not_fit) {
    expect_throws<index_error>([] { (void)vmap([](const array& x) { return x; })(array(1.0)); },
                               {"vmap: argument 0 is f64 () and has no axis 0 to map over"});
    expect_throws<shape_error>(
        [] {
            (void)vmap(dot)(rows, ones({3, 3}));
        },
        {"vmap: argument 1 has 3 examples along axis 0 of (3, 3), but argument 0 has 2"});
    expect_throws<value_error>([] { (void)vmap(dot, none)(rows, rows); },
                               {"vmap: no argument has an axis to map over"});
    expect_throws<value_error>([] { (void)vmap(dot, {0})(rows, rows); }, {"vmap: got 1 axes for 2 arguments"});
    expect_throws<value_error>([] { (void)vmap(dot, 0, none)(rows, rows); },
                               {"vmap: output 0 is asked for without an axis, but differs from example to example"});
    expect_throws<index_error>([] { (void)vmap(dot, 0, 1)(rows, rows); },
                               {"vmap: output 0 is f64 () for one example and cannot have them along axis 1"});
}

TEST(vmap, refuses_shapes_in_the_words_of_one_example) {
    expect_throws<shape_error>([] { (void)vmap([](const array& x) { return x + ones({2}); })(rows); },
                               {"array.add: shapes do not broadcast: (3,) and (2,)"});
}

TEST(vmap, refuses_to_read_a_batched_value) {
    expect_throws<value_error>(
        [] { (void)vmap([](const array& x) { return sum(x).item<double>() > 0 ? x : -x; })(rows); },
        {"vmap: a batched value of f64 (2,)", "choose with where, not with if"});
    expect_throws<value_error>(
        [] {
            (void)vmap([](const array& n) { return zeros({to_extent(n)}); })(array{1, 2});
        },
        {"a size cannot be different for every example", "i32 (2,)"});
}

TEST(vmap, names_an_op_without_a_rule) {
    static constinit const op unbatched{
        .name = "test.unbatched",
        .inputs = 1,
        .outputs = 1,
        .shape = shapes::same,
        .dtype = dtypes::same,
        .registers = [](registry& r) { r.add(unbatched); },
    };
    expect_throws<value_error>([] { (void)vmap([](const array& x) { return call(unbatched, {}, x); })(rows); },
                               {"test.unbatched: has no batch rule, no core ranks and no body"});
}

TEST(vmap, names_an_op_whose_rule_gives_another_shape) {
    static constinit const op wrong{
        .name = "test.wrong_batch",
        .inputs = 1,
        .outputs = 1,
        .shape = shapes::same,
        .dtype = dtypes::same,
        .batch = [](const batch_args& args, std::span<array> out,
                    std::span<int>) { out[0] = sum(args.in[0], 1, true); },
        .registers = [](registry& r) { r.add(wrong); },
    };
    expect_throws<shape_error>(
        [] { (void)vmap([](const array& x) { return call(wrong, {}, x); })(rows); },
        {"test.wrong_batch: its batch rule gave f64 (2, 1)", "a batch of 2, where one call gives f64 (3,)"});
}

TEST(vmap, runs_the_body_of_an_op_without_a_rule) {
    static constinit const op thrice{
        .name = "test.thrice",
        .inputs = 1,
        .outputs = 1,
        .shape = shapes::same,
        .dtype = dtypes::same,
        .body = [](std::span<const array> in, attributes, std::span<array> out) { out[0] = 3.0 * in[0]; },
        .registers = [](registry& r) { r.add(thrice); },
    };
    EXPECT_EQ(values(vmap([](const array& x) { return call(thrice, {}, x); })(rows)), (numbers{3, 6, 9, 12, 15, 18}));
}

TEST(vmap, notices_a_value_that_escaped) {
    array kept;
    (void)vmap([&](const array& x) { return kept = exp(x); })(rows);
    expect_throws<value_error>([&] { (void)(kept + 1.0); }, {"array.add", "made by array.exp", "has ended"});
}

}  // namespace tessera::autograd
