#include "tessera/array/reductions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_throws.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using ints = std::vector<int>;
using reals = std::vector<double>;
const double nan = std::nan("");
const double inf = HUGE_VAL;

// 0, 1, 2, ... in that shape.
array counting(const dims& shape) { return reshape(arange(element_count(shape).value()), shape); }

void expect(const array& x, const dims& shape, const ints& values) {
    EXPECT_EQ(x.shape(), shape);
    EXPECT_EQ(x.to_vector<int>(), values);
}

TEST(sum, runs_over_all_axes_unless_some_are_given) {
    const array x = counting({2, 3});
    expect(sum(x), {}, {15});
    expect(sum(x, 0), {3}, {3, 5, 7});
    expect(sum(x, 1), {2}, {3, 12});
    expect(sum(x, {0, 1}), {}, {15});
    expect(sum(x, all_axes), {}, {15});
    expect(sum(array(7)), {}, {7});
}

TEST(sum, counts_negative_axes_from_the_back) {
    const array x = counting({2, 3, 2});
    expect(sum(x, -1), {2, 3}, {1, 5, 9, 13, 17, 21});
    expect(sum(x, {-1, 0}), {3}, {14, 22, 30});
    expect(sum(x, {0, -1}), {3}, {14, 22, 30});
    expect(sum(x, {2, -2}), {2}, {15, 51});
}

TEST(sum, keeps_reduced_axes_as_one_when_keepdims) {
    const array x = counting({2, 3});
    expect(sum(x, 0, true), {1, 3}, {3, 5, 7});
    expect(sum(x, -1, true), {2, 1}, {3, 12});
    expect(sum(x, all_axes, true), {1, 1}, {15});
}

TEST(sum, over_no_axes_changes_the_dtype_at_most) {
    const array x = astype(counting({2, 2}), i8);
    const array y = sum(x, {});
    expect(y, {2, 2}, {0, 1, 2, 3});
    EXPECT_EQ(y.dtype(), i64);
}

TEST(sum, of_nothing_is_zero_of_every_dtype) {
    expect(sum(zeros({0})), {}, {0});
    expect(sum(zeros({2, 0, 3}), 1), {2, 3}, {0, 0, 0, 0, 0, 0});
    expect(sum(zeros({0, 3}), 1), {0}, {});
    expect(prod(zeros({0, 3}), 0), {3}, {1, 1, 1});
    EXPECT_FALSE(any(zeros({0})).item<bool>());
    EXPECT_TRUE(all(zeros({0})).item<bool>());
    EXPECT_TRUE(std::isnan(mean(zeros({0})).item<double>()));
    expect(sum(zeros({0}, c64)), {}, {0});
}

TEST(sum, of_integers_is_64_bits_wide) {
    EXPECT_EQ(sum(full({100}, 127, i8)).item<int>(), 12700);
    EXPECT_EQ(sum(full({3}, 200, u8)).dtype(), u64);
    EXPECT_EQ(sum(full({3}, 1, u64)).dtype(), u64);
    EXPECT_EQ(sum(array{true, true, false}).item<int>(), 2);
    EXPECT_EQ(sum(array{true, true, false}).dtype(), i64);
    EXPECT_EQ(prod(full({3}, 100, i16)).item<int>(), 1000000);
    EXPECT_EQ(sum(full({4}, 1.5, f16)).dtype(), f16);
    EXPECT_EQ(prod(array{2.0F, 3.0F}).dtype(), f32);
}

TEST(sum, of_half_floats_rounds_once) {
    EXPECT_EQ(sum(full({10000}, 1.0, f16)).item<float>(), 10000);  // 2048 if every step were rounded
    EXPECT_EQ(mean(full({70000}, 2.0, f16)).item<float>(), 2);     // the sum is beyond f16
}

TEST(sum, of_negative_zeros_is_positive) {
    const array x = full({3, 2}, -0.0);
    EXPECT_FALSE(std::signbit(sum(x).item<double>()));
    EXPECT_FALSE(std::signbit(sum(x, 0).to_vector<double>()[0]));
    EXPECT_FALSE(std::signbit(mean(x, 1).to_vector<double>()[0]));
    EXPECT_FALSE(std::signbit(sum(x, {}).to_vector<double>()[0]));
    EXPECT_TRUE(std::signbit(max(x).item<double>()));
}

TEST(sum, of_complex_numbers_adds_both_parts) {
    const array x{std::complex<double>(1, 2), std::complex<double>(3, -5)};
    EXPECT_EQ(sum(x).item<std::complex<double>>(), std::complex<double>(4, -3));
    EXPECT_EQ(prod(x).item<std::complex<double>>(), std::complex<double>(13, 1));
    EXPECT_EQ(mean(x).item<std::complex<double>>(), std::complex<double>(2, -1.5));
}

TEST(mean, of_integers_and_booleans_is_f64) {
    const array x = counting({2, 3});
    EXPECT_EQ(mean(x).dtype(), f64);
    EXPECT_EQ(mean(x, 0).to_vector<double>(), (reals{1.5, 2.5, 3.5}));
    EXPECT_EQ(mean(x, 1).to_vector<double>(), (reals{1, 4}));
    EXPECT_EQ(mean(array{true, false, true, true}).item<double>(), 0.75);
    EXPECT_EQ(mean(full({5000}, INT64_MAX, i64)).item<double>(), 0x1p63);  // the integer sum would overflow
    EXPECT_EQ(mean(array{1.0F, 2.0F}).dtype(), f32);
}

TEST(max, lets_a_nan_win) {
    const array x{{1.0, 5.0, 2.0}, {4.0, nan, 9.0}};
    EXPECT_EQ(max(x, 1).to_vector<double>()[0], 5);
    EXPECT_TRUE(std::isnan(max(x, 1).to_vector<double>()[1]));
    EXPECT_TRUE(std::isnan(min(x).item<double>()));
    EXPECT_EQ(min(x, 0).to_vector<double>()[2], 2);
    EXPECT_EQ(max(array{-inf, -inf}).item<double>(), -inf);
    expect(max(astype(counting({2, 3}), u8), 0), {3}, {3, 4, 5});
    EXPECT_TRUE(max(array{false, true}).item<bool>());
}

TEST(max, refuses_to_choose_from_nothing) {
    expect_throws<shape_error>([] { max(zeros({0})); },
                               "array.max: needs at least one element to reduce, got shape (0,)");
    expect_throws<shape_error>([] { min(zeros({2, 0}), 1); }, "array.min: needs at least one");
    expect_throws<shape_error>([] { argmax(zeros({0, 3}), 0); }, "array.argmax: needs at least one element to choose");
    expect(max(zeros({0, 3}), 1), {0}, {});
    expect(argmin(zeros({0, 3}), 1), {0}, {});
}

TEST(argmax, gives_the_first_index_of_the_greatest) {
    const array x{{1, 7, 7}, {9, 0, 9}};
    expect(argmax(x), {}, {3});
    expect(argmax(x, 1), {2}, {1, 0});
    expect(argmax(x, 0), {3}, {1, 0, 1});
    expect(argmin(x, -1), {2}, {0, 1});
    expect(argmax(x, 1, true), {2, 1}, {1, 0});
    expect(argmin(x, std::nullopt, true), {1, 1}, {4});
    EXPECT_EQ(argmax(x).dtype(), i64);
    expect(argmax(array{1.0, nan, 3.0, nan}), {}, {1});
    expect(argmin(array{1.0, nan, 3.0, nan}), {}, {1});
    expect(argmax(array(3.0)), {}, {0});
}

TEST(argmax, counts_in_row_major_order_whatever_the_strides) {
    const array x = counting({30, 50});
    const array peak = where(equal(x, 777) | equal(x, 1203), 1.0, 0.0);
    expect(argmax(peak), {}, {777});
    expect(argmax(transpose(peak)), {}, {1203 % 50 * 30 + 1203 / 50});
    expect(argmax(flip(peak)), {}, {1499 - 1203});
    expect(argmax(slice(peak, {range(1, none, 2), range(none, none, 3)})), {}, {7 * 17 + 9});  // 777 = 15 * 50 + 27
}

TEST(any, takes_every_element_but_zero_for_true) {
    EXPECT_TRUE(any(array{0.0, nan}).item<bool>());
    EXPECT_FALSE(any(array{0.0, -0.0}).item<bool>());
    expect(any(array{{0, 2}, {0, 0}}, 1), {2}, {1, 0});
    expect(all(array{{3, 2}, {0, 1}}, 0), {2}, {0, 1});
    EXPECT_EQ(all(array{1.5, -1.0}).dtype(), boolean);
    EXPECT_TRUE(any(array{std::complex<float>(0, 1)}).item<bool>());
}

TEST(reductions, write_into_destinations) {
    const array x = counting({2, 3}), wide = zeros({3, 2}, i64);
    sum(x, 0, false, slice(wide, {whole, 1}));
    expect(wide, {3, 2}, {0, 3, 0, 5, 0, 7});
    mean(x, 1, true, slice(zeros({2, 1}), {}));
    const array where_at = zeros({2}, i64);
    argmax(x, 1, false, where_at);
    expect(where_at, {2}, {2, 2});
    expect_throws<dtype_error>([&] { sum(x, 0, false, zeros({3})); }, "array.sum: out is f64 (3,)");
    expect_throws<shape_error>([&] { sum(x, 0, true, zeros({3}, i64)); }, "array.sum: out is i64 (3,)");
}

TEST(reductions, into_memory_of_their_operand_see_it_as_it_was) {
    const array x = counting({3, 3});
    sum(x, 0, false, slice(x, {0}));
    expect(slice(x, {0}), {3}, {9, 12, 15});
}

TEST(reductions, of_literals_have_their_default_dtypes) {
    EXPECT_EQ(max(array(7)).dtype(), i64);
    EXPECT_EQ(sum(array(2.5F)).dtype(), f64);
    EXPECT_EQ(sum(array(2.5F) * array{1.0F}).dtype(), f32);
}

TEST(reductions, refuse_axes_that_are_not_there) {
    const array x = counting({2, 3});
    expect_throws<index_error>([&] { sum(x, 2); }, "array.sum: axis 2 is out of range for rank 2");
    expect_throws<index_error>([&] { mean(x, {0, -3}); }, "array.mean: axis -3 is out of range for rank 2");
    expect_throws<index_error>([&] { max(x, {1, -1}); }, "array.max: an axis is given twice in (1, -1)");
    expect_throws<index_error>([&] { argmax(array(1.0), 0); }, "array.argmax: axis 0 is out of range for rank 0");
    expect_throws<value_error>([&] { sum(array()); }, "array.sum: argument 0 is a null array");
    expect_throws<dtype_error>([&] { max(zeros({2}, c64)); }, "array.max: is not defined for c64");
    expect_throws<dtype_error>([&] { argmin(zeros({2}, c128)); }, "array.argmin: is not defined for c128");
}

// ---- derivatives, through the rules themselves
// -----------------------------------------------------------------------

const op& op_named(std::string_view name) {
    for (const op* o : registry::global().ops())
        if (o->name == name) return *o;
    throw value_error(text("no op ", name));
}

array vjp_of(std::string_view name, const array& x, const array& y, const array& ct, const reduction_attributes& how) {
    const op& o = op_named(name);
    const bool needed[] = {true};
    array in_ct;
    o.vjp({o, how, {&x, 1}, {&y, 1}, {&ct, 1}, needed}, {&in_ct, 1});
    return in_ct;
}
array jvp_of(std::string_view name, const array& x, const array& y, const array& t, const reduction_attributes& how) {
    const op& o = op_named(name);
    array out_t;
    o.jvp({o, how, {&x, 1}, {&y, 1}, {&t, 1}}, {&out_t, 1});
    return out_t;
}

TEST(sum_vjp, gives_every_element_the_cotangent_of_its_sum) {
    const array x = astype(counting({2, 3}), f64), ct{10.0, 20.0};
    EXPECT_EQ(vjp_of("array.sum", x, sum(x, 1), ct, {{1}, false}).to_vector<double>(), (reals{10, 10, 10, 20, 20, 20}));
    EXPECT_EQ(vjp_of("array.mean", x, mean(x, 1), ct * 3.0, {{1}, false}).to_vector<double>(),
              (reals{10, 10, 10, 20, 20, 20}));
    const array kept = reshape(ct, {2, 1});
    EXPECT_EQ(vjp_of("array.sum", x, sum(x, 1, true), kept, {{1}, true}).to_vector<double>(),
              (reals{10, 10, 10, 20, 20, 20}));
    EXPECT_TRUE(vjp_of("array.sum", x, sum(x, 1), {}, {{1}, false}).is_null());
}

TEST(prod_vjp, is_right_beside_zeros) {
    const array x{{2.0, 3.0, 5.0}, {2.0, 0.0, 5.0}, {0.0, 0.0, 5.0}}, one{1.0, 1.0, 1.0};
    const array g = vjp_of("array.prod", x, prod(x, 1), one, {{1}, false});
    EXPECT_EQ(g.to_vector<double>(), (reals{15, 10, 6, 0, 10, 0, 0, 0, 0}));
    const array along_both = vjp_of("array.prod", slice(x, {range(0, 1)}), array(30.0), array(1.0), {{0, 1}, false});
    EXPECT_EQ(along_both.to_vector<double>(), (reals{15, 10, 6}));
    const array tangent = jvp_of("array.prod", x, prod(x, 1), ones({3, 3}), {{1}, false});
    EXPECT_EQ(tangent.to_vector<double>(), (reals{31, 10, 0}));
}

TEST(prod_vjp, reaches_every_other_along_a_longer_axis) {
    const array x{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0}, y = prod(x);
    EXPECT_EQ(vjp_of("array.prod", x, y, array(1.0), {{0}, false}).to_vector<double>(),
              (reals{5040, 2520, 1680, 1260, 1008, 840, 720}));
}

TEST(prod_vjp, multiplies_the_others_of_several_axes) {
    const array x = astype(counting({2, 3, 2}), f64) + 1.0;
    const array g = vjp_of("array.prod", x, prod(x, {0, 2}), ones({3}), {{0, 2}, false});
    EXPECT_EQ(g.to_vector<double>(), (reals{2 * 7 * 8, 7 * 8, 4 * 9 * 10, 3 * 9 * 10, 6 * 11 * 12, 5 * 11 * 12, 2 * 8,
                                            2 * 7, 12 * 10, 12 * 9, 30 * 12, 30 * 11}));
    EXPECT_EQ(vjp_of("array.prod", array{4.0}, array(4.0), array(3.0), {{0}, false}).to_vector<double>(), (reals{3}));
    EXPECT_EQ(vjp_of("array.prod", zeros({0}), array(1.0), array(3.0), {{0}, false}).shape(), (dims{0}));
}

TEST(max_vjp, is_shared_by_ties) {
    const array x{{1.0, 4.0, 4.0}, {7.0, 2.0, 3.0}}, ct{6.0, 5.0};
    EXPECT_EQ(vjp_of("array.max", x, max(x, 1), ct, {{1}, false}).to_vector<double>(), (reals{0, 3, 3, 5, 0, 0}));
    EXPECT_EQ(jvp_of("array.min", x, min(x, 1), ones({2, 3}), {{1}, false}).to_vector<double>(), (reals{1, 1}));
    EXPECT_TRUE(vjp_of("array.argmax", x, argmax(x, 1), ct, {{1}, false}).is_null());
}

}  // namespace
}  // namespace tessera
