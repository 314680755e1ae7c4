// Numbers of the program are weak: they follow the arrays they stand beside (NEP 50).
#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/array.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera {
namespace {

TEST(a_literal, keeps_the_dtype_of_the_array_beside_it) {
    for (const dtype t : {f8e4m3, f16, bf16, f32, f64, c64, c128}) {
        EXPECT_EQ((ones({2}, t) * 2.0).dtype(), t);
        EXPECT_EQ((2 + ones({2}, t)).dtype(), t);
        EXPECT_EQ((ones({2}, t) - true).dtype(), t);
    }
    for (const dtype t : {i8, i16, i32, i64, u8, u16, u32, u64}) EXPECT_EQ((ones({2}, t) * 2).dtype(), t);
}

TEST(a_literal, of_a_higher_kind_gives_the_default_dtype_of_that_kind) {
    EXPECT_EQ((ones({2}, i8) + 0.5).dtype(), f64);
    EXPECT_EQ((ones({2}, boolean) + 1).dtype(), i64);
    EXPECT_EQ((ones({2}, boolean) + 1.5).dtype(), f64);
    EXPECT_EQ((ones({2}, f32) * std::complex<double>(0, 1)).dtype(), c64);
    EXPECT_EQ((ones({2}, f64) * std::complex<float>(0, 1)).dtype(), c128);
    EXPECT_EQ((ones({2}, i32) * std::complex<double>(0, 1)).dtype(), c128);
}

TEST(a_literal, has_the_default_dtype_by_itself) {
    EXPECT_EQ((array(1) + array(2)).dtype(), i64);
    EXPECT_EQ((array(1) + array(0.5F)).dtype(), f64);
    EXPECT_EQ(exp(1).dtype(), f64);
    EXPECT_EQ(sum(3).dtype(), i64);
    EXPECT_EQ(negative(array(true) + 1).item<int>(), -2);
    EXPECT_EQ(result_type(1, 2.0F), f64);
    EXPECT_EQ((array(1) + array(2)).item<int>(), 3);
}

TEST(a_literal, stays_one_through_ops_on_literals_alone) {
    const array half = ones({2}, f16);
    EXPECT_EQ((half * (array(2.0) * 3.0)).dtype(), f16);
    EXPECT_EQ((half * exp(array(1.0))).dtype(), f16);
    EXPECT_EQ((half + (array(1) / 2)).dtype(), f16);
    EXPECT_EQ((ones({2}, i8) + (array(2) + 3)).dtype(), i8);
    EXPECT_EQ((ones({2}, i8) + (array(1) + 0.5)).dtype(), f64);
    array x = 2.0;
    x *= 3.0;
    EXPECT_EQ((half * x).dtype(), f16);
    EXPECT_EQ((half * (-array(2.0))).to_vector<float>(), (std::vector<float>{-2, -2}));
    EXPECT_EQ((half * (std::move(x) + 1.0)).dtype(), f16);
    EXPECT_TRUE((array(1.0) < 2.0).item<bool>());
}

TEST(a_literal, is_converted_exactly_once) {
    EXPECT_EQ((zeros({1}, f16) + 0.1).item<float>(), static_cast<float>(float16(0.1)));
    EXPECT_EQ((zeros({1}, u64) + ~std::uint64_t{0}).item<std::uint64_t>(), ~std::uint64_t{0});
}

TEST(an_integer_literal, that_the_dtype_cannot_hold_is_refused) {
    expect_throws<value_error>([] { (void)(zeros({2}, i8) + 300); },
                               "array.add: literal 300 is out of the range of i8");
    expect_throws<value_error>([] { (void)(zeros({2}, u8) - (-1)); }, "-1");
    expect_throws<value_error>([] { (void)maximum(zeros({2}, u64), -5); }, "u64");
    expect_throws<value_error>([] { (void)where(array{true}, zeros({1}, i16), 40000); },
                               "array.where: literal 40000 is out of the range of i16");
    EXPECT_EQ((zeros({1}, i8) + 127).item<int>(), 127);
    EXPECT_EQ((zeros({1}, f32) + 300000000001).dtype(), f32);
}

TEST(a_literal, becomes_an_array_where_an_array_is_asked_for) {
    EXPECT_EQ(broadcast_to(2.5, {2, 2}).to_vector<double>(), std::vector<double>(4, 2.5));
    EXPECT_EQ(to(array(2.5), cpu).is_literal(), false);
    EXPECT_EQ(array(2.5).shape(), dims{});
    EXPECT_EQ(array(2.5).to_vector<float>(), std::vector<float>{2.5F});
    EXPECT_EQ(stack({array(1.0), array(2.0)}).to_vector<double>(), (std::vector<double>{1, 2}));
    const array x = 7;
    EXPECT_EQ((x.view_as<int>()()), 7);
}

TEST(a_literal, may_be_any_operand) {
    EXPECT_EQ((1.0 / array{2.0, 4.0}).to_vector<double>(), (std::vector<double>{0.5, 0.25}));
    EXPECT_EQ((3 - array{1, 2}).to_vector<int>(), (std::vector<int>{2, 1}));
    EXPECT_EQ(where(true, array{1.0F}, 2.0).dtype(), f32);
    EXPECT_EQ(clip(array{1.0F, 9.0F}, 2, 5).to_vector<float>(), (std::vector<float>{2, 5}));
    EXPECT_EQ((array{1, 2} == 2).to_vector<bool>(), (std::vector<bool>{false, true}));
}

}  // namespace
}  // namespace tessera
