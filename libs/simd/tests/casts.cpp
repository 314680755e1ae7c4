// Every conversion against tessera/dtype/cast.hpp, on every target.
#include <gtest/gtest.h>

#include "sample.hpp"

namespace tessera::simd::testing {
namespace {

using reference = void (*)(void* out, const void* in, std::size_t n);

template <dtype From, dtype To> void reference_of(void* out, const void* in, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        static_cast<element_type<To>*>(out)[i] =
            cast_to<element_type<To>>(static_cast<const element_type<From>*>(in)[i]);
    }
}

struct cast_case {
    dtype from, to;
    reference expected;
};

const std::vector<cast_case>& all_cases() {
    static const std::vector<cast_case> cases = []<std::size_t... P>(std::index_sequence<P...>) {
        return std::vector<cast_case>{
            {static_cast<dtype>(P / dtype_count), static_cast<dtype>(P % dtype_count),
             reference_of<static_cast<dtype>(P / dtype_count), static_cast<dtype>(P % dtype_count)>}...};
    }
    (std::make_index_sequence<std::size_t{dtype_count} * dtype_count>{});
    return cases;
}

TEST(casts, give_the_scalar_definition_in_every_layout) {
    constexpr std::size_t n = 5000;
    for_each_target([](std::string_view target) {
        for (const cast_case& c : all_cases()) {
            const buffer in = sample_buffer(c.from, n, 3);
            const std::size_t size = item_size(c.to);
            for (const std::ptrdiff_t stride : {1, 2, -1, 0}) {
                const std::size_t count = stride == 2 ? n / 2 : n;
                const std::byte* first = in.data() + (stride < 0 ? (n - 1) * item_size(c.from) : 0);
                buffer dense(count, item_size(c.from)), expected(count, size), out(count, size, 1);
                for (std::size_t i = 0; i < count; ++i) {
                    const auto at = static_cast<std::ptrdiff_t>(i * item_size(c.from));
                    std::memcpy(dense.data() + at, first + at * stride, item_size(c.from));
                }
                c.expected(expected.data(), dense.data(), count);
                const operand source{first, stride};
                find_cast(c.from, c.to)(out.data(), 1, &source, count);
                const auto different = first_difference(c.to, out.data(), expected.data(), count);
                EXPECT_EQ(different, -1) << name(c.from) << " to " << name(c.to) << " on " << target << ", stride "
                                         << stride;
                EXPECT_TRUE(out.guards_intact());
            }
        }
    });
}

TEST(casts, work_for_every_length_and_a_strided_output) {
    for_each_target([](std::string_view target) {
        for (const cast_case& c : all_cases()) {
            const buffer in = sample_buffer(c.from, 70, 3, 1);
            const std::size_t size = item_size(c.to);
            buffer expected(70, size);
            c.expected(expected.data(), in.data(), 70);
            for (std::size_t n = 1; n <= 70; ++n) {
                const operand source{in.data(), 1};
                buffer out(n, size), wide(2 * n, size), gathered(n, size);
                find_cast(c.from, c.to)(out.data(), 1, &source, n);
                find_cast(c.from, c.to)(wide.data(), 2, &source, n);
                for (std::size_t i = 0; i < n; ++i)
                    std::memcpy(gathered.data() + i * size, wide.data() + 2 * i * size, size);
                EXPECT_EQ(first_difference(c.to, out.data(), expected.data(), n), -1)
                    << name(c.from) << " to " << name(c.to) << " on " << target << ", n = " << n;
                EXPECT_EQ(first_difference(c.to, gathered.data(), expected.data(), n), -1);
                EXPECT_TRUE(out.guards_intact() && wide.guards_intact());
            }
        }
    });
}

TEST(casts, happen_in_place_between_dtypes_of_one_size) {
    constexpr std::size_t n = 3000;
    for_each_target([](std::string_view target) {
        for (const cast_case& c : all_cases()) {
            if (item_size(c.from) != item_size(c.to)) continue;
            buffer in = sample_buffer(c.from, n, 3), expected(n, item_size(c.to));
            c.expected(expected.data(), in.data(), n);
            const operand source{in.data(), 1};
            find_cast(c.from, c.to)(in.data(), 1, &source, n);
            EXPECT_EQ(first_difference(c.to, in.data(), expected.data(), n), -1)
                << name(c.from) << " to " << name(c.to) << " on " << target;
        }
    });
}

// Just above the tie between two values of the narrow type; by way of a coarser type it would become the tie and round
// to even, downwards.
template <class To, class From> void expect_rounded_up(From x, float up) {
    To y;
    const operand in{&x, 1};
    find_cast(dtype_of<From>, dtype_of<To>)(&y, 1, &in, 1);
    EXPECT_EQ(static_cast<float>(y), up) << name(dtype_of<From>) << " to " << name(dtype_of<To>);
}

TEST(casts, round_once_into_a_narrow_float) {
    for_each_target([](std::string_view target) {
        SCOPED_TRACE(target);
        expect_rounded_up<float16>(1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-10F);
        expect_rounded_up<bfloat16>(std::int32_t{(1 << 30) + (1 << 22) + 1}, 0x1p+30F + 0x1p+23F);
        expect_rounded_up<bfloat16>(std::uint32_t{(1U << 31) + (1U << 23) + 1}, 0x1p+31F + 0x1p+24F);
        expect_rounded_up<bfloat16>((std::int64_t{1} << 62) + (std::int64_t{1} << 54) + 1, 0x1p+62F + 0x1p+55F);
        expect_rounded_up<bfloat16>((std::uint64_t{1} << 63) + (std::uint64_t{1} << 55) + 1, 0x1p+63F + 0x1p+56F);
        expect_rounded_up<float16>(std::complex<double>(1 + 0x1p-11 + 0x1p-40, 5), 1 + 0x1p-10F);
    });
}

}  // namespace
}  // namespace tessera::simd::testing
