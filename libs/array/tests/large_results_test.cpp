// Results far larger than the caches are stored past them: the same bits, whatever their alignment.
#include <gtest/gtest.h>

#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

constexpr std::int64_t count = 5'000'003;  // 20 MB of f32

array numbers() { return arange(0, count, 1, f32); }

void expect_doubled(const array& y) {
    const auto* first = y.view().first<float>();
    std::int64_t wrong = 0;
    for (std::int64_t i = 0; i < y.size().value(); ++i)
        wrong += first[i] != static_cast<float>(i) + static_cast<float>(i);
    EXPECT_EQ(wrong, 0);
}

TEST(a_large_result, holds_every_element) {
    const array x = numbers();
    expect_doubled(x + x);
    expect_doubled(multiply(2.0, x));
}

TEST(a_large_result, may_begin_anywhere) {
    const array x = numbers();
    const array memory = zeros({count + 3}, f32);
    const array out = slice(memory, {range(1, count + 1)});
    add(x, x, out);
    expect_doubled(out);
    EXPECT_EQ(slice(memory, {0}).item<float>(), 0.0F);
    EXPECT_EQ(slice(memory, {count + 1}).item<float>(), 0.0F);
}

TEST(a_large_result, may_be_an_operand) {
    array x = numbers();
    add(x, x, x);
    expect_doubled(x);
    array y = numbers();
    y *= 2.0;
    expect_doubled(y);
}

}  // namespace
}  // namespace tessera
