// Ops that bring their own rules, lack them, or get them wrong.
#include "expect.hpp"
#include "tessera/array/op.hpp"
#include "tessera/array/rules.hpp"

namespace tessera::autograd {

namespace {

void twice_body(std::span<const array> in, attributes, std::span<array> out) { out[0] = in[0] * 2.0; }

constinit const op opaque_op{.name = "test.opaque",
                             .inputs = 1,
                             .outputs = 1,
                             .shape = shapes::same,
                             .dtype = dtypes::same,
                             .device = nullptr,
                             .view = [](const view_args& args, strides& steps, std::int64_t&) {
                                 steps = args.in_steps;
                                 return true;
                             }};
constinit const op composite_op{.name = "test.composite",
                                .inputs = 1,
                                .outputs = 1,
                                .shape = shapes::same,
                                .dtype = dtypes::same,
                                .body = twice_body};
constinit const op wrong_op{
    .name = "test.wrong",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args&, std::span<array> out) {
            out[0] = vec({1, 2, 3});
        },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = astype(args.cotangents[0], f32); },
    .body = twice_body};

array opaque(const array& x) { return call(opaque_op, {}, x); }
array composite(const array& x) { return call(composite_op, {}, x); }
array wrong(const array& x) { return call(wrong_op, {}, x); }

}  // namespace

TEST(op_without_rules, is_refused_by_name) {
    expect_throws<not_differentiable>(
        [] {
            grad([](const array& x) { return sum(opaque(x)); })(vec({1, 2}));
        },
        "test.opaque: has no vjp rule");
    expect_throws<not_differentiable>([] { jvp(opaque, vec({1, 2}), vec({1, 2})); }, "test.opaque: has no jvp rule");
}

TEST(op_without_rules, serves_as_a_constant) {
    const array c = vec({3, 4});
    expect_values(grad([&](const array& x) { return sum(opaque(c) * x); })(vec({1, 2})), {3, 4});
}

TEST(op_with_a_body, is_differentiated_through_it) {
    expect_values(grad([](const array& x) { return sum(square(composite(x))); })(vec({1, 2})), {8, 16});
    EXPECT_LT(check_gradients([](const array& x) { return sin(composite(x)); }, vec({1, 2}), {.order = 2}), 1e-6);
}

TEST(op_with_wrong_rules, is_named) {
    expect_throws<dtype_error>(
        [] {
            grad([](const array& x) { return sum(wrong(x)); })(vec({1, 2}));
        },
        "test.wrong: its vjp rule gave f32 (2,) as cotangent of input 0, which is f64 (2,)");
    expect_throws<shape_error>([] { jvp(wrong, vec({1, 2}), vec({1, 2})); }, "test.wrong: its jvp rule gave f64 (3,)");
}

TEST(check_gradients, finds_a_wrong_jvp_and_says_where) {
    static constinit const op liar{
        .name = "test.wrong_jvp",
        .inputs = 1,
        .outputs = 1,
        .shape = shapes::same,
        .dtype = dtypes::same,
        .jvp =
            [](const jvp_args& args, std::span<array> out) {
                out[0] = args.tangents[0] * vec({2, 3});
            },
        .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = args.cotangents[0] * 2.0; },
        .body = twice_body};
    const auto f = [](const array& x) { return call(liar, {}, x); };
    expect_throws<value_error>(
        [&] {
            check_gradients(f, vec({1, 2}));
        },
        "output 0 (2,) at 1 along input 0 (2,) at 1 is 3 by jvp");
    EXPECT_LT(check_gradients(f, vec({1, 2}), {.forward = false}), 1e-6);
}

TEST(check_gradients, finds_a_vjp_that_is_not_the_transpose) {
    static constinit const op liar{
        .name = "test.wrong_vjp",
        .inputs = 1,
        .outputs = 1,
        .shape = shapes::same,
        .dtype = dtypes::same,
        .jvp = [](const jvp_args& args, std::span<array> out) { out[0] = args.tangents[0] * 2.0; },
        .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = args.cotangents[0] * 5.0; },
        .body = twice_body};
    const auto f = [](const array& x) { return call(liar, {}, x); };
    expect_throws<value_error>([&] { check_gradients(f, vec({1, 2})); }, "but <J^T ct, v> is");
    expect_throws<value_error>(
        [&] {
            check_gradients(f, vec({1, 2}), {.forward = false});
        },
        "by central differences, but");
    EXPECT_LT(check_gradients(f, vec({1, 2}), {.reverse = false}), 1e-6);
}

TEST(check_gradients, needs_double_precision) {
    expect_throws<dtype_error>(
        [] {
            check_gradients([](const array& x) { return x; }, array{1.0F, 2.0F});
        },
        "differences need f64");
}

}  // namespace tessera::autograd
