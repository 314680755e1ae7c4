#include "tessera/linalg_views/matmul.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <string>
#include <vector>

#include "tessera/interop/error.hpp"
#include "tessera/interop/extents.hpp"

namespace tessera::linalg_views {
namespace {

struct matrix {
    std::vector<double> data;
    std::int64_t shape[2], steps[2];
    std::int64_t offset = 0;

    any_view view() {
        any_view v;
        v.data = data.data();
        v.offset = offset;
        v.shape = shape;
        v.strides = steps;
        v.rank = 2;
        v.dtype = f64;
        return v;
    }
    double at(std::int64_t i, std::int64_t j) const {
        return data[static_cast<std::size_t>(offset + i * steps[0] + j * steps[1])];
    }
};

matrix make(std::int64_t rows, std::int64_t columns, std::int64_t row_step, std::int64_t column_step,
            std::int64_t offset, std::size_t size) {
    matrix m{std::vector<double>(size), {rows, columns}, {row_step, column_step}, offset};
    for (std::size_t i = 0; i < size; ++i) m.data[i] = static_cast<double>((i * 5) % 7);
    return m;
}

void expect_product(matrix a, matrix b, matrix out, const char* what) {
    const matrix before = out;
    for (const auto& [how, scale] : {std::pair(into::overwrite, 1), {into::accumulate, 1}, {into::accumulate, -3}}) {
        out = before;
        matmul(a.view(), b.view(), out.view(), how, scale);
        for (std::int64_t i = 0; i < out.shape[0]; ++i)
            for (std::int64_t j = 0; j < out.shape[1]; ++j) {
                double sum = how == into::accumulate ? before.at(i, j) : 0;
                for (std::int64_t k = 0; k < a.shape[1]; ++k) sum += scale * a.at(i, k) * b.at(k, j);
                EXPECT_EQ(out.at(i, j), sum) << what << " " << i << " " << j;
            }
    }
}

const matrix dense_out = make(2, 3, 3, 1, 0, 6);

TEST(views_matmul, any_layout_equals_the_plain_loop) {
    expect_product(make(2, 4, 4, 1, 0, 8), make(4, 3, 3, 1, 0, 12), dense_out, "row-major");
    expect_product(make(2, 4, 1, 2, 0, 8), make(4, 3, 1, 4, 0, 12), dense_out, "column-major");
    expect_product(make(2, 4, -4, 1, 4, 8), make(4, 3, 3, -1, 2, 12), dense_out, "reversed");
    expect_product(make(2, 4, 0, 1, 0, 8), make(4, 3, 6, 2, 0, 24), dense_out, "repeated row, every second column");
    expect_product(make(2, 4, 4, 1, 0, 8), make(4, 3, 3, 1, 0, 12), make(2, 3, 1, 2, 0, 6), "into column-major");
    expect_product(make(2, 4, 4, 1, 0, 8), make(4, 3, 3, 1, 0, 12), make(2, 3, 8, 2, 1, 16),
                   "into every second column");
    expect_product(make(1, 4, 0, 1, 0, 4), make(4, 1, 1, 0, 0, 4), make(1, 1, 9, 9, 0, 1),
                   "steps of single elements do not matter");
}

// One column or one row: BLAS's products of a matrix and a vector.
TEST(views_matmul, vectors_of_any_step) {
    const matrix matrices[] = {make(3, 4, 4, 1, 0, 12), make(3, 4, 1, 3, 0, 12), make(3, 4, 9, 1, 2, 30),
                               make(3, 4, -4, 1, 8, 12), make(3, 4, 0, 2, 0, 8)};
    for (const matrix& m : matrices) {
        matrix turned = m;
        std::swap(turned.shape[0], turned.shape[1]);
        std::swap(turned.steps[0], turned.steps[1]);
        for (const std::int64_t step : {1, 3, 0, -2}) {
            const std::int64_t first = step < 0 ? 6 : 0;
            expect_product(m, make(4, 1, step, 7, first, 12), make(3, 1, 1, 1, 0, 3), "matrix times column");
            expect_product(m, make(4, 1, step, 7, first, 12), make(3, 1, 2, 1, 1, 8), "into every second element");
            expect_product(m, make(4, 1, step, 7, first, 12), make(3, 1, -1, 1, 2, 3), "into reversed");
            expect_product(make(1, 4, 7, step, first, 12), turned, make(1, 3, 5, 1, 0, 3), "row times matrix");
            expect_product(make(1, 4, 7, step, first, 12), turned, make(1, 3, 5, 2, 0, 6), "into a strided row");
        }
    }
    expect_product(make(3, 0, 1, 1, 0, 0), make(0, 1, 1, 1, 0, 0), make(3, 1, 1, 1, 0, 3), "nothing to sum");
    expect_product(make(1, 0, 1, 1, 0, 0), make(0, 3, 3, 1, 0, 0), make(1, 3, 3, 1, 0, 3), "nothing to sum");
}

TEST(views_matmul, reads_in_place_what_has_a_unit_step) {
    EXPECT_TRUE(reads_in_place(make(2, 4, 4, 1, 0, 8).view()));
    EXPECT_TRUE(reads_in_place(make(2, 4, 1, 2, 0, 8).view()));
    EXPECT_TRUE(reads_in_place(make(2, 4, 9, 1, 0, 18).view()));
    EXPECT_FALSE(reads_in_place(make(2, 4, 8, 2, 0, 16).view()));
    EXPECT_FALSE(reads_in_place(make(2, 4, -4, 1, 4, 8).view()));
    EXPECT_FALSE(reads_in_place(make(2, 4, 0, 1, 0, 8).view()));
}

TEST(views_matmul, multiplies_complex_numbers_without_conjugating) {
    using c = std::complex<double>;
    std::vector<c> a{{0, 1}}, b{{0, 1}}, out(1);
    using one = extents<1, 1>;
    matmul(array_view<c, one>(a.data(), one{}), array_view<c, one>(b.data(), one{}),
           array_view<c, one>(out.data(), one{}));
    EXPECT_EQ(out[0], c(-1, 0));
}

template <class Error, class F> std::string text_of(F f) {
    try {
        f();
    } catch (const Error& e) { return e.what(); }
    return "nothing was thrown";
}

TEST(views_matmul, refuses_bad_operands_before_out_is_touched) {
    matrix a = make(2, 4, 4, 1, 0, 8), b = make(3, 3, 3, 1, 0, 9), out = dense_out;
    EXPECT_EQ(text_of<shape_error>([&] { matmul(a.view(), b.view(), out.view()); }),
              "linalg_views.matmul: shapes do not fit: (2, 4) times (3, 3) into (2, 3)");
    matrix c = make(4, 3, 3, 1, 0, 12);
    any_view read_only = out.view();
    read_only.flags = view_read_only;
    EXPECT_EQ(text_of<value_error>([&] { matmul(a.view(), c.view(), read_only); }),
              "linalg_views.matmul: out is read-only");
    any_view integers = a.view();
    integers.dtype = i64;
    EXPECT_EQ(text_of<dtype_error>([&] { matmul(integers, c.view(), out.view()); }),
              "linalg_views.matmul: takes one dtype of f32, f64, c64, c128, got i64, f64 into f64");
    any_view elsewhere = a.view();
    elsewhere.device = {7, 0};
    EXPECT_EQ(text_of<device_error>([&] { matmul(elsewhere, c.view(), out.view()); }),
              "linalg_views.matmul: reads host memory only, got a view on vulkan:0");
    EXPECT_EQ(out.data, dense_out.data);
}

TEST(views_matmul, scales) {
    using c = std::complex<double>;
    using one = extents<1, 1>;
    std::vector<c> a{{0, 1}}, b{{0, 1}}, out{{1, 0}};
    matmul(array_view<c, one>(a.data(), one{}), array_view<c, one>(b.data(), one{}),
           array_view<c, one>(out.data(), one{}), into::accumulate, c(0, 2));
    EXPECT_EQ(out[0], c(1, -2));
    matrix x = make(2, 4, 4, 1, 0, 8), y = make(4, 3, 3, 1, 0, 12), to = dense_out;
    EXPECT_EQ(text_of<value_error>([&] { matmul(x.view(), y.view(), to.view(), into::overwrite, c(1, 2)); }),
              "linalg_views.matmul: the scale of f64 products is real, got 1 + 2i");
    EXPECT_EQ(to.data, dense_out.data);
}

TEST(views_matmul, says_which_blas_it_has) { EXPECT_FALSE(blas_name().empty()); }

}  // namespace
}  // namespace tessera::linalg_views
