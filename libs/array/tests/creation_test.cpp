#include "tessera/array/creation.hpp"

#include <gtest/gtest.h>

#include "expect_throws.hpp"
#include "tessera/dtype/narrow_floats.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

using doubles = std::vector<double>;
using longs = std::vector<std::int64_t>;

TEST(zeros, are_f64_unless_asked) {
    const array x = zeros({2, 3});
    EXPECT_EQ(x.dtype(), f64);
    EXPECT_EQ(x.shape(), (dims{2, 3}));
    EXPECT_EQ(x.to_vector<double>(), doubles(6, 0));
    EXPECT_EQ(zeros({4}, i8).dtype(), i8);
}

TEST(ones, exist_in_every_dtype) {
    for (int d = 0; d < dtype_count; ++d) {
        const array x = ones({3}, static_cast<dtype>(d));
        EXPECT_EQ(x.dtype(), static_cast<dtype>(d));
        EXPECT_EQ(x.to_vector<double>(), doubles(3, 1)) << name(x.dtype());
    }
}

TEST(full, takes_the_dtype_a_literal_has) {
    EXPECT_EQ(full({2}, 7).dtype(), i64);
    EXPECT_EQ(full({2}, 7.5).dtype(), f64);
    EXPECT_EQ(full({2}, true).dtype(), boolean);
    EXPECT_EQ(full({2}, std::complex<float>(1, 2)).dtype(), c128);
    EXPECT_EQ(full({2}, 2.5, f16).to_vector<double>(), doubles(2, 2.5));
}

TEST(full, of_rank_zero_and_of_no_elements) {
    EXPECT_EQ(full({}, 3).item<int>(), 3);
    EXPECT_EQ(full({0, 5}, 3).size(), extent(0));
    EXPECT_EQ(zeros({0, 5}).to_vector<double>(), doubles{});
}

TEST(zeros, have_up_to_64_axes) {
    EXPECT_EQ(zeros(dims(64, extent(1))).rank(), 64);
    expect_throws<shape_error>([] { zeros(dims(65, extent(1))); }, "array.full: rank 65 is above 64");
    expect_throws<shape_error>([] { (void)empty(dims(65, extent(1))); }, "array.empty: rank 65 is above 64");
}

TEST(zeros, refuse_sizes_that_are_negative_or_overflow) {
    expect_throws<shape_error>([] { zeros({-1}); }, "got -1");
    expect_throws<shape_error>([] { zeros({std::int64_t{1} << 40, std::int64_t{1} << 40}); }, "64 bits");
    expect_throws<shape_error>([] { zeros({std::int64_t{1} << 61}); }, "more bytes than can be addressed");
    expect_throws<out_of_memory>([] { (void)empty({std::int64_t{1} << 58}); }, "no memory");
}

TEST(zeros, on_an_unknown_device_are_refused) {
    expect_throws<device_error>([] { zeros({2}, f32, device{99, 0}); }, "device(99):0");
    expect_throws<device_error>([] { zeros({2}, f32, device{1, 3}); }, "cpu:3");
}

TEST(zeros_like, takes_shape_and_dtype) {
    const array x = full({2, 2}, 3, i16);
    EXPECT_EQ(zeros_like(x).spec(), x.spec());
    EXPECT_EQ(ones_like(x).to_vector<int>(), std::vector<int>(4, 1));
    EXPECT_EQ(full_like(x, 9).to_vector<int>(), std::vector<int>(4, 9));
    EXPECT_EQ(empty_like(x).spec(), x.spec());
}

TEST(arange, of_integers_is_i64_and_exact) {
    EXPECT_EQ(arange(4).to_vector<std::int64_t>(), (longs{0, 1, 2, 3}));
    EXPECT_EQ(arange(4).dtype(), i64);
    EXPECT_EQ(arange(2, 11, 3).to_vector<std::int64_t>(), (longs{2, 5, 8}));
    EXPECT_EQ(arange(5, -5, -2).to_vector<std::int64_t>(), (longs{5, 3, 1, -1, -3}));
    EXPECT_EQ(arange(3, 3).size(), extent(0));
    EXPECT_EQ(arange(INT64_MAX - 2, INT64_MAX).to_vector<std::int64_t>(), (longs{INT64_MAX - 2, INT64_MAX - 1}));
    EXPECT_EQ(arange(INT64_MIN, INT64_MAX, INT64_MAX).to_vector<std::int64_t>(), (longs{INT64_MIN, -1, INT64_MAX - 1}));
}

TEST(arange, counts_within_i64) {
    expect_throws<value_error>([] { (void)arange(std::uint64_t{1} << 63); },
                               "array.arange: counts in i64, which does not hold 9223372036854775808");
    EXPECT_EQ(arange(std::uint64_t{3}).dtype(), i64);
}

TEST(arange, of_floats_stops_before_the_end) {
    EXPECT_EQ(arange(0.0, 1.0, 0.25).to_vector<double>(), (doubles{0, 0.25, 0.5, 0.75}));
    EXPECT_EQ(arange(1, 2.5).to_vector<double>(), (doubles{1, 2}));
    EXPECT_EQ(arange(0, 3, 1, f32).dtype(), f32);
}

TEST(arange, refuses_a_step_of_zero_and_endless_ranges) {
    expect_throws<value_error>([] { arange(0, 5, 0); }, "the step from 0 to 5 must not be 0");
    expect_throws<value_error>([] { arange(0.0, 5.0, 0.0); }, "must not be 0");
    expect_throws<value_error>([] { arange(0.0, INFINITY); }, "ends must be finite");
    expect_throws<value_error>([] { arange(0.0, 1.0, NAN); }, "nan");
    expect_throws<shape_error>([] { arange(0.0, 1e300, 1.0); }, "64 bits");
    expect_throws<shape_error>([] { arange(INT64_MIN, INT64_MAX); }, "64 bits");
}

TEST(linspace, meets_both_ends) {
    EXPECT_EQ(linspace(0, 1, 5).to_vector<double>(), (doubles{0, 0.25, 0.5, 0.75, 1}));
    EXPECT_EQ(linspace(0, 1, 4, false).to_vector<double>(), (doubles{0, 0.25, 0.5, 0.75}));
    EXPECT_EQ(linspace(0, 0.3, 4).to_vector<double>().back(), 0.3);
    EXPECT_EQ(linspace(3, 9, 1).to_vector<double>(), doubles{3});
    EXPECT_EQ(linspace(3, 9, 0).size(), extent(0));
    EXPECT_EQ(linspace(-2, 0, 4, true, i32).to_vector<int>(), (std::vector<int>{-2, -2, -1, 0}));
    EXPECT_EQ(linspace(0, 1).size(), extent(50));
}

TEST(linspace, refuses_a_negative_number) {
    expect_throws<value_error>([] { linspace(0, 1, -1); }, "num must not be negative, got -1");
}

TEST(eye, has_ones_on_a_diagonal) {
    EXPECT_EQ(eye(2).to_vector<double>(), (doubles{1, 0, 0, 1}));
    EXPECT_EQ(eye(2, 3, 1).to_vector<double>(), (doubles{0, 1, 0, 0, 0, 1}));
    EXPECT_EQ(eye(3, 2, -1, i32).to_vector<int>(), (std::vector<int>{0, 0, 1, 0, 0, 1}));
    EXPECT_EQ(eye(2, 2, 5).to_vector<double>(), doubles(4, 0));
    EXPECT_EQ(eye(2, 2, INT64_MIN).to_vector<double>(), doubles(4, 0));
    EXPECT_EQ(eye(0, 3).size(), extent(0));
    EXPECT_EQ(eye(3, f32).dtype(), f32);
}

}  // namespace
}  // namespace tessera
