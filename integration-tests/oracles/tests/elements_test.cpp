#include <cmath>

#include <gtest/gtest.h>

#include "elements.hpp"
#include "tensors.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::oracles {
namespace {

double decoded(const testing::host_tensor& t) { return values_of(t).at(0).real(); }

TEST(values_of, decodes_half_precision) {
    EXPECT_EQ(decoded(tensor_of<std::uint16_t>(f16, {0x3C00})), 1.0);
    EXPECT_EQ(decoded(tensor_of<std::uint16_t>(f16, {0xFBFF})), -65504.0);
    EXPECT_EQ(decoded(tensor_of<std::uint16_t>(f16, {0x0001})), std::ldexp(1.0, -24));
    EXPECT_TRUE(std::isinf(decoded(tensor_of<std::uint16_t>(f16, {0x7C00}))));
    EXPECT_TRUE(std::isnan(decoded(tensor_of<std::uint16_t>(f16, {0x7C01}))));
}

TEST(values_of, decodes_bfloat16_and_both_float8) {
    EXPECT_EQ(decoded(tensor_of<std::uint16_t>(bf16, {0xC049})), -3.140625);
    EXPECT_EQ(decoded(tensor_of<std::uint8_t>(f8e4m3, {0x7E})), 448.0);
    EXPECT_TRUE(std::isnan(decoded(tensor_of<std::uint8_t>(f8e4m3, {0xFF}))));
    EXPECT_EQ(decoded(tensor_of<std::uint8_t>(f8e4m3, {0x01})), std::ldexp(1.0, -9));
    EXPECT_EQ(decoded(tensor_of<std::uint8_t>(f8e5m2, {0x7B})), 57344.0);
    EXPECT_TRUE(std::isinf(decoded(tensor_of<std::uint8_t>(f8e5m2, {0xFC}))));
}

TEST(element_text, shows_each_kind_of_element) {
    EXPECT_EQ(element_text(tensor_of<std::uint8_t>(boolean, {1}), 0), "true");
    EXPECT_EQ(element_text(tensor_of<std::int8_t>(i8, {-3}), 0), "-3");
    EXPECT_EQ(element_text(tensor_of<std::uint64_t>(u64, {~0ULL}), 0), "18446744073709551615");
    EXPECT_EQ(element_text(floats({0.1F}), 0), "0.1");
    EXPECT_EQ(element_text(tensor_of<std::complex<double>>(c128, {{1, -2}}), 0), "(1, -2)");
}

TEST(position_text, counts_in_row_major_order) {
    EXPECT_EQ(position_text(tensor_of<float>(f32, std::vector<float>(6), {2, 3}), 5), "(1, 2)");
    EXPECT_EQ(position_text(tensor_of<float>(f32, {1}, {}), 0), "()");
}

TEST(spacing, is_the_gap_to_the_next_value) {
    EXPECT_EQ(spacing(f32, 1.0), std::ldexp(1.0, -23));
    EXPECT_EQ(spacing(f64, 1.5), std::ldexp(1.0, -52));
    EXPECT_EQ(spacing(f64, 0.0), std::ldexp(1.0, -1074));
    EXPECT_EQ(spacing(f16, 2048.0), 2.0);
    EXPECT_EQ(spacing(f8e4m3, 1e-3), std::ldexp(1.0, -9));
}

TEST(converted, rounds_doubles_to_floats) {
    const testing::host_tensor t = converted(doubles({1.0 + 1e-12, 2.5}), f32);
    EXPECT_EQ(t.dtype, f32);
    EXPECT_EQ(t.shape, std::vector<std::int64_t>{2});
    EXPECT_EQ(values_of(t)[0].real(), 1.0);
    EXPECT_EQ(values_of(t)[1].real(), 2.5);
    EXPECT_THROW(converted(t, i32), dtype_error);
}

}  // namespace
}  // namespace tessera::oracles
