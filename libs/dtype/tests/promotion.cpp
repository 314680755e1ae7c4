#include "tessera/dtype/promotion.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tessera/interop/text.hpp"

namespace tessera {
namespace {

std::vector<dtype> all() {
    std::vector<dtype> result;
    for (int d = 0; d < dtype_count; ++d) result.push_back(static_cast<dtype>(d));
    return result;
}

// Bits of integers that a type holds exactly, with a sign or without.
struct range {
    int magnitude_bits;
    bool negative;
};

range exact_integers(dtype d) {
    switch (real_part(d)) {
    case boolean: return {1, false};
    case i8: return {7, true};
    case i16: return {15, true};
    case i32: return {31, true};
    case i64: return {63, true};
    case u8: return {8, false};
    case u16: return {16, false};
    case u32: return {32, false};
    case u64: return {64, false};
    case f8e4m3: return {4, true};
    case f8e5m2: return {3, true};
    case f16: return {11, true};
    case bf16: return {8, true};
    case f32: return {24, true};
    default: return {53, true};
    }
}

TEST(promote, is_symmetric_and_keeps_equal_dtypes) {
    for (const dtype a : all()) {
        EXPECT_EQ(promote(a, a), a) << name(a);
        EXPECT_EQ(promote(a, boolean), a) << name(a);
        for (const dtype b : all()) EXPECT_EQ(promote(a, b), promote(b, a)) << name(a) << " " << name(b);
    }
}

TEST(promote, is_an_upper_bound) {
    for (const dtype a : all()) {
        for (const dtype b : all()) {
            const dtype meet = promote(a, b);
            EXPECT_EQ(promote(meet, a), meet) << name(a) << " " << name(b);
            EXPECT_EQ(promote(meet, b), meet) << name(a) << " " << name(b);
        }
    }
}

TEST(promote, gives_a_dtype_that_holds_the_integers_of_both) {
    for (const dtype a : all()) {
        for (const dtype b : all()) {
            const range have = exact_integers(promote(a, b)), need = exact_integers(a);
            if (exact_integers(a).magnitude_bits > 32) continue;  // i64 and u64 with floats: f64, as NumPy
            EXPECT_GE(have.magnitude_bits, need.magnitude_bits) << name(a) << " " << name(b);
            EXPECT_GE(have.negative, need.negative) << name(a) << " " << name(b);
        }
    }
}

TEST(promote, follows_numpy) {
    EXPECT_EQ(promote(i8, u8), i16);
    EXPECT_EQ(promote(i32, u32), i64);
    EXPECT_EQ(promote(i64, u64), f64);
    EXPECT_EQ(promote(i16, f16), f32);
    EXPECT_EQ(promote(i32, f32), f64);
    EXPECT_EQ(promote(f32, f64), f64);
    EXPECT_EQ(promote(i32, c64), c128);
    EXPECT_EQ(promote(f64, c64), c128);
}

TEST(promote, widens_narrow_floats_to_what_holds_both) {
    EXPECT_EQ(promote(f16, bf16), f32);
    EXPECT_EQ(promote(f8e4m3, f8e5m2), f16);
    EXPECT_EQ(promote(f8e4m3, bf16), bf16);
    EXPECT_EQ(promote(f8e5m2, f16), f16);
    EXPECT_EQ(promote(u8, bf16), bf16);
    EXPECT_EQ(promote(i16, bf16), f32);
    EXPECT_EQ(promote(i8, f8e4m3), f16);
}

TEST(promote, keeps_an_array_beside_a_literal_of_its_kind_or_a_lower_one) {
    for (const dtype d : all()) EXPECT_EQ(promote(d, weak_kind::boolean), d);
    EXPECT_EQ(promote(i8, weak_kind::integer), i8);
    EXPECT_EQ(promote(boolean, weak_kind::integer), i64);
    EXPECT_EQ(promote(f16, weak_kind::floating), f16);
    EXPECT_EQ(promote(f8e4m3, weak_kind::floating), f8e4m3);
    EXPECT_EQ(promote(i32, weak_kind::floating), f64);
    EXPECT_EQ(promote(weak_kind::floating, boolean), f64);
    EXPECT_EQ(promote(bf16, weak_kind::complex), c64);
    EXPECT_EQ(promote(f64, weak_kind::complex), c128);
    EXPECT_EQ(promote(i8, weak_kind::complex), c128);
    EXPECT_EQ(promote(c64, weak_kind::complex), c64);
    EXPECT_EQ(promote(weak_kind::integer, weak_kind::floating), weak_kind::floating);
}

TEST(sum_dtype, gives_integers_64_bits) {
    EXPECT_EQ(sum_dtype(boolean), i64);
    EXPECT_EQ(sum_dtype(i8), i64);
    EXPECT_EQ(sum_dtype(u16), u64);
    EXPECT_EQ(sum_dtype(f16), f16);
    EXPECT_EQ(sum_dtype(c64), c64);
    EXPECT_EQ(mean_dtype(u8), f64);
    EXPECT_EQ(mean_dtype(bf16), bf16);
    EXPECT_EQ(complex_of(f32), c64);
    EXPECT_EQ(complex_of(f64), c128);
    EXPECT_EQ(real_part(c128), f64);
}

TEST(can_cast, admits_by_rule) {
    EXPECT_TRUE(can_cast(i64, f64, casting::safe));
    EXPECT_TRUE(can_cast(f16, f32, casting::safe));
    EXPECT_FALSE(can_cast(f16, bf16, casting::safe));
    EXPECT_FALSE(can_cast(i32, f32, casting::safe));
    EXPECT_TRUE(can_cast(i32, f32, casting::same_kind));
    EXPECT_TRUE(can_cast(f64, f16, casting::same_kind));
    EXPECT_TRUE(can_cast(u8, i8, casting::same_kind));
    EXPECT_FALSE(can_cast(i8, u8, casting::same_kind));
    EXPECT_FALSE(can_cast(f32, i64, casting::same_kind));
    EXPECT_FALSE(can_cast(c64, f64, casting::same_kind));
    EXPECT_TRUE(can_cast(c64, boolean, casting::any));
}

}  // namespace
}  // namespace tessera
