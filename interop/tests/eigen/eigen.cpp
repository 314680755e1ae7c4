#include "tessera/interop/eigen.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "../expect_error.hpp"
#include "tessera/interop/span.hpp"
#include "tessera/interop/view_as.hpp"

namespace tessera {
namespace {

using testing_support::expect_error;
using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

TEST(view_of_eigen, sees_both_storage_orders) {
    Eigen::MatrixXd columns(2, 3);
    columns << 0, 1, 2, 3, 4, 5;
    row_major rows = columns;
    const auto c = view_of(columns), r = view_of(rows);
    EXPECT_EQ(c.stride(0), 1);
    EXPECT_EQ(c.stride(1), 2);
    EXPECT_EQ(r.stride(0), 3);
    EXPECT_EQ(c(1, 2), 5.0);
    EXPECT_EQ(r(1, 0), 3.0);
    c(0, 0) = 9;
    EXPECT_EQ(columns(0, 0), 9.0);
}

TEST(view_of_eigen, keeps_sizes_known_at_compile_time) {
    Eigen::Matrix<float, 3, Eigen::Dynamic> m(3, 5);
    Eigen::Vector4f v;
    static_assert(decltype(view_of(m))::static_extent(0) == 3);
    static_assert(decltype(view_of(v))::rank() == 1 && decltype(view_of(v))::static_extent(0) == 4);
    EXPECT_EQ(view_of(m).extent(1), 5);
}

TEST(view_of_eigen, takes_blocks_maps_and_refs) {
    Eigen::MatrixXd m(4, 4);
    for (int i = 0; i < 16; ++i) m(i / 4, i % 4) = i;
    const auto block = view_of(m.block(1, 2, 2, 2));
    EXPECT_EQ(block(1, 0), 10.0);
    EXPECT_EQ(view_of(m.row(2))(3), 11.0);
    Eigen::Ref<Eigen::MatrixXd> ref = m;
    view_of(ref)(0, 0) = -1;
    EXPECT_EQ(m(0, 0), -1.0);
    const Eigen::Map<const Eigen::VectorXd> map(m.data(), 16);
    static_assert(std::is_same_v<decltype(view_of(map))::element_type, const double>);
    const Eigen::MatrixXd& constant = m;
    static_assert(std::is_same_v<decltype(view_of(constant))::element_type, const double>);
}

template <class M>
concept viewable = requires(M&& m) {
    view_of(std::forward<M>(m));
};
static_assert(viewable<Eigen::MatrixXd&> && !viewable<Eigen::MatrixXd> && !viewable<const Eigen::MatrixXd>);

TEST(eigen_map, reads_any_strides) {
    float values[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const array_view<float, dextents<2>> v(values, dextents<2>(2, 2), {1, 4});
    auto m = eigen_map(v);
    EXPECT_EQ(m(1, 1), 5.0F);
    m *= 2;
    EXPECT_EQ(values[5], 10.0F);
    const array_view<float, dextents<1>> every_second(values, dextents<1>(4), {2});
    EXPECT_EQ(eigen_map(every_second).sum(), 0.0F + 2 + 8 + 6);
    const array_view<const float, extents<2, 1>> column(values, extents<2, 1>());
    EXPECT_EQ(eigen_map(column)(1, 0), 2.0F);
    const array_view<const float, extents<1, 2>> row(values, extents<1, 2>());
    EXPECT_EQ(eigen_map(row)(0, 1), 2.0F);
}

TEST(eigen_map, refuses_negative_strides) {
    float values[] = {0, 1, 2};
    const array_view<float, dextents<1>> reversed(values + 2, dextents<1>(3), {-1});
    expect_error<view_mismatch>([&] { eigen_map(reversed); }, "eigen_map: Eigen's strides are not negative, got (-1,)");
}

TEST(eigen_map, in_eigens_own_layout_binds_to_a_ref_without_a_copy) {
    Eigen::MatrixXd m = Eigen::MatrixXd::Random(3, 4);
    const auto v = view_of(m);
    Eigen::Ref<Eigen::MatrixXd> ref = eigen_map<Eigen::MatrixXd>(v);
    EXPECT_EQ(ref.data(), m.data());
    EXPECT_EQ(ref(2, 3), m(2, 3));
    expect_error<view_mismatch>([&] { eigen_map<row_major>(v); },
                                "eigen_map: shape (3, 4) with strides (1, 3) has not the layout of the asked type");
    using three_by_three = Eigen::Matrix3d;
    EXPECT_THROW(eigen_map<three_by_three>(v), view_mismatch);
}

TEST(eigen_map, takes_a_vector_through_an_untyped_view) {
    std::vector<double> values{1, 2, 3};
    const auto typed = view_of(values);
    const any_view any = as_any(typed);
    const auto m = eigen_map<Eigen::VectorXd>(view_as<const double, dynamic_extent>(any));
    EXPECT_EQ(m.data(), values.data());
    EXPECT_EQ(m.dot(m), 14.0);
}

}  // namespace
}  // namespace tessera
