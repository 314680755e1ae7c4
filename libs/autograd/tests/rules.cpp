// The rules of every op of the array library against central differences, to second order, and against each other.
#include "expect.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/manipulation.hpp"

namespace tessera::autograd {

namespace {

using unary_function = array (*)(const array&);
using binary_function = array (*)(const array&, const array&);

void expect_rules_hold(const auto& f, const auto& at) {
    try {
        EXPECT_LT(check_gradients(f, at, {.order = 2}), 1e-6);
    } catch (const error& e) { ADD_FAILURE() << e.what(); }
}

// Elements that differ from each other and from 0, on both sides of it.
array mixed(const dims& shape, double scale = 1) {
    array x = empty(shape);
    const std::int64_t count = element_count(shape).value();
    std::vector<double> values;
    for (std::int64_t i = 0; i < count; ++i)
        values.push_back(scale * (0.3 + 0.17 * static_cast<double>(i)) * (i % 3 == 1 ? -1 : 1));
    return from_span(values, shape);
}
array positives(const dims& shape) { return abs(mixed(shape)); }

}  // namespace

TEST(rules, of_functions_of_one_array) {
    const unary_function anywhere[] = {positive, negative, abs,  sign, square, reciprocal, exp,
                                       sin,      cos,      tanh, conj, real,   imag};
    for (const unary_function f : anywhere)
        for (const dims& shape : {dims{2, 3}, dims{}, dims{0, 2}, dims{1}}) expect_rules_hold(f, mixed(shape));
    for (const unary_function f : {unary_function(sqrt), unary_function(log)}) expect_rules_hold(f, positives({2, 3}));
    // Strided and reversed operands.
    const auto sees = [](const array& x) { return exp(slice(x, {range(none, none, -1), range(0, none, 2)})); };
    expect_rules_hold(sees, mixed({2, 4}));
}

TEST(rules, of_functions_of_two_arrays_with_broadcasting) {
    for (const binary_function f : {binary_function(add), binary_function(subtract), binary_function(multiply),
                                    binary_function(divide), binary_function(maximum), binary_function(minimum)}) {
        expect_rules_hold(f, std::tuple{mixed({2, 3}), mixed({2, 3}, 1.3)});
        expect_rules_hold(f, std::tuple{mixed({2, 3}), mixed({3}, 1.3)});
        expect_rules_hold(f, std::tuple{mixed({2, 1}), mixed({1, 3}, 1.3)});
        expect_rules_hold(f, std::tuple{mixed({}), mixed({4}, 1.3)});
        expect_rules_hold(f, std::tuple{mixed({0, 3}), mixed({1, 3}, 1.3)});
        expect_rules_hold([&](const array& x) { return f(x, 0.4); }, mixed({3}));
        expect_rules_hold([&](const array& x) { return f(0.4, x); }, mixed({3}));
        expect_rules_hold([&](const array& x) { return f(x, mixed({2, 1}, 2)); }, mixed({3}));
    }
    expect_rules_hold([](const array& x) { return x * x / (x + x); }, mixed({3}));
}

TEST(rules, of_extrema_share_ties_evenly) {
    const array x = vec({1, 2}), y = vec({1, 3});
    const auto at = std::tuple{x, y};
    const auto [dx, dy] = grad([](const array& a, const array& b) { return sum(maximum(a, b)); })(at);
    expect_values(dx, {0.5, 0});
    expect_values(dy, {0.5, 1});
    const auto forward =
        jvp([](const array& a, const array& b) { return minimum(a, b); }, at, std::tuple{vec({1, 1}), vec({3, 3})});
    expect_values(forward.tangent, {2, 1});
    expect_values(grad([](const array& a) { return max(a); })(vec({1, 5, 5, 2})), {0, 0.5, 0.5, 0});
    expect_values(grad([](const array& a) { return sum(min(a, 1)); })(array{{1.0, 1.0}, {4.0, 3.0}}), {0.5, 0.5, 0, 1});
}

TEST(rules, of_where_and_clip) {
    const array condition = mixed({2, 3}) > 0.0;
    const auto choose = [&](const array& a, const array& b) { return where(condition, a, b); };
    expect_rules_hold(choose, std::tuple{mixed({2, 3}), mixed({3}, 2)});
    expect_rules_hold([&](const array& a) { return where(condition, a, 0.0); }, mixed({3}));
    expect_rules_hold([&](const array& a) { return where(condition, 1.0, a * a); }, mixed({1}));
    expect_rules_hold([](const array& x) { return clip(x, -0.5, 0.9) * x; }, mixed({8}));
    expect_rules_hold([](const array& x, const array& low, const array& high) { return clip(x, low, high); },
                      std::tuple{mixed({2, 4}), mixed({4}, -0.1), positives({2, 1}) + 0.05});
    expect_values(grad([](const array& x) { return sum(clip(x, 0.0, 1.0)); })(vec({-1, 0, 0.5, 1, 2})),
                  {0, 1, 1, 1, 0});
}

TEST(rules, of_astype_go_through_floats) {
    const auto narrow = [](const array& x) { return astype(astype(x, f32), f64) * 3.0; };
    expect_values(grad([&](const array& x) { return sum(narrow(x)); })(vec({1, 2})), {3, 3});
    const array half = astype(vec({1, 2}), f16);
    const array g = grad([](const array& x) { return sum(astype(x, f32) * 2.0); })(half);
    EXPECT_EQ(g.dtype(), f16);
    expect_values(g, {2, 2});
    expect_rules_hold([](const array& x) { return real(astype(x, c128) * std::complex<double>(2, 5)); }, mixed({3}));
}

TEST(rules, of_reductions) {
    const std::vector<reduced_axes> choices{all_axes, 0, -1, {0, 2}, axes{}};
    for (const reduced_axes& over : choices)
        for (const bool keepdims : {false, true}) {
            expect_rules_hold([&](const array& x) { return sum(x * x, over, keepdims); }, mixed({2, 3, 2}));
            expect_rules_hold([&](const array& x) { return mean(x * x, over, keepdims); }, mixed({2, 3, 2}));
            expect_rules_hold([&](const array& x) { return max(x, over, keepdims); }, mixed({2, 3, 2}));
            expect_rules_hold([&](const array& x) { return min(x, over, keepdims); }, mixed({2, 3, 2}));
            expect_rules_hold([&](const array& x) { return prod(x, over, keepdims); }, mixed({2, 3, 2}));
        }
    expect_rules_hold([](const array& x) { return sum(x, 0); }, mixed({0, 3}));
    expect_rules_hold([](const array& x) { return sum(x); }, mixed({}));
    expect_rules_hold([](const array& x) { return sum(x, 1); }, mixed({2, 0}));
}

TEST(rules, of_products_with_zeros) {
    expect_values(grad([](const array& x) { return prod(x); })(vec({2, 0, 5})), {0, 10, 0});
    expect_values(grad([](const array& x) { return prod(x); })(vec({0, 0, 5})), {0, 0, 0});
}

TEST(rules, of_views) {
    const auto views = [](const array& x) {  // x is (2, 3, 4)
        return std::vector<array>{
            slice(x, {1}),
            slice(x, {whole, range(2, none, -1), range(1, none, 2)}),
            slice(x, {ellipsis, newaxis, 0}),
            permute_dims(x, {2, 0, 1}),
            matrix_transpose(x),
            flip(x, 1),
            flip(x),
            reshape(x, {4, -1}),
            reshape(permute_dims(x, {1, 0, 2}), {6, 4}),
            broadcast_to(x, {5, 2, 3, 4}),
            broadcast_to(slice(x, {whole, range(0, 1)}), {2, 3, 4}),
            squeeze(slice(x, {whole, range(0, 1)}), 1),
            expand_dims(x, {0, -1}),
            contiguous(transpose(x)),
        };
    };
    expect_rules_hold(views, mixed({2, 3, 4}));
    expect_rules_hold([&](const array& x) { return views(x * x); }, mixed({2, 3, 4}));
    expect_rules_hold([](const array& x) { return unslice(x, {4, 3}, {range(3, none, -2), whole}); }, mixed({2, 3}));
}

TEST(rules, of_joining_and_taking) {
    expect_rules_hold(
        [](const array& a, const array& b) {
            return concat({a, b * b, a}, 1);
        },
        std::tuple{mixed({2, 2}), mixed({2, 3})});
    expect_rules_hold([](const array& a) { return concat({a, mixed({1, 2}), exp(a)}); }, mixed({2, 2}));
    expect_rules_hold(
        [](const array& a, const array& b) {
            return stack({a, b * a}, -1);
        },
        std::tuple{mixed({3}), mixed({3}, 2)});
    const array indices = reshape(array{2, 0, -1, 2}, {2, 2});
    expect_rules_hold([&](const array& x) { return take(x * x, indices, 1); }, mixed({2, 3, 2}));
    expect_rules_hold([&](const array& x) { return take(x, indices); }, mixed({2, 3}));
    expect_rules_hold([&](const array& x) { return scatter_add(x * x, indices, 0, 4); }, mixed({2, 2, 3}));
    expect_rules_hold([&](const array& x) { return split(x * x, {1, 3}); }, mixed({5}));
}

TEST(rules, of_a_composite_as_users_write_it) {
    const auto softmax = [](const array& x) {
        const array e = exp(x - max(x, -1, true));
        return e / sum(e, -1, true);
    };
    expect_rules_hold(softmax, mixed({2, 3}));
    const auto normalise = [](const array& x) {
        const array centred = x - mean(x, -1, true);
        return centred / sqrt(mean(square(centred), -1, true) + 1e-5);
    };
    expect_rules_hold(normalise, mixed({2, 4}));
}

TEST(rules, come_in_pairs) {
    (void)(array(1.0) + 1.0);  // registers the library
    for (const op* o : registry::global().ops()) EXPECT_EQ(o->jvp != nullptr, o->vjp != nullptr) << o->name;
}

}  // namespace tessera::autograd
