#include "tessera/interop/text.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(text, puts_parts_one_after_the_other) {
    EXPECT_EQ(text("a has ", 3, " axes, not ", std::int64_t{-1}), "a has 3 axes, not -1");
    EXPECT_EQ(text(true, " ", 2.5, " ", f8e4m3), "true 2.5 f8e4m3");
}

TEST(text, writes_shapes_as_tuples) {
    const std::vector<std::int64_t> none, one{4}, two{2, 3};
    EXPECT_EQ(text(std::span<const std::int64_t>(none)), "()");
    EXPECT_EQ(text(std::span<const std::int64_t>(one)), "(4,)");
    EXPECT_EQ(text(std::span<const std::int64_t>(two)), "(2, 3)");
}

TEST(text, names_devices) {
    EXPECT_EQ(text(cpu, " ", device{7, 1}, " ", device{70, 0}), "cpu:0 vulkan:1 device(70):0");
}

}  // namespace
}  // namespace tessera
