#include "tessera/array/extent.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

constexpr std::int64_t largest = INT64_MAX;

TEST(extent, is_a_number_with_arithmetic) {
    const extent six = 6, four = 4u;
    EXPECT_EQ((six + four).value(), 10);
    EXPECT_EQ((six - four).value(), 2);
    EXPECT_EQ((six * four).value(), 24);
    EXPECT_EQ((six / four).value(), 1);
    EXPECT_EQ((six % four).value(), 2);
    EXPECT_EQ(min(six, four), four);
    EXPECT_EQ(max(six, four), six);
    EXPECT_TRUE(four < six && four <= six && six > four && six >= six);
}

TEST(extent, refuses_negative_sizes) {
    expect_throws<shape_error>([] { (void)extent(-1); }, "-1");
    expect_throws<shape_error>([] { (void)(extent(2) - extent(3)); }, "must not be negative");
    expect_throws<shape_error>([] { (void)extent(~std::uint64_t{0}); }, "must not be negative");
}

TEST(extent, refuses_what_64_bits_cannot_hold) {
    expect_throws<shape_error>([] { (void)(extent(largest) + extent(1)); }, "9223372036854775807 + 1");
    expect_throws<shape_error>([] { (void)(extent(largest) * extent(2)); }, "9223372036854775807 * 2");
    expect_throws<shape_error>([] { (void)(extent(7) / extent(0)); }, "7 / 0");
    expect_throws<shape_error>([] { (void)(extent(7) % extent(0)); }, "7 % 0");
}

TEST(element_count, refuses_more_elements_than_64_bits_can_count) {
    EXPECT_EQ(element_count(dims{}), extent(1));
    EXPECT_EQ(element_count(dims{3, 4}), extent(12));
    EXPECT_EQ(element_count(dims{largest, 1}), extent(largest));
    expect_throws<shape_error>([] { (void)element_count(dims{largest, 2}); }, "(9223372036854775807, 2)");
}

TEST(element_count, of_an_empty_shape_is_0_however_large_the_other_axes_are) {
    EXPECT_EQ(element_count(dims{largest, largest, 0}), extent(0));
    EXPECT_EQ(zeros({0, largest}, f32).size(), extent(0));
}

// A table in which every symbol stands for 5 and no arithmetic happens.
class fives final : public size_table {
public:
    std::int64_t value(extent) override { return 5; }
    bool equal(extent a, extent b) override { return a.value() == b.value(); }
    bool less(extent a, extent b) override { return (a.is_symbol() ? 5 : a.value()) < (b.is_symbol() ? 5 : b.value()); }
    extent combine(char operation, extent, extent) override { return extent::symbol(operation); }
    std::string print(extent) override { return "five"; }
};

TEST(symbols, get_their_meaning_from_the_installed_table) {
    fives table;
    size_table* const before = install_size_table(&table);
    const extent s = extent::symbol(3);
    EXPECT_TRUE(s.is_symbol());
    EXPECT_EQ(s.symbol_id(), 3);
    EXPECT_EQ(s.value(), 5);
    EXPECT_TRUE(s == extent(5));
    EXPECT_EQ((s + extent(1)).symbol_id(), '+');
    EXPECT_EQ(text(dims{2, s}), "(2, five)");
    EXPECT_EQ(install_size_table(before), &table);
}

TEST(symbols, are_refused_outside_of_their_capture) {
    expect_throws<value_error>([] { (void)extent::symbol(3).value(); }, "symbol 3");
    EXPECT_EQ(text(extent::symbol(3)), "s3");
}

TEST(shapes, print_like_tuples) {
    EXPECT_EQ(text(dims{}), "()");
    EXPECT_EQ(text(dims{4}), "(4,)");
    EXPECT_EQ(text(dims{2, 3}), "(2, 3)");
    EXPECT_EQ(text(axes{0, -1}), "(0, -1)");
}

TEST(dims, keep_their_values_when_they_spill_to_the_heap) {
    dims shape;
    for (int i = 0; i < 20; ++i) shape.push_back(i);
    const dims copy = shape;
    shape.insert(3, 100);
    shape.erase(0);
    EXPECT_EQ(copy.size(), 20u);
    EXPECT_EQ(copy[19], extent(19));
    EXPECT_EQ(shape[2], extent(100));
    dims moved = std::move(shape);
    EXPECT_EQ(moved.size(), 20u);
    moved = copy;
    EXPECT_EQ(moved, copy);
}

TEST(rank, goes_up_to_64) {
    dims sizes(64, 1);
    sizes[10] = 2;
    sizes[63] = 3;
    const array x = add(ones(sizes, f64), ones(sizes, f64));
    EXPECT_EQ(x.rank(), 64);
    EXPECT_EQ(x.to_vector<double>(), std::vector<double>(6, 2.0));
    EXPECT_EQ(transpose(x).extent(0), extent(3));
    expect_throws<shape_error>([] { (void)ones(dims(65, 1)); }, "rank 65");
}

TEST(extent_of_an_axis, counts_from_the_back_when_negative) {
    const array x = zeros({2, 3});
    EXPECT_EQ(x.extent(-1), extent(3));
    expect_throws<index_error>([&] { (void)x.extent(2); }, "axis 2 is out of range for rank 2");
    expect_throws<index_error>([&] { (void)x.extent(-3); }, "axis -3");
}

}  // namespace
}  // namespace tessera
