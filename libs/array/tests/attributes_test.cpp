#include "tessera/array/attributes.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/extent.hpp"

namespace tessera {

struct test_window {
    dims sizes;
    axes along;
    auto fields() const { return std::tie(sizes, along); }
    friend bool operator==(const test_window&, const test_window&) = default;
};
struct test_attributes {
    int count;
    double rate;
    bool keepdims;
    std::string mode;
    dtype type;
    device where;
    scalar_value fill;
    test_window window;
    std::vector<std::int64_t> steps;
    auto fields() const { return std::tie(count, rate, keepdims, mode, type, where, fill, window, steps); }
};
struct other_attributes {
    int count;
    auto fields() const { return std::tie(count); }
};

namespace {

test_attributes example() { return {3, 0.5, true, "same", f16, cpu, scalar_value(2.5F), {{2, 3}, {0, -1}}, {7, 8}}; }

TEST(attributes, compare_and_hash_by_their_fields) {
    const test_attributes a = example(), b = example();
    test_attributes c = example();
    c.window.along[1] = 1;
    EXPECT_TRUE(attributes(a) == attributes(b));
    EXPECT_EQ(attributes(a).hash(), attributes(b).hash());
    EXPECT_FALSE(attributes(a) == attributes(c));
    EXPECT_NE(attributes(a).hash(), attributes(c).hash());
}

TEST(attributes, print_their_fields) {
    const test_attributes a = example();
    EXPECT_EQ(text(attributes(a)), "{3, 0.5, true, same, f16, cpu:0, 2.5, {(2, 3), (0, -1)}, (7, 8)}");
}

TEST(attributes, of_different_types_differ) {
    const test_attributes a = example();
    const other_attributes b{3};
    EXPECT_FALSE(attributes(a) == attributes(b));
    EXPECT_FALSE(attributes(a) == attributes());
    EXPECT_TRUE(attributes() == attributes());
    EXPECT_FALSE(attributes());
}

TEST(attributes, refuse_to_be_read_as_another_type) {
    const other_attributes b{3};
    EXPECT_EQ(attributes(b).as<other_attributes>().count, 3);
    EXPECT_THROW((void)attributes(b).as<test_attributes>(), error);
    EXPECT_THROW((void)attributes().as<test_attributes>(), error);
}

TEST(kept_attributes, outlive_what_they_were_made_of) {
    kept_attributes kept;
    EXPECT_FALSE(attributes(kept));
    {
        const test_attributes a = example();
        kept = kept_attributes(a);
    }
    const test_attributes again = example();
    EXPECT_TRUE(attributes(kept) == attributes(again));
    EXPECT_EQ(attributes(kept).as<test_attributes>().mode, "same");
}

}  // namespace
}  // namespace tessera
