// The bits of a reduction depend on the logical shape alone.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "tessera/array/copy.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "tessera/simd/targets.hpp"

namespace tessera {
namespace {

using reduction = std::function<array(const array&, const axes&)>;

const std::pair<const char*, reduction> reductions[] = {
    {"sum", [](const array& x, const axes& over) { return sum(x, over); }},
    {"mean", [](const array& x, const axes& over) { return mean(x, over, true); }},
    {"prod", [](const array& x, const axes& over) { return prod(x, over); }},
    {"max", [](const array& x, const axes& over) { return is_complex(x.dtype()) ? sum(x, over) : max(x, over); }},
    {"any", [](const array& x, const axes& over) { return any(x, over); }},
};

// Numbers whose sums round: about 1, with all bits in use.
array noise(const dims& shape, dtype t) {
    const array i = astype(arange(element_count(shape).value()), f64);
    const array x = sin(i * 1.618) * 0.7 + 1.0;
    const array real = reshape(x, shape);
    if (t == c64 || t == c128) return astype(real, t) * std::complex<double>(0.7, -0.6);
    return is_inexact(t) ? astype(real, t) : astype(real * 60.0, t);
}

std::vector<std::byte> bytes_of(const array& x) {
    const array dense = contiguous(x);
    const auto n = static_cast<std::size_t>(dense.size().value()) * item_size(dense.dtype());
    std::vector<std::byte> bytes(n);
    if (n > 0) std::memcpy(bytes.data(), dense.view().first<std::byte>(), n);
    return bytes;
}

void expect_same_bits(const array& a, const array& b, const std::string& what) {
    ASSERT_EQ(a.shape(), b.shape()) << what;
    ASSERT_EQ(a.dtype(), b.dtype()) << what;
    EXPECT_EQ(bytes_of(a), bytes_of(b)) << what;
}

// x again, its axes lying in memory in that order, the last one fastest.
array laid_out(const array& x, const axes& order) {
    axes back(order.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) back[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    return permute_dims(contiguous(permute_dims(x, order)), back);
}

// x again, backwards in memory and with room between the elements.
array spaced(const array& x) {
    dims wide = x.shape();
    std::vector<index_item> every_second;
    for (extent& e : wide) {
        e = e * 2;
        every_second.emplace_back(range(none, none, -2));
    }
    const array memory = zeros(wide, x.dtype());
    const array seen = slice(memory, every_second);
    maximum(x, x, seen);
    return seen;
}

const std::vector<dims> shapes{{5000},    {70, 130},    {4200, 3},    {3, 9000},
                               {6, 7, 9}, {11, 5, 400}, {3, 1, 2, 5}, {2, 4100, 2}};
const dtype dtypes[] = {f32, f64, f16, i32, u8, boolean};

std::vector<axes> subsets(std::size_t rank) {
    std::vector<axes> all;
    for (unsigned bits = 0; bits < 1U << rank; ++bits) {
        axes chosen;
        for (std::size_t a = 0; a < rank; ++a)
            if ((bits >> a & 1U) != 0) chosen.push_back(static_cast<int>(a));
        all.push_back(chosen);
    }
    return all;
}

TEST(reduction_order, is_the_same_for_every_layout) {
    for (const dims& shape : shapes)
        for (const dtype t : dtypes) {
            const array x = noise(shape, t);
            axes order;
            for (std::size_t a = 0; a < shape.size(); ++a) order.push_back(static_cast<int>(a));
            std::vector<array> others{spaced(x)};
            while (std::next_permutation(order.begin(), order.end())) others.push_back(laid_out(x, order));
            for (const axes& over : subsets(shape.size()))
                for (const auto& [name, reduce] : reductions) {
                    const array expected = reduce(x, over);
                    for (const array& y : others)
                        expect_same_bits(reduce(y, over), expected, text(name, " ", t, " ", shape, " over ", over));
                }
        }
}

TEST(reduction_order, of_broadcast_operands_is_that_of_copies) {
    const array column = noise({300, 1}, f32), row = noise({1, 300}, f32);
    for (const array& x : {column, row}) {
        const array seen = broadcast_to(x, {300, 300}), copy = contiguous(seen);
        for (const axes& over : subsets(2))
            for (const auto& [name, reduce] : reductions)
                expect_same_bits(reduce(seen, over), reduce(copy, over), name);
    }
}

class forced_target {
public:
    explicit forced_target(std::string_view name) { simd::force_target(name); }
    ~forced_target() { simd::force_target(""); }
};

TEST(reduction_order, is_the_same_on_every_instruction_set) {
    for (const dims& shape : {dims{9001}, dims{70, 130}, dims{11, 5, 400}})
        for (const dtype t : {f32, f64, f16, bf16, c64, i16}) {
            const array x = noise(shape, t), y = transpose(x);
            for (const axes& over : subsets(shape.size()))
                for (const auto& [name, reduce] : reductions) {
                    const array dense = reduce(x, over), strided = reduce(y, over);
                    for (const std::string_view target : simd::compiled_targets()) {
                        const forced_target during(target);
                        const std::string what = text(name, " ", t, " ", shape, " over ", over, " on ", target);
                        expect_same_bits(reduce(x, over), dense, what);
                        expect_same_bits(reduce(y, over), strided, what);
                    }
                }
        }
}

class thread_count {
public:
    explicit thread_count(int n) : before_(threads()) { set_threads(n); }
    ~thread_count() { set_threads(before_); }

private:
    int before_;
};

TEST(reduction_order, is_the_same_for_any_number_of_threads) {
    for (const dims& shape : {dims{3000001}, dims{2, 1500000}, dims{400000, 9}, dims{1700, 1800}, dims{40, 300, 250}}) {
        const array x = noise(shape, f32), y = transpose(x);
        for (const axes& over : subsets(shape.size()))
            for (const array& operand : {x, y}) {
                std::vector<array> alone;
                {
                    const thread_count one(1);
                    for (const auto& [name, reduce] : reductions) alone.push_back(reduce(operand, over));
                    alone.push_back(argmax(operand, over.empty() ? std::nullopt : std::optional(over[0])));
                }
                const thread_count four(4);
                std::size_t i = 0;
                for (const auto& [name, reduce] : reductions)
                    expect_same_bits(reduce(operand, over), alone[i++], text(name, " ", shape, " over ", over));
                expect_same_bits(argmax(operand, over.empty() ? std::nullopt : std::optional(over[0])), alone[i],
                                 text("argmax ", shape));
            }
    }
}

// The order that loops_reduce.hpp documents, by the plainest means.
template <class T> T sum_in_order(const std::vector<T>& row) {
    std::vector<T> level = row;
    while (level.size() > 1) {
        std::vector<T> next;
        for (std::size_t begin = 0; begin < level.size(); begin += 4096) {
            std::vector<T> lanes(64, T(0));
            for (std::size_t i = begin; i < std::min(begin + 4096, level.size()); ++i)
                lanes[(i - begin) % 64] += level[i];
            for (std::size_t half = 32; half > 0; half /= 2)
                for (std::size_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
            next.push_back(lanes[0]);
        }
        level = next;
    }
    return level[0];
}

TEST(reduction_order, is_the_documented_one) {
    for (const int n : {1, 2, 63, 64, 65, 100, 4095, 4096, 4097, 20000}) {
        const array x = noise({n, 3}, f32);
        const array sums = sum(x, 0);
        for (int c = 0; c < 3; ++c) {
            const array column = slice(x, {whole, c});
            const float expected = sum_in_order(column.to_vector<float>());
            EXPECT_EQ(slice(sums, {c}).item<float>(), expected) << n;
            EXPECT_EQ(sum(contiguous(column)).item<float>(), expected) << n;
        }
    }
}

// Against a plain loop, in numbers that add up exactly.
TEST(reductions, give_what_a_plain_loop_does_for_every_choice_of_axes) {
    for (const dims& shape :
         {dims{}, dims{1}, dims{5}, dims{3, 4}, dims{1, 4}, dims{2, 3, 4}, dims{2, 0, 3}, dims{2, 3, 1, 4}}) {
        const std::int64_t count = element_count(shape).value();
        const array x = reshape(arange(count) * 7 - arange(count) * arange(count) / 5.0, shape);
        const array integers = astype(x, i32);
        const auto values = integers.to_vector<std::int64_t>();
        for (const axes& over : subsets(shape.size())) {
            const array sums = sum(integers, over, true), greatest = sum(astype(integers, f64), over, true);
            std::vector<std::int64_t> expected(static_cast<std::size_t>(sums.size().value()), 0);
            for (std::size_t flat = 0; flat < values.size(); ++flat) {
                std::size_t rest = flat, at = 0, step = 1;
                for (std::size_t a = shape.size(); a-- > 0;) {
                    const auto size = static_cast<std::size_t>(shape[a].value());
                    const bool reduced = std::find(over.begin(), over.end(), static_cast<int>(a)) != over.end();
                    if (!reduced) {
                        at += rest % size * step;
                        step *= size;
                    }
                    rest /= size;
                }
                expected[at] += values[flat];
            }
            EXPECT_EQ(sums.to_vector<std::int64_t>(), expected) << text(shape, " over ", over);
            EXPECT_EQ(greatest.to_vector<std::int64_t>(), expected) << text(shape, " over ", over);
        }
    }
}

}  // namespace
}  // namespace tessera
