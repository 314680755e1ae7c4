// Positions of the greatest and least elements against a plain loop.
#include <gtest/gtest.h>

#include "sample.hpp"
#include "tessera/simd/loops_reduce.hpp"

namespace tessera::simd::testing {
namespace {

template <bool Greatest, class T> std::int64_t expected(const T* x, std::ptrdiff_t stride, std::size_t n) {
    const auto at = [&](std::size_t i) {
        return static_cast<compute_type<T>>(x[static_cast<std::ptrdiff_t>(i) * stride]);
    };
    std::size_t best = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (at(i) != at(i)) return static_cast<std::int64_t>(i);
        if (Greatest ? at(i) > at(best) : at(i) < at(best)) best = i;
    }
    return static_cast<std::int64_t>(best);
}

template <class T> void expect_positions(const T* x, std::ptrdiff_t stride, std::size_t n, std::string_view what) {
    EXPECT_EQ(find_argmax(dtype_of<T>)({x, stride}, n), (expected<true>(x, stride, n))) << what;
    EXPECT_EQ(find_argmin(dtype_of<T>)({x, stride}, n), (expected<false>(x, stride, n))) << what;
}

TEST(arg, finds_the_first_best_of_every_dtype_in_every_layout) {
    for_each_target([](std::string_view target) {
        for (int t = 0; t < dtype_count; ++t) {
            const auto d = static_cast<dtype>(t);
            if (is_complex(d)) continue;
            with_type(d, [&](auto tag) {
                using T = typename decltype(tag)::type;
                if constexpr (!is_complex_type<T>) {
                    for (const std::size_t n : {1, 2, 15, 16, 17, 63, 64, 65, 1000, 1024, 1025, 5000}) {
                        for (const bool with_nan : {false, true}) {
                            buffer values = sample_buffer(d, n, n);
                            T* x = values.as<T>();
                            for (std::size_t i = 0; i < n && !with_nan; ++i) x[i] = x[i] == x[i] ? x[i] : cast_to<T>(1);
                            const std::string what = text(d, " on ", target, ", n = ", n);
                            expect_positions(x, 1, n, what);
                            expect_positions(x + n - 1, -1, n, what);
                            if (n % 2 == 0) expect_positions(x, 2, n / 2, what);
                            expect_positions(x, 0, n, what);
                        }
                    }
                }
            });
        }
    });
}

TEST(arg, takes_the_first_of_equal_elements_and_the_first_nan) {
    for_each_target([](std::string_view target) {
        std::vector<float> x(3000, 0.0F);
        x[2100] = x[2500] = 7;
        x[40] = x[1030] = -7;
        EXPECT_EQ(find_argmax(f32)({x.data(), 1}, x.size()), 2100) << target;
        EXPECT_EQ(find_argmin(f32)({x.data(), 1}, x.size()), 40) << target;
        x[2900] = x[2950] = std::numeric_limits<float>::quiet_NaN();
        EXPECT_EQ(find_argmax(f32)({x.data(), 1}, x.size()), 2900) << target;
        EXPECT_EQ(find_argmin(f32)({x.data(), 1}, x.size()), 2900) << target;
    });
}

TEST(arg, treats_zeros_of_both_signs_as_equal) {
    const double x[] = {-0.0, 0.0};
    EXPECT_EQ(find_argmax(f64)({x, 1}, 2), 0);
    EXPECT_EQ(find_argmin(f64)({x, 1}, 2), 0);
}

TEST(arg, has_no_order_of_complex_numbers) {
    EXPECT_EQ(find_argmax(c64), nullptr);
    EXPECT_EQ(find_argmin(c128), nullptr);
}

}  // namespace
}  // namespace tessera::simd::testing
