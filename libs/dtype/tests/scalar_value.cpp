#include "tessera/dtype/scalar_value.hpp"

#include <cmath>
#include <complex>

#include <gtest/gtest.h>

#include "tessera/interop/text.hpp"

namespace tessera {
namespace {

TEST(scalar_value, holds_one_element_of_any_dtype) {
    EXPECT_EQ(scalar_value(2.5).dtype, f64);
    EXPECT_EQ(scalar_value(2.5).as<double>(), 2.5);
    EXPECT_EQ(scalar_value(float16(1.5)).dtype, f16);
    EXPECT_EQ(scalar_value(std::complex<double>(1, 2)).as<std::complex<double>>(), std::complex<double>(1, 2));
    EXPECT_EQ(scalar_value().as<bool>(), false);
    static_assert(scalar_value(7).as<float>() == 7.0F);
}

TEST(scalar_value, casts_as_arrays_do) {
    EXPECT_EQ(scalar_value(2.9).cast(i32).as<int>(), 2);
    EXPECT_EQ(scalar_value(300).cast(u8).as<int>(), 44);
    EXPECT_EQ(scalar_value(1e9).cast(f16, overflow::saturate).as<float>(), 65504.0F);
    EXPECT_EQ(scalar_value(3).cast(c64).as<std::complex<float>>(), std::complex<float>(3, 0));
}

TEST(scalar_value, compares_dtype_and_bits) {
    EXPECT_EQ(scalar_value(std::nan("")), scalar_value(std::nan("")));
    EXPECT_FALSE(scalar_value(0.0) == scalar_value(-0.0));
    EXPECT_FALSE(scalar_value(0.0F) == scalar_value(0.0));
}

TEST(scalar_value, reads_an_element_from_memory) {
    const unsigned char bytes[] = {0xff, 0x00, 0x3c};
    EXPECT_EQ(scalar_value::read(f16, bytes + 1).as<float>(), 1.0F);
    EXPECT_EQ(scalar_value::read(boolean, bytes), scalar_value(true));
}

TEST(scalar_value, prints_its_value) {
    EXPECT_EQ(text(scalar_value(2.5), " ", scalar_value(-3), " ", scalar_value(true)), "2.5 -3 true");
    EXPECT_EQ(text(scalar_value(std::complex<float>(1, -2)), " ", scalar_value(bfloat16(0.5))), "1-2i 0.5");
}

}  // namespace
}  // namespace tessera
