// Fixed arrays and array look at each other's elements without a copy.
#include <gtest/gtest.h>

#include "tessera/array/array.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/views.hpp"
#include "tessera/fixed/linalg.hpp"
#include "tessera/interop/view_as.hpp"

namespace {

using namespace tessera;

TEST(fixed_with_array, an_array_is_read_in_place) {
    const array x = reshape(arange(0, 12, 1, f64), {3, 4});
    const auto turned = permute_dims(x, {1, 0});
    const auto v = view_as<const double, 4, 3>(turned.view());
    EXPECT_EQ(v.data_handle(), (view_as<const double, 3, 4>(x.view()).data_handle()));
    EXPECT_EQ(fixed::sum<1>(v), (fixed_array<double, 4>(12, 15, 18, 21)));
    EXPECT_EQ(fixed::matmul(v, fixed_array<double, 3>(1, 0, 0)), (fixed_array<double, 4>(0, 1, 2, 3)));
    EXPECT_THROW((view_as<const double, 3, 3>(x.view())), view_mismatch);
}

TEST(fixed_with_array, a_fixed_array_is_read_and_written_in_place) {
    fixed_array<float, 2, 3> m{{1, 2, 3}, {4, 5, 6}};
    const array x = borrow(m.data(), {2, 3});
    EXPECT_EQ((view_as<const float, 2, 3>(x.view()).data_handle()), m.data());
    add(x, x, x);
    EXPECT_EQ(m, (fixed_array<float, 2, 3>{{2, 4, 6}, {8, 10, 12}}));
}

}  // namespace
