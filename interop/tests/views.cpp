#include "tessera/interop/array_view.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "tessera/interop/extents.hpp"
#include "tessera/interop/span.hpp"
#include "tessera/interop/view_as.hpp"

namespace tessera {
namespace {

using testing_support::expect_error;

std::vector<float> counting(std::size_t n) {
    std::vector<float> values(n);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

TEST(extents, mix_static_and_dynamic_sizes) {
    constexpr extents<3, dynamic_extent> e(100);
    static_assert(e.rank() == 2 && e.rank_dynamic() == 1 && e.static_extent(0) == 3);
    EXPECT_EQ(e.extent(0), 3);
    EXPECT_EQ(e.extent(1), 100);
    EXPECT_EQ((extents<3, dynamic_extent>(3, 7).extent(1)), 7);
    EXPECT_EQ((extents<3, dynamic_extent>().extent(1)), 0);
    EXPECT_EQ((dextents<2>(3, 100)), e);
    EXPECT_FALSE((dextents<2>(3, 99)) == e);
    EXPECT_EQ(extents<>::rank(), 0U);
}

TEST(extents, refuse_sizes_that_contradict) {
    expect_error<shape_error>([] { extents<3, dynamic_extent>(4, 7); }, "extents: sizes (4, 7) do not fit (3, *)");
    expect_error<shape_error>([] { dextents<1>(-1); }, "extents: sizes (-1,) do not fit (*,)");
    expect_error<shape_error>([] { extents<2>(dextents<1>(3)); }, "extents: sizes (3,) do not fit (2,)");
    const std::vector<std::int64_t> three{1, 2, 3};
    expect_error<shape_error>([&] { extents<3, dynamic_extent>(std::span<const std::int64_t>(three)); },
                              "extents: 2 sizes or the 1 dynamic ones, got (1, 2, 3)");
}

TEST(array_view, is_row_major_without_strides) {
    auto values = counting(6);
    const array_view v(values.data(), extents<2, 3>());
    EXPECT_EQ(v(1, 2), 5.0F);
    EXPECT_EQ(v.stride(0), 3);
    EXPECT_EQ(v.size(), 6);
    EXPECT_TRUE(v.is_contiguous());
    v(0, 1) = -1;
    EXPECT_EQ(values[1], -1.0F);
}

TEST(array_view, steps_by_any_strides) {
    auto values = counting(6);
    const array_view<float, dextents<2>> transposed(values.data(), dextents<2>(3, 2), {1, 3});
    EXPECT_EQ(transposed(2, 1), 5.0F);
    EXPECT_FALSE(transposed.is_contiguous());
    const array_view<float, dextents<1>> reversed(values.data() + 5, dextents<1>(6), {-1});
    EXPECT_EQ(reversed[0], 5.0F);
    const array_view<float, dextents<1>> repeated(values.data() + 2, dextents<1>(4), {0});
    EXPECT_EQ(repeated(3), 2.0F);
}

TEST(array_view, of_rank_0_is_one_element) {
    double value = 2;
    const array_view<double, extents<>> v(&value, extents<>());
    v() = 3;
    EXPECT_EQ(value, 3);
    EXPECT_EQ(v.size(), 1);
}

TEST(array_view, may_be_empty) {
    const array_view<double, dextents<2>> v(nullptr, dextents<2>(0, 4));
    EXPECT_TRUE(v.empty());
    EXPECT_TRUE(v.is_contiguous());
}

TEST(array_view, converts_to_const_elements_and_other_extents) {
    auto values = counting(6);
    const array_view v(values.data(), extents<2, 3>());
    const array_view<const float, dextents<2>> wider = v;
    EXPECT_EQ(wider(1, 0), 3.0F);
    const array_view<const float, extents<2, dynamic_extent>> narrower(wider);
    EXPECT_EQ(narrower(1, 0), 3.0F);
    static_assert(!std::is_convertible_v<array_view<const float, extents<2>>, array_view<float, extents<2>>>);
    static_assert(!std::is_convertible_v<array_view<float, dextents<1>>, array_view<float, extents<2>>>);
    static_assert(!std::is_constructible_v<array_view<double, extents<2>>, array_view<float, extents<2>>>);
}

TEST(array_view, checks_indices_in_debug_builds) {
#ifdef NDEBUG
    GTEST_SKIP() << "a release build";
#endif
    auto values = counting(6);
    const array_view v(values.data(), extents<2, 3>());
    expect_error<index_error>([&] { v(1, 3); }, "array_view: index (1, 3) is out of bounds of shape (2, 3)");
    expect_error<index_error>([&] { v(-1, 0); }, "array_view: index (-1, 0) is out of bounds of shape (2, 3)");
}

TEST(view_as, sees_the_same_elements) {
    auto values = counting(6);
    const array_view v(values.data(), extents<2, 3>());
    const any_view any = as_any(v);
    EXPECT_EQ(any.dtype, f32);
    EXPECT_EQ(any.rank, 2);
    const auto typed = view_as<float, 2, dynamic_extent>(any);
    typed(1, 1) = 40;
    EXPECT_EQ(values[4], 40.0F);
}

TEST(view_as, honours_offset_and_strides) {
    auto values = counting(6);
    const std::int64_t shape[] = {3}, strides[] = {-2};
    const any_view any{.data = values.data(), .offset = 5, .shape = shape, .strides = strides, .rank = 1, .dtype = f32};
    const auto typed = view_as<const float, 3>(any);
    EXPECT_EQ(typed(0), 5.0F);
    EXPECT_EQ(typed(2), 1.0F);
}

TEST(view_as, takes_rank_0_and_empty_views) {
    double value = 4;
    const any_view scalar{.data = &value, .dtype = f64};
    EXPECT_EQ(view_as<double>(scalar)(), 4);
    const std::int64_t shape[] = {0}, strides[] = {1};
    const any_view empty{.shape = shape, .strides = strides, .rank = 1, .dtype = i32};
    EXPECT_TRUE((view_as<std::int32_t, dynamic_extent>(empty).empty()));
}

TEST(view_as, names_what_does_not_match) {
    auto values = counting(6);
    const array_view<const float, dextents<2>> v(values.data(), dextents<2>(2, 3));
    const any_view any = as_any(v);
    expect_error<view_mismatch>([&] { view_as<const double, 2, 3>(any); }, "view_as: elements are f32, asked for f64");
    expect_error<view_mismatch>([&] { view_as<const float, 6>(any); }, "view_as: rank is 2, asked for 1");
    expect_error<view_mismatch>([&] { view_as<const float, 3, dynamic_extent>(any); },
                                "view_as: shape is (2, 3), asked for (3, *)");
    expect_error<view_mismatch>([&] { view_as<float, 2, 3>(any); },
                                "view_as: the view is read-only, asked for writable f32");
    any_view elsewhere = any;
    elsewhere.device = {7, 1};
    expect_error<view_mismatch>([&] { view_as<const float, 2, 3>(elsewhere); },
                                "view_as: data is on vulkan:1, asked for cpu:0");
    elsewhere.flags |= view_host_value;
    EXPECT_NO_THROW((view_as<const float, 2, 3>(elsewhere)));
    any_view missing = any;
    missing.data = nullptr;
    expect_error<view_mismatch>([&] { view_as<const float, 2, 3>(missing); },
                                "view_as: a view of shape (2, 3) has no data");
    missing.shape = nullptr;
    expect_error<view_mismatch>([&] { view_as<const float, 2, 3>(missing); },
                                "view_as: a view of rank 2 has no shape or no strides");
}

TEST(span, and_containers_are_seen_without_copying) {
    std::vector<double> values{1, 2, 3};
    const auto v = view_of(values);
    v(1) = 20;
    EXPECT_EQ(values[1], 20);
    EXPECT_EQ(span_of(v).data(), values.data());
    const std::vector<double>& constant = values;
    static_assert(std::is_same_v<decltype(view_of(constant))::element_type, const double>);
    std::array<int, 2> pair{7, 8};
    EXPECT_EQ(view_of(std::span(pair))(1), 8);
    EXPECT_EQ(view_of(std::vector<int>{}.empty() ? std::span<int>() : std::span<int>()).size(), 0);
}

template <class Container>
concept viewable = requires(Container&& c) {
    view_of(std::forward<Container>(c));
};
static_assert(viewable<std::vector<int>&> && !viewable<std::vector<int>> && viewable<std::span<int>>);
static_assert(!viewable<std::vector<bool>&>);

TEST(span_of, refuses_gaps) {
    auto values = counting(6);
    const array_view<float, dextents<1>> v(values.data(), dextents<1>(3), {2});
    expect_error<view_mismatch>([&] { span_of(v); }, "span_of: shape (3,) with strides (2,) is not contiguous");
}

}  // namespace
}  // namespace tessera
