#include "tessera/array/tree.hpp"

#include <gtest/gtest.h>

#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

struct layer {
    array weight, bias;
    double scale = 1;
    auto fields() { return std::tie(weight, bias, scale); }
    auto fields() const { return std::tie(weight, bias, scale); }
    static constexpr std::string_view field_names[] = {"weight", "bias", "scale"};
};

struct model {
    std::vector<layer> layers;
    std::map<std::string, array> buffers;
    std::optional<array> head;
    std::pair<array, int> counted;
    std::tuple<int, std::array<array, 2>> pair_of_arrays;
    std::string name;
    auto fields() { return std::tie(layers, buffers, head, counted, pair_of_arrays, name); }
    auto fields() const { return std::tie(layers, buffers, head, counted, pair_of_arrays, name); }
};

// A tree may hold itself.
struct branch {
    array value;
    std::vector<branch> children;
    auto fields() { return std::tie(value, children); }
    auto fields() const { return std::tie(value, children); }
};

model small_model() {
    model m;
    m.layers = {layer{1.0, 2.0, 0.5}, layer{3.0, 4.0, 0.25}};
    m.buffers = {{"mean", 6.0}, {"count", 5.0}};
    m.counted = {7.0, 3};
    m.pair_of_arrays = {1, {array(8.0), array(9.0)}};
    m.name = "small";
    return m;
}

std::vector<double> numbers(std::span<const array> arrays) {
    std::vector<double> values;
    for (const array& x : arrays) values.push_back(x.item<double>());
    return values;
}

TEST(tree, visits_leaves_in_the_order_of_the_members_and_maps_by_key) {
    EXPECT_EQ(numbers(leaves(small_model())), (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(tree, names_the_way_to_every_leaf) {
    model m = small_model();
    m.head = array(0.0);
    std::vector<std::string> paths;
    for_each_leaf(m, [&](const std::string& path, const array&) { paths.push_back(path); });
    EXPECT_EQ(paths, (std::vector<std::string>{"0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "1.count", "1.mean",
                                               "2", "3.0", "4.1.0", "4.1.1"}));
}

TEST(tree, is_a_single_array_as_well) {
    EXPECT_EQ(numbers(leaves(array(3.0))), std::vector<double>{3});
    for_each_leaf(array(3.0), [](const std::string& path, const array&) { EXPECT_EQ(path, ""); });
}

TEST(map_leaves, keeps_structure_and_attributes) {
    const model doubled = map_leaves(small_model(), [](const array& x) { return x * 2.0; });
    EXPECT_EQ(numbers(leaves(doubled)), (std::vector<double>{2, 4, 6, 8, 10, 12, 14, 16, 18}));
    EXPECT_EQ(doubled.layers[1].scale, 0.25);
    EXPECT_EQ(doubled.counted.second, 3);
    EXPECT_EQ(doubled.name, "small");
    EXPECT_FALSE(doubled.head.has_value());
}

TEST(map_leaves, tells_the_path_to_those_who_ask) {
    const layer changed = map_leaves(
        layer{1.0, 2.0}, [](const std::string& path, const array& x) { return path == "bias" ? array(0.0) : x; });
    EXPECT_EQ(numbers(leaves(changed)), (std::vector<double>{1, 0}));
}

TEST(with_leaves, puts_arrays_back_in_order) {
    const std::vector<array> values{10.0, 20.0};
    const layer filled = with_leaves(layer{1.0, 2.0, 0.5}, values);
    EXPECT_EQ(filled.weight.item<double>(), 10);
    EXPECT_EQ(filled.bias.item<double>(), 20);
    EXPECT_EQ(filled.scale, 0.5);
}

TEST(with_leaves, refuses_another_number_of_arrays) {
    const std::vector<array> values{10.0};
    try {
        (void)with_leaves(layer{1.0, 2.0}, values);
        FAIL();
    } catch (const value_error& e) { EXPECT_STREQ(e.what(), "with_leaves: the tree has 2 leaves, got 1 arrays"); }
}

TEST(tree, may_hold_itself) {
    branch root{1.0, {branch{2.0, {}}, branch{3.0, {branch{4.0, {}}}}}};
    EXPECT_EQ(numbers(leaves(root)), (std::vector<double>{1, 2, 3, 4}));
    for_each_leaf(root, [](array& leaf) { leaf = leaf + 1.0; });
    EXPECT_EQ(root.children[1].children[0].value.item<double>(), 5);
}

TEST(tree, of_a_null_leaf_keeps_it) { EXPECT_TRUE(leaves(layer{})[0].is_null()); }

}  // namespace
}  // namespace tessera
