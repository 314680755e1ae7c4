// Layouts that other builds, other components and other frameworks rely on.
#include <cstddef>
#include <type_traits>

#include <gtest/gtest.h>

#include "tessera/interop/any_view.hpp"
#include "tessera/interop/dlpack.hpp"

namespace tessera {
namespace {

TEST(any_view, has_the_layout_every_component_was_built_with) {
    static_assert(std::is_standard_layout_v<any_view> && std::is_trivially_copyable_v<any_view>);
    EXPECT_EQ(sizeof(any_view), 56U);
    EXPECT_EQ(offsetof(any_view, data), 0U);
    EXPECT_EQ(offsetof(any_view, offset), 8U);
    EXPECT_EQ(offsetof(any_view, shape), 16U);
    EXPECT_EQ(offsetof(any_view, strides), 24U);
    EXPECT_EQ(offsetof(any_view, rank), 32U);
    EXPECT_EQ(offsetof(any_view, dtype), 36U);
    EXPECT_EQ(offsetof(any_view, device), 40U);
    EXPECT_EQ(offsetof(any_view, flags), 48U);
    EXPECT_EQ(sizeof(device), 8U);
}

TEST(dtype, has_the_codes_every_component_was_built_with) {
    const dtype in_order[] = {boolean, i8,     i16, i32,  i64, u8,  u16, u32, u64,
                              f8e4m3,  f8e5m2, f16, bf16, f32, f64, c64, c128};
    for (int i = 0; i < dtype_count; ++i) EXPECT_EQ(static_cast<int>(in_order[i]), i);
    EXPECT_EQ(sizeof(dtype), 1U);
}

TEST(dlpack, has_the_layout_of_the_1_x_abi) {
    using namespace dlpack;
    EXPECT_EQ(sizeof(tensor), 48U);
    EXPECT_EQ(offsetof(tensor, device_type), 8U);
    EXPECT_EQ(offsetof(tensor, ndim), 16U);
    EXPECT_EQ(offsetof(tensor, dtype), 20U);
    EXPECT_EQ(offsetof(tensor, shape), 24U);
    EXPECT_EQ(offsetof(tensor, strides), 32U);
    EXPECT_EQ(offsetof(tensor, byte_offset), 40U);
    EXPECT_EQ(sizeof(legacy_tensor), 64U);
    EXPECT_EQ(offsetof(legacy_tensor, manager_ctx), 48U);
    EXPECT_EQ(offsetof(legacy_tensor, deleter), 56U);
    EXPECT_EQ(sizeof(versioned_tensor), 80U);
    EXPECT_EQ(offsetof(versioned_tensor, manager_ctx), 8U);
    EXPECT_EQ(offsetof(versioned_tensor, deleter), 16U);
    EXPECT_EQ(offsetof(versioned_tensor, flags), 24U);
    EXPECT_EQ(offsetof(versioned_tensor, dl_tensor), 32U);
}

}  // namespace
}  // namespace tessera
