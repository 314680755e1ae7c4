#include "tessera/linalg/matmul.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tessera/array/cpu.hpp"
#include "tessera/array/ops.hpp"
#include "tessera/dtype/convert.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

// The plain triple loop over 2-D arrays, in doubles.
std::vector<double> reference(const array& a, const array& b) {
    const auto m = a.extent(0).value(), k = a.extent(1).value(), n = b.extent(1).value();
    const std::vector<double> x = a.to_vector<double>(), y = b.to_vector<double>();
    std::vector<double> out(static_cast<std::size_t>(m * n), 0.0);
    for (std::int64_t i = 0; i < m; ++i)
        for (std::int64_t j = 0; j < n; ++j)
            for (std::int64_t l = 0; l < k; ++l)
                out[static_cast<std::size_t>(i * n + j)] +=
                    x[static_cast<std::size_t>(i * k + l)] * y[static_cast<std::size_t>(l * n + j)];
    return out;
}

// Small integers, so that every dtype's result is exact.
array numbers(const dims& shape, dtype t, std::int64_t from = 0) {
    const std::int64_t n = element_count(shape).value();
    std::vector<double> values;
    for (std::int64_t i = 0; i < n; ++i) values.push_back(static_cast<double>((i * 7 + from) % 5));
    return astype(reshape(from_span(std::span<const double>(values), {n}), shape), t);
}

void expect_product(const array& a, const array& b, const std::string& what) {
    const array y = matmul(a, b);
    EXPECT_EQ(y.dtype(), a.dtype()) << what;
    EXPECT_EQ(y.shape(), (dims{a.extent(0), b.extent(1)})) << what;
    EXPECT_EQ(y.to_vector<double>(), reference(a, b)) << what;
}

TEST(matmul, agrees_with_a_product_worked_out_by_hand) {
    const array a = reshape(array({1.0, 2.0, 3.0, 4.0}), {2, 2}), b = reshape(array({5.0, 6.0, 7.0, 8.0}), {2, 2});
    EXPECT_EQ(matmul(a, b).to_vector<double>(), (std::vector<double>{19, 22, 43, 50}));
}

class matmul_of : public testing::TestWithParam<dtype> {};

TEST_P(matmul_of, any_layout_equals_the_plain_loop) {
    const dtype t = GetParam();
    const array a = numbers({5, 7}, t), b = numbers({7, 6}, t, 3);
    expect_product(a, b, "dense");
    expect_product(matrix_transpose(numbers({7, 5}, t)), matrix_transpose(numbers({6, 7}, t, 3)), "transposed");
    expect_product(flip(a), flip(b, 0), "reversed");
    expect_product(slice(numbers({10, 14}, t), {range(none, none, 2), range(none, none, 2)}), b, "every second");
    expect_product(slice(numbers({5, 9}, t), {whole, range(1, 8)}), b, "columns of a wider one");
    expect_product(broadcast_to(numbers({1, 7}, t), {5, 7}), b, "one row repeated");
    expect_product(numbers({1, 7}, t), numbers({7, 1}, t, 1), "row by column");
    expect_product(numbers({5, 1}, t), numbers({1, 6}, t, 1), "column by row");
}

TEST_P(matmul_of, no_inner_elements_give_zeros_and_no_rows_give_none) {
    const dtype t = GetParam();
    EXPECT_EQ(matmul(numbers({2, 0}, t), numbers({0, 3}, t)).to_vector<double>(), std::vector<double>(6, 0.0));
    EXPECT_EQ(matmul(numbers({0, 3}, t), numbers({3, 2}, t)).shape(), (dims{0, 2}));
}

TEST_P(matmul_of, writes_into_a_strided_destination_and_nothing_beside_it) {
    const dtype t = GetParam();
    const array a = numbers({3, 4}, t), b = numbers({4, 2}, t, 2);
    array wide = zeros({3, 6}, t);
    const array out = slice(wide, {whole, range(1, 5, 2)});
    matmul(a, b, out);
    EXPECT_EQ(contiguous(out).to_vector<double>(), reference(a, b));
    const std::vector<double> all = wide.to_vector<double>();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (i % 6 != 1 && i % 6 != 3) { EXPECT_EQ(all[i], 0) << i; }
}

INSTANTIATE_TEST_SUITE_P(dtypes, matmul_of,
                         testing::Values(i8, i16, i32, i64, u8, u16, u32, u64, f16, bf16, f32, f64, c64, c128),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST(matmul, of_bool_is_any_of_both) {
    const array a = astype(reshape(array({1.0, 0.0, 0.0, 0.0}), {2, 2}), boolean),
                b = astype(reshape(array({1.0, 1.0, 1.0, 0.0}), {2, 2}), boolean);
    EXPECT_EQ(matmul(a, b).dtype(), boolean);
    EXPECT_EQ(matmul(a, b).to_vector<int>(), (std::vector<int>{1, 1, 0, 0}));
}

TEST(matmul, of_small_integers_wraps) {
    const array a = full({1, 2}, 100, i8), b = full({2, 1}, 1, i8);
    EXPECT_EQ(matmul(a, b).item<int>(), static_cast<std::int8_t>(200));
}

TEST(matmul, of_f16_sums_in_f32_and_rounds_once) {
    // 2048 + 1 + 1: a sum in f16 would lose both ones.
    const array a = astype(reshape(array({2048.0, 1.0, 1.0}), {1, 3}), f16), b = ones({3, 1}, f16);
    EXPECT_EQ(matmul(a, b).item<float>(), 2050.0F);
}

TEST(matmul, vectors_lose_the_axis_that_was_added_for_them) {
    const array v = array({1.0, 2.0, 3.0}), m = reshape(arange(6.0), {3, 2});
    EXPECT_EQ(matmul(v, v).item<double>(), 14);
    EXPECT_EQ(matmul(v, v).rank(), 0);
    EXPECT_EQ(matmul(v, m).to_vector<double>(), (std::vector<double>{16, 22}));
    EXPECT_EQ(matmul(transpose(m), v).to_vector<double>(), (std::vector<double>{16, 22}));
}

TEST(matmul, leading_axes_are_batches_that_broadcast) {
    const array a = reshape(arange(24.0), {2, 1, 3, 4}), b = reshape(arange(40.0), {5, 4, 2});
    const array y = matmul(a, b);
    ASSERT_EQ(y.shape(), (dims{2, 5, 3, 2}));
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 5; ++j)
            EXPECT_EQ(contiguous(slice(y, {i, j})).to_vector<double>(),
                      reference(contiguous(slice(a, {i, 0})), contiguous(slice(b, {j}))));
}

TEST(matmul, many_matrices_times_one_agree_with_each_on_its_own) {
    const array b = numbers({4, 3}, f64, 1), wide = numbers({4, 5, 6, 4}, f64);
    const array layouts[] = {
        wide,
        slice(wide, {range(0, 4), range(0, 5), range(0, 4)}),     // rows merge with nothing
        slice(wide, {range(0, 4), range(0, 5, 2)}),               // rows merge with a part
        slice(wide, {range(0, 4), range(0, 5), range(0, 6, 2)}),  // every other row
        slice(wide, {range(0, 4), range(0, 5), range(3, 4)}),     // one row each
        slice(wide, {range(0, 4), range(2, 3), range(0, 6)}),     // an axis of size one
        flip(wide, 0),
        flip(wide, 2),
        permute_dims(wide, {1, 0, 2, 3}),  // walks that cannot be one
        permute_dims(reshape(wide, {4, 5, 4, 6}), {0, 1, 3, 2}),
        broadcast_to(slice(wide, {range(0, 1)}), {3, 5, 6, 4}),
        slice(wide, {range(0, 0)}),
    };
    for (const array& a : layouts)
        for (const array& w : {b, reshape(b, {1, 1, 4, 3}), transpose(reshape(b, {3, 4}))}) {
            const array y = matmul(a, w), one = reshape(w, {4, 3});
            ASSERT_EQ(y.shape(), (dims{a.extent(0), a.extent(1), a.extent(2), 3}));
            for (int i = 0; i < a.extent(0).value(); ++i)
                for (int j = 0; j < a.extent(1).value(); ++j)
                    EXPECT_EQ(contiguous(slice(y, {i, j})).to_vector<double>(),
                              reference(contiguous(slice(a, {i, j})), contiguous(one)))
                        << i << " " << j;
        }
    // Into memory whose rows do not follow each other.
    const array room = zeros({4, 5, 7, 3});
    const array out = slice(room, {range(0, 4), range(0, 5), range(0, 6)});
    matmul(wide, b, out);
    EXPECT_EQ(contiguous(out).to_vector<double>(), matmul(wide, b).to_vector<double>());
    EXPECT_EQ(sum(slice(room, {range(0, 4), range(0, 5), 6})).item<double>(), 0);
}

TEST(matmul, operands_meet_in_their_promoted_dtype) {
    EXPECT_EQ(matmul(ones({2, 2}, i32), ones({2, 2}, f32)).dtype(), f64);
    EXPECT_EQ(matmul(ones({2, 2}, f32), ones({2, 2}, c64)).dtype(), c64);
}

TEST(matmul, of_one_and_of_two_threads_are_close_at_sizes_that_fork) {
    const array a = numbers({700, 300}, f64), b = numbers({300, 500}, f64, 1);
    const int before = threads();
    set_threads(1);
    const std::vector<double> alone = matmul(a, b).to_vector<double>();
    set_threads(3);
    const std::vector<double> together = matmul(a, b).to_vector<double>();
    set_threads(before);
    EXPECT_EQ(alone, together);  // sums of small integers are exact in any order
}

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(matmul, refuses_what_does_not_fit_with_the_shapes) {
    EXPECT_EQ(text_of<shape_error>([] {
                  matmul(zeros({2, 3}), zeros({2, 3}));
              }),
              "linalg.matmul: shapes do not fit: (2, 3) times (2, 3); the last axis of the first must be as long as "
              "the second to "
              "last of the second");
    EXPECT_EQ(text_of<shape_error>([] { matmul(zeros({3}), zeros({4})); }),
              "linalg.matmul: shapes do not fit: (3,) times (4,); the last axis of the first must be as long as the "
              "second to last "
              "of the second");
    EXPECT_EQ(text_of<shape_error>([] {
                  matmul(zeros({2, 3, 4}), zeros({3, 4, 5}));
              }),
              "linalg.matmul: shapes do not broadcast: (2,) and (3,) differ at axis 0 (2 and 3)");
    EXPECT_EQ(text_of<shape_error>([] {
                  matmul(array(2.0), zeros({2, 2}));
              }),
              "linalg.matmul: takes arrays of rank 1 and above, got shapes () and (2, 2); multiply(a, b) scales");
    EXPECT_EQ(text_of<value_error>([] {
                  matmul(array(), zeros({2, 2}));
              }),
              "linalg.matmul: argument 0 is a null array");
    EXPECT_EQ(text_of<shape_error>([] {
                  matmul(zeros({2, 2}), zeros({2, 2}), zeros({2, 3}));
              }),
              "linalg.matmul: out is f64 (2, 3) on cpu:0 but the result is f64 (2, 2) on cpu:0");
}

}  // namespace
}  // namespace tessera
