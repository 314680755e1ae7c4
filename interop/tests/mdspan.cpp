#include "tessera/interop/mdspan.hpp"

#include <gtest/gtest.h>

namespace tessera {
namespace {

#if defined(__cpp_lib_mdspan)

TEST(mdspan, and_views_see_the_same_elements) {
    static_assert(has_mdspan);
    float values[] = {0, 1, 2, 3, 4, 5};
    const array_view v(values, extents<2, dynamic_extent>(3));
    const auto m = mdspan_of(v);
    static_assert(decltype(m)::static_extent(0) == 2);
    EXPECT_EQ(m.extent(1), 3);
    const auto back = view_of(m);
    static_assert(std::is_same_v<decltype(back), const array_view<float, extents<2, dynamic_extent>>>);
    EXPECT_EQ(&back(1, 2), values + 5);
    const array_view<float, extents<2>> repeated(values, extents<2>(), {0});
    EXPECT_THROW(mdspan_of(repeated), view_mismatch);
}

#elif !__has_include(<experimental/mdspan>)

TEST(mdspan, is_absent_where_the_standard_library_has_none) { EXPECT_FALSE(has_mdspan); }

#endif

}  // namespace
}  // namespace tessera
