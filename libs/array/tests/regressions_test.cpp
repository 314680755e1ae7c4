// Values that once were wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>

#include "expect_throws.hpp"
#include "tessera/array/ops.hpp"

namespace tessera {
namespace {

TEST(out, that_a_repeated_operand_looks_at_behaves_as_if_it_had_been_copied) {
    for (const dtype t : {f16, bf16, f8e4m3, f32, f64}) {
        const array x = full({5000}, 2.0, t);
        add(x, broadcast_to(slice(x, {range(0, 1)}), {5000}), x);
        EXPECT_EQ(x.to_vector<double>(), std::vector<double>(5000, 4.0)) << name(t);
    }
}

TEST(zeros, of_no_elements_beside_huge_axes_has_strides) {
    EXPECT_EQ(zeros({0, std::int64_t{1} << 40, std::int64_t{1} << 40}).size(), extent{0});
}

TEST(array_handle, moved_from_releases_what_its_target_had) {
    array a = zeros({4}), b = ones({4});
    b = std::move(a);
    EXPECT_TRUE(a.is_null());  // NOLINT: the moved-from handle is looked at on purpose
}

TEST(borrow, refuses_memory_that_is_not_aligned_to_its_elements) {
    alignas(double) std::byte memory[64] = {};
    const std::int64_t shape[] = {2}, steps[] = {1};
    any_view v;
    v.data = memory + 1;
    v.shape = shape;
    v.strides = steps;
    v.rank = 1;
    expect_throws<value_error>([&] { (void)borrow(v, 2, {}); },
                               "borrow: memory of f64 must be aligned to its elements, got an address 1 bytes beyond");
}

}  // namespace
}  // namespace tessera
