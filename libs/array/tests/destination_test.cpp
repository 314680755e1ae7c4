#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/node.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/array/views.hpp"

namespace tessera {
namespace {

using doubles = std::vector<double>;

std::uint64_t version_of(const array& x) { return x.node()->buffer->version.load(); }

TEST(a_destination, is_written_where_it_lies) {
    double memory[] = {0, 0, 0, 0};
    const array out = borrow(memory, {2}, {2}, 4);  // every second element
    add(array{1.0, 2.0}, array{10.0, 20.0}, out);
    EXPECT_EQ(doubles(memory, memory + 4), (doubles{11, 0, 22, 0}));
}

TEST(a_destination, may_be_a_view_of_a_larger_array) {
    const array whole_array = zeros({3, 2});
    multiply(array{2.0, 3.0, 4.0}, 5.0, slice(whole_array, {whole, 1}));
    EXPECT_EQ(whole_array.to_vector<double>(), (doubles{0, 10, 0, 15, 0, 20}));
}

TEST(a_destination, counts_the_writes_to_its_storage) {
    const array out = zeros({2});
    const std::uint64_t before = version_of(out);
    exp(out, out);
    add(out, 1.0, out);
    EXPECT_EQ(version_of(out), before + 2);
    EXPECT_THROW(add(out, zeros({3}), out), shape_error);
    EXPECT_EQ(version_of(out), before + 2) << "a call that throws writes nothing";
}

TEST(a_destination, that_is_an_operand_gets_the_result) {
    const array x{1.0, 2.0, 3.0};
    add(x, x, x);
    EXPECT_EQ(x.to_vector<double>(), (doubles{2, 4, 6}));
    subtract(slice(x, {range(none, none, -1)}), 1.0, x);
    EXPECT_EQ(x.to_vector<double>(), (doubles{5, 3, 1}));
}

TEST(a_destination, has_exactly_the_results_dtype_shape_and_device) {
    const array a{1.0, 2.0};
    expect_throws<dtype_error>([&] { add(a, a, zeros({2}, f32)); },
                               "array.add: out is f32 (2,) on cpu:0 but the result is f64 (2,) on cpu:0");
    expect_throws<shape_error>([&] { add(a, a, zeros({1, 2})); }, "out is f64 (1, 2)");
    expect_throws<shape_error>([&] { add(a, a, zeros({3})); }, "f64 (3,)");
}

TEST(a_destination, is_memory_that_may_be_written) {
    const array a{1.0, 2.0};
    const double constant[] = {0, 0};
    expect_throws<value_error>([&] { add(a, a, borrow(constant, {2})); }, "array.add: out is read-only");
    expect_throws<value_error>([&] { add(a, a, array()); }, "array.add: out is a null array");
    expect_throws<value_error>([&] { add(1.0, 2.0, array(3.0)); }, "literal");
    expect_throws<value_error>([&] { add(a, a, broadcast_to(zeros({1}), {2})); }, "array.add: out repeats elements");
}

TEST(a_destination, names_every_element_once) {
    double memory[9] = {};
    const array a = ones({3, 3});
    expect_throws<value_error>(
        [&] {
            add(a, a, borrow(memory, {3, 3}, {1, 1}, 9));
        },
        "array.add: out repeats elements: strides (1, 1) over shape (3, 3)");
    expect_throws<value_error>([&] { add(a, a, borrow(memory, {3, 3}, {2, 1}, 9)); }, "out repeats elements");
    EXPECT_EQ(memory[0], 0.0);
    add(a, a, borrow(memory, {3, 3}, {1, 3}, 9));
    EXPECT_EQ(memory[8], 2.0);
}

class idle_tracer final : public tracer {
public:
    idle_tracer() : tracer(new_level()) {}
    void process(const op&, std::span<const array>, attributes, std::span<array>) override {}
};

TEST(a_destination, cannot_be_traced_or_captured) {
    const counted<tracer> t(new idle_tracer);
    const array a{1.0, 2.0};
    const array traced_array = wrap(a.spec(), counted<traced>(new traced(t, a)));
    const array out = zeros({2});
    expect_throws<value_error>([&] { add(traced_array, a, out); },
                               "array.add: out= cannot be combined with a traced input");
    expect_throws<value_error>([&] { add(a, a, traced_array); }, "array.add: out must be an ordinary array");
    tracer* const before = install_staging_tracer(t.get());
    expect_throws<value_error>([&] { add(a, a, out); }, "array.add: out= writes memory and cannot be captured");
    EXPECT_EQ(install_staging_tracer(before), t.get()) << "the capture goes on";
    EXPECT_EQ(out.to_vector<double>(), (doubles{0, 0}));
}

}  // namespace
}  // namespace tessera
