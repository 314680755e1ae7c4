#include <cmath>
#include <complex>
#include <limits>

#include <gtest/gtest.h>

#include "comparison.hpp"
#include "tensors.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::oracles {
namespace {

using nlohmann::json;
using testing::host_tensor;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool agree(const host_tensor& got, const host_tensor& expected, const json& cmp) {
    return difference(got, expected, parse_comparison(cmp)).empty();
}

TEST(exact, wants_the_same_values_and_the_sign_of_zero) {
    const json cmp{{"k", "exact"}};
    EXPECT_TRUE(agree(doubles({1, inf, -0.0}), doubles({1, inf, -0.0}), cmp));
    EXPECT_FALSE(agree(doubles({0.0}), doubles({-0.0}), cmp));
    EXPECT_FALSE(agree(doubles({std::nextafter(1.0, 2.0)}), doubles({1}), cmp));
    EXPECT_FALSE(agree(ints({1, 2}), ints({1, 3}), cmp));
}

TEST(exact, takes_any_nan_for_any_nan) {
    const json cmp{{"k", "exact"}};
    const host_tensor quiet = tensor_of<std::uint16_t>(f16, {0x7E00});
    const host_tensor other = tensor_of<std::uint16_t>(f16, {0xFE01});
    EXPECT_TRUE(agree(quiet, other, cmp));
    EXPECT_FALSE(agree(quiet, tensor_of<std::uint16_t>(f16, {0x7C00}), cmp));
}

TEST(exact, compares_the_parts_of_complex_numbers) {
    const json cmp{{"k", "exact"}};
    using z = std::complex<float>;
    EXPECT_TRUE(agree(tensor_of<z>(c64, {{1, -0.0F}}), tensor_of<z>(c64, {{1, -0.0F}}), cmp));
    EXPECT_FALSE(agree(tensor_of<z>(c64, {{1, 0.0F}}), tensor_of<z>(c64, {{1, -0.0F}}), cmp));
}

TEST(exact, sees_a_difference_beyond_the_precision_of_a_double) {
    const json cmp{{"k", "exact"}};
    EXPECT_FALSE(
        agree(tensor_of<std::uint64_t>(u64, {1ULL << 63}), tensor_of<std::uint64_t>(u64, {(1ULL << 63) + 1}), cmp));
}

TEST(exact, names_the_first_difference_with_both_values) {
    const host_tensor got = tensor_of<float>(f32, {1, 2, 3, 5, 5, 7}, {2, 3});
    const host_tensor expected = tensor_of<float>(f32, {1, 2, 3, 4, 5, 6}, {2, 3});
    EXPECT_EQ(difference(got, expected, parse_comparison({{"k", "exact"}})),
              "2 of 6 elements differ; the first at (1, 0): got 5, expected 4");
}

TEST(ulp, counts_in_the_spacing_of_the_dtype) {
    const json two{{"k", "ulp"}, {"n", 2}};
    const float up1 = std::nextafter(1.0F, 2.0F);
    const float up2 = std::nextafter(up1, 2.0F);
    const float up3 = std::nextafter(up2, 2.0F);
    EXPECT_TRUE(agree(floats({up2}), floats({1}), two));
    EXPECT_FALSE(agree(floats({up3}), floats({1}), two));
    EXPECT_FALSE(agree(doubles({1.0 + 3e-16 * 2}), doubles({1}), two));
    EXPECT_TRUE(agree(doubles({1.0 + 2.2e-16 * 2}), doubles({1}), two));
}

TEST(ulp, uses_the_smallest_spacing_below_the_normal_range) {
    const json one{{"k", "ulp"}, {"n", 1}};
    EXPECT_TRUE(agree(tensor_of<std::uint16_t>(f16, {0x0001}), tensor_of<std::uint16_t>(f16, {0x0000}), one));
    EXPECT_FALSE(agree(tensor_of<std::uint16_t>(f16, {0x0002}), tensor_of<std::uint16_t>(f16, {0x0000}), one));
    EXPECT_TRUE(agree(tensor_of<std::uint16_t>(bf16, {0x3F81}), tensor_of<std::uint16_t>(bf16, {0x3F80}), one));
    EXPECT_FALSE(agree(tensor_of<std::uint16_t>(bf16, {0x3F82}), tensor_of<std::uint16_t>(bf16, {0x3F80}), one));
}

TEST(ulp, wants_infinities_and_nans_where_they_are_expected) {
    const json cmp{{"k", "ulp"}, {"n", 4}};
    EXPECT_TRUE(agree(doubles({inf, nan}), doubles({inf, nan}), cmp));
    EXPECT_FALSE(agree(doubles({std::numeric_limits<double>::max()}), doubles({inf}), cmp));
    EXPECT_FALSE(agree(doubles({inf}), doubles({std::numeric_limits<double>::max()}), cmp));
    EXPECT_FALSE(agree(doubles({0}), doubles({nan}), cmp));
}

TEST(close, adds_the_relative_and_the_absolute_tolerance) {
    const json cmp{{"k", "close"}, {"rtol", 0.125}, {"atol", 0.5}};
    EXPECT_TRUE(agree(doubles({9.5}), doubles({8}), cmp));
    EXPECT_FALSE(agree(doubles({9.625}), doubles({8}), cmp));
}

TEST(close, grants_infinities_no_tolerance) {
    const json cmp{{"k", "close"}, {"rtol", 0.5}, {"atol", 0}};
    EXPECT_TRUE(agree(doubles({inf, nan}), doubles({inf, nan}), cmp));
    EXPECT_FALSE(agree(doubles({1}), doubles({inf}), cmp));
    EXPECT_FALSE(agree(doubles({-inf}), doubles({inf}), cmp));
}

TEST(close, measures_complex_numbers_by_modulus_and_integers_by_equality) {
    const json cmp{{"k", "close"}, {"rtol", 0}, {"atol", 1}};
    using z = std::complex<double>;
    EXPECT_TRUE(agree(tensor_of<z>(c128, {{0.6, 0.8}}), tensor_of<z>(c128, {{0, 0}}), cmp));
    EXPECT_FALSE(agree(tensor_of<z>(c128, {{0.9, 0.9}}), tensor_of<z>(c128, {{0, 0}}), cmp));
    EXPECT_FALSE(agree(ints({1}), ints({2}), cmp));
}

TEST(close, has_other_tolerances_for_a_float32_run) {
    const json cmp{{"k", "close"}, {"rtol", 0}, {"atol", 1e-9}, {"f32", {{"rtol", 0}, {"atol", 1e-3}}}};
    const testing::oracle_case asked;
    const comparison as_given = adapt(parse_comparison(cmp), asked, f64, {});
    const comparison in_f32 = adapt(parse_comparison(cmp), asked, f64, {.inputs_cast_to_f32 = true});
    EXPECT_FALSE(difference(doubles({1.0005}), doubles({1}), as_given).empty());
    EXPECT_TRUE(difference(doubles({1.0005}), doubles({1}), in_f32).empty());
}

TEST(norm, is_relative_to_the_whole_tensor) {
    for (const char* kind : {"norm", "l2"}) {
        const json cmp{{"k", kind}, {"tol", 0.5}};
        EXPECT_TRUE(agree(doubles({3, 1.5}), doubles({3, 4}), cmp)) << kind;
        EXPECT_FALSE(agree(doubles({3, 1}), doubles({3, 4}), cmp)) << kind;
    }
}

TEST(norm, is_absolute_when_the_answer_is_zero_and_does_not_overflow) {
    const json cmp{{"k", "norm"}, {"tol", 0.5}};
    EXPECT_TRUE(agree(doubles({0.3, 0.4}), doubles({0, 0}), cmp));
    EXPECT_FALSE(agree(doubles({0.4, 0.4}), doubles({0, 0}), cmp));
    EXPECT_TRUE(agree(doubles({1e300, 1e300}), doubles({1e300, 1.1e300}), cmp));
    EXPECT_FALSE(agree(doubles({-1e300, -1e300}), doubles({1e300, 1e300}), cmp));
    EXPECT_FALSE(agree(doubles({nan}), doubles({1}), cmp));
}

TEST(set, ignores_the_order) {
    const json cmp{{"k", "set"}, {"atol", 0.125}};
    EXPECT_TRUE(agree(doubles({3, 1, 2}), doubles({1, 2, 3.125}), cmp));
    EXPECT_FALSE(agree(doubles({1, 1, 2}), doubles({1, 2, 2}), cmp));
}

TEST(set, finds_the_pairing_that_nearest_first_misses) {
    // Expected 0 lies nearest to 0.75, which is the only value 1.5 can take.
    EXPECT_TRUE(agree(doubles({0.75, -0.875}), doubles({0, 1.5}), {{"k", "set"}, {"atol", 0.875}}));
}

TEST(bytes, allows_a_share_of_differing_rows) {
    const host_tensor expected = tensor_of<std::uint8_t>(u8, {1, 2, 3, 4, 5, 6, 7, 8}, {4, 2});
    const host_tensor one_row = tensor_of<std::uint8_t>(u8, {1, 2, 0, 0, 5, 6, 7, 8}, {4, 2});
    EXPECT_TRUE(agree(one_row, expected, {{"k", "bytes"}, {"max_bad_blocks", 0.25}}));
    EXPECT_FALSE(agree(one_row, expected, {{"k", "bytes"}, {"max_bad_blocks", 0.2}}));
}

TEST(code, allows_a_share_of_codes_one_step_away) {
    const host_tensor expected = tensor_of<std::uint8_t>(f8e4m3, {0x10, 0x90, 0x20, 0x00});
    const json half{{"k", "code"}, {"max_off_by_one", 0.5}};
    EXPECT_TRUE(agree(tensor_of<std::uint8_t>(f8e4m3, {0x11, 0x8F, 0x20, 0x00}), expected, half));
    EXPECT_FALSE(agree(tensor_of<std::uint8_t>(f8e4m3, {0x11, 0x8F, 0x21, 0x00}), expected, half));
    EXPECT_FALSE(agree(tensor_of<std::uint8_t>(f8e4m3, {0x12, 0x90, 0x20, 0x00}), expected, half));
    EXPECT_TRUE(agree(tensor_of<std::int8_t>(i8, {-1}), tensor_of<std::int8_t>(i8, {0}),
                      {{"k", "code"}, {"max_off_by_one", 1}}));
}

TEST(frac, wants_a_share_of_agreeing_elements) {
    const json cmp{{"k", "frac"}, {"rtol", 0}, {"min_frac", 0.75}};
    EXPECT_TRUE(agree(ints({1, 2, 3, 0}), ints({1, 2, 3, 4}), cmp));
    EXPECT_FALSE(agree(ints({1, 2, 0, 0}), ints({1, 2, 3, 4}), cmp));
}

TEST(ge, wants_at_least_the_expected_minus_the_slack) {
    const json cmp{{"k", "ge"}, {"slack", 0.25}};
    EXPECT_TRUE(agree(doubles({0.75}), doubles({1}), cmp));
    EXPECT_TRUE(agree(doubles({2}), doubles({1}), cmp));
    EXPECT_FALSE(agree(doubles({0.5}), doubles({1}), cmp));
    EXPECT_FALSE(agree(doubles({nan}), doubles({1}), cmp));
}

TEST(gpu_rules, widen_close_transcendental_and_division_bounds_only) {
    testing::oracle_case asked;
    asked.op = "div";
    asked.tags = {"transc"};
    const run_rules gpu{.gpu = true};
    EXPECT_EQ(adapt(parse_comparison({{"k", "close"}, {"rtol", 1}, {"atol", 2}}), asked, f64, gpu).close.atol, 8);
    EXPECT_EQ(adapt(parse_comparison({{"k", "ulp"}, {"n", 2}}), asked, f32, gpu).limit, 8);
    EXPECT_EQ(adapt(parse_comparison({{"k", "exact"}}), asked, f32, gpu).kind, comparison_kind::ulp);
    EXPECT_EQ(adapt(parse_comparison({{"k", "exact"}}), asked, f64, gpu).kind, comparison_kind::exact);
    EXPECT_EQ(adapt(parse_comparison({{"k", "exact"}}), asked, f32, {}).kind, comparison_kind::exact);
}

TEST(gpu_rules, excuse_a_flushed_subnormal_and_nothing_else) {
    const comparison exact = parse_comparison({{"k", "exact"}});
    EXPECT_TRUE(difference(floats({0}), floats({1e-40F}), exact, true).empty());
    EXPECT_FALSE(difference(floats({0}), floats({1e-40F}), exact, false).empty());
    EXPECT_FALSE(difference(floats({0}), floats({1e-30F}), exact, true).empty());
    EXPECT_FALSE(difference(doubles({0}), doubles({1e-310}), exact, true).empty());
}

TEST(parse_comparison, refuses_unknown_kinds_and_missing_parameters) {
    EXPECT_THROW(parse_comparison({{"k", "about"}}), format_error);
    EXPECT_THROW(parse_comparison({{"k", "close"}, {"rtol", 1}}), format_error);
    EXPECT_THROW(parse_comparison({{"k", "ulp"}, {"n", "many"}}), format_error);
    EXPECT_THROW(parse_comparison("exact"), format_error);
}

}  // namespace
}  // namespace tessera::oracles
