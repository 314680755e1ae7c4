// The array as a value: handles share data, nothing that somebody else can see changes.
#include <gtest/gtest.h>

#include <thread>

#include "expect_throws.hpp"
#include "tessera/array/array.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/node.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/array/views.hpp"

namespace tessera {
namespace {

using doubles = std::vector<double>;

constexpr std::int64_t many = 40000;  // few elements are computed into new memory, which is quicker

const void* address_of(const array& x) { return x.node()->buffer->data; }

TEST(a_handle, is_one_pointer_that_shares_its_value) {
    static_assert(sizeof(array) == sizeof(void*));
    const array x{1.0, 2.0};
    const array y = x;
    EXPECT_EQ(y.node(), x.node());
    array z = std::move(y);
    EXPECT_EQ(z.node(), x.node());
    z = z;
    EXPECT_EQ(z.to_vector<double>(), (doubles{1, 2}));
}

TEST(the_null_array, has_no_value) {
    const array null;
    EXPECT_TRUE(null.is_null());
    expect_throws<value_error>([&] { (void)null.shape(); }, "null array");
    expect_throws<value_error>([&] { (void)null.dtype(); }, "null array");
    expect_throws<value_error>([&] { (void)null.item<double>(); }, "null array");
    expect_throws<value_error>([&] { (void)null.view(); }, "null array");
    expect_throws<value_error>([&] { (void)null.to_vector<double>(); }, "null array");
    expect_throws<value_error>([&] { (void)null.is_contiguous(); }, "null array");
    expect_throws<value_error>([&] { (void)to(null, cpu); }, "null array");
    EXPECT_FALSE(null.is_literal());
}

TEST(rebinding, leaves_other_handles_alone) {
    array x{1.0, 2.0};
    const array before = x;
    x += array{10.0, 20.0};
    EXPECT_EQ(x.to_vector<double>(), (doubles{11, 22}));
    EXPECT_EQ(before.to_vector<double>(), (doubles{1, 2}));
    x *= 2;
    x -= before;
    x /= array{7.0, 14.0};
    EXPECT_EQ(x.to_vector<double>(), (doubles{3, 3}));
}

TEST(rebinding, works_when_both_operands_are_one) {
    array x{1.0, 2.0};
    x += x;
    EXPECT_EQ(x.to_vector<double>(), (doubles{2, 4}));
    x -= x;
    EXPECT_EQ(x.to_vector<double>(), (doubles{0, 0}));
}

TEST(rebinding, reuses_memory_that_nobody_else_sees) {
    array x = zeros({many});
    const void* const memory = address_of(x);
    x += ones({many});
    EXPECT_EQ(address_of(x), memory);
    const array other = x;
    x += ones({many});
    EXPECT_NE(address_of(x), memory);
}

TEST(rebinding, spares_memory_that_a_view_looks_at) {
    array x = zeros({many});
    const array tail = slice(x, {range(2, none)});
    x += 1.0;
    EXPECT_EQ(max(tail).item<double>(), 0);
    EXPECT_EQ(min(x).item<double>(), 1);
}

TEST(rebinding, spares_memory_whose_address_somebody_holds) {
    array x = zeros({many});
    const counted<storage> memory = counted<storage>::sharing(x.node()->buffer);
    const double* const shown = x.view().first<double>();
    x += 1.0;
    EXPECT_EQ(*shown, 0);
    array y = zeros({many});
    (void)y.view();
    const void* const before = address_of(y);
    const array z = std::move(y) + 1.0;
    EXPECT_NE(address_of(z), before);
}

TEST(rebinding, spares_the_callers_memory) {
    std::vector<double> memory(many, 1.0);
    array x = borrow(memory.data(), {many});
    x += 1.0;
    EXPECT_EQ(memory, doubles(many, 1.0));
    EXPECT_EQ(min(x).item<double>(), 2);
}

TEST(rebinding, keeps_the_value_when_the_op_throws) {
    array x{1.0, 2.0};
    expect_throws<shape_error>([&] { x += zeros({3}); }, "array.add");
    EXPECT_EQ(x.to_vector<double>(), (doubles{1, 2}));
    expect_throws<value_error>([&] { x += array(); }, "array.add");
    EXPECT_EQ(x.to_vector<double>(), (doubles{1, 2}));
}

TEST(rebinding, may_change_shape_and_dtype) {
    array x{1, 2};
    x += zeros({3, 1}, f64);
    EXPECT_EQ(x.shape(), (dims{3, 2}));
    EXPECT_EQ(x.dtype(), f64);
    array literal = 2;
    literal *= array{1.5, 2.5};
    EXPECT_EQ(literal.to_vector<double>(), (doubles{3, 5}));
}

TEST(rvalue_operands, hand_over_their_memory) {
    array x = zeros({many});
    const void* const memory = address_of(x);
    const array y = std::move(x) + ones({many});
    EXPECT_EQ(address_of(y), memory);
    array a = full({many}, 3.0), b = full({many}, 5.0);
    const void* const second = address_of(b);
    const array difference = a - std::move(b);
    EXPECT_EQ(address_of(difference), second);
    EXPECT_EQ(difference.to_vector<double>(), doubles(many, -2.0));
}

TEST(rvalue_operands, that_are_shared_keep_their_values) {
    for (const std::int64_t count : {std::int64_t{8}, std::int64_t{many}}) {
        array x = full({count}, 2.0);
        const array other = x;
        const array y = std::move(x) * full({count}, 3.0);
        EXPECT_EQ(max(other).item<double>(), 2);
        EXPECT_EQ(min(y).item<double>(), 6);
    }
}

TEST(rvalue_operands, of_another_dtype_or_shape_are_not_overwritten) {
    const array y = array{1, 2} + array{0.5, 0.5};
    EXPECT_EQ(y.to_vector<double>(), (doubles{1.5, 2.5}));
    const array z = array{1.0, 2.0} + ones({2, 2});
    EXPECT_EQ(z.to_vector<double>(), (doubles{2, 3, 2, 3}));
}

TEST(item, is_the_only_element) {
    EXPECT_EQ(array{2.5}.item<double>(), 2.5);
    EXPECT_EQ((array{{7}}).item<int>(), 7);
    EXPECT_EQ(array(3).item<float>(), 3.0F);
    expect_throws<shape_error>([] { (void)zeros({2}).item<double>(); }, "(2,)");
    expect_throws<shape_error>([] { (void)zeros({0}).item<double>(); }, "(0,)");
    EXPECT_EQ(slice(array{1, 2, 3}, {range(1, 2)}).item<int>(), 2);
}

TEST(view, shows_the_elements_where_they_lie_for_reading) {
    const array x = transpose(array{{1, 2, 3}, {4, 5, 6}});
    const any_view v = x.view();
    EXPECT_EQ(v.rank, 2);
    EXPECT_EQ(v.shape[0], 3);
    EXPECT_EQ(v.strides[0], 1);
    EXPECT_NE(v.flags & view_read_only, 0u);
    EXPECT_EQ((x.view_as<int, std::dynamic_extent, std::dynamic_extent>()(2, 1)), 6);
    expect_throws<view_mismatch>([&] { (void)x.view_as<float, 3, 2>(); }, "i32");
}

TEST(view, of_a_spec_without_data_is_refused) {
    const array symbol = spec_only({f32, {2}, cpu});
    expect_throws<value_error>([&] { (void)symbol.view(); }, "f32 (2,)");
    expect_throws<value_error>([&] { (void)(symbol + 1.0); }, "no data");
}

// A tracer that counts what it sees and evaluates one level below.
class counting_tracer final : public tracer {
public:
    explicit counting_tracer(std::vector<std::string>& seen) : tracer(new_level()), seen_(seen) {}
    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override {
        seen_.push_back(text(level(), ":", o.name));
        std::vector<array> below;
        for (const array& x : in) below.push_back(peel(x, level()));
        apply(o, below, attrs, out);
        for (array& y : out) y = traced_here(y);
    }
    array traced_here(const array& value) {
        return wrap(value.spec(), counted<traced>(new traced(counted<tracer>::sharing(this), value)));
    }

private:
    std::vector<std::string>& seen_;
};

TEST(apply, goes_to_the_highest_level_among_the_inputs) {
    std::vector<std::string> seen;
    const counted<tracer> low(new counting_tracer(seen)), high(new counting_tracer(seen));
    const array x{1.0, 2.0};
    const array inner = static_cast<counting_tracer&>(*low).traced_here(x);
    const array outer = static_cast<counting_tracer&>(*high).traced_here(x);
    const array y = inner + outer;
    EXPECT_EQ(seen, (std::vector<std::string>{text(high->level(), ":array.add"), text(low->level(), ":array.add")}));
    EXPECT_EQ(y.to_vector<double>(), (doubles{2, 4})) << "values are seen through traces";
    EXPECT_EQ(slice(y, {1}).item<double>(), 4);
}

TEST(apply, evaluates_values_of_closed_levels_like_others) {
    const array a{1.0};
    EXPECT_EQ((a + a).node()->trace, nullptr);
    const std::uint64_t first = new_level(), second = new_level();
    EXPECT_LT(first, second);
}

TEST(staging, sees_untraced_ops_of_its_thread_alone) {
    std::vector<std::string> seen;
    const counted<tracer> stage(new counting_tracer(seen));
    tracer* const before = install_staging_tracer(stage.get());
    EXPECT_EQ(before, nullptr);
    std::thread([] { (void)(array{1.0} + array{1.0}); }).join();
    EXPECT_TRUE(seen.empty());
    EXPECT_EQ(install_staging_tracer(before), stage.get());
}

TEST(operands, on_two_devices_are_refused_unless_they_are_literals) {
    expect_throws<shape_error>([] { (void)(zeros({2}) + zeros({3})); },
                               "array.add: shapes do not broadcast: (2,) and (3,)");
    EXPECT_EQ((array{1.0F} + 1.0).dtype(), f32);
}

}  // namespace
}  // namespace tessera
