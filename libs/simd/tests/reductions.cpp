// Reductions against a plain loop in the order that loops_reduce.hpp promises, bit for bit on every target.
#include "tessera/simd/loops_reduce.hpp"

#include <gtest/gtest.h>

#include "sample.hpp"
#include "tessera/dtype/scalar.hpp"

namespace tessera::simd::testing {
namespace {

constexpr reduce_code all_codes[] = {reduce_code::sum,     reduce_code::product, reduce_code::maximum,
                                     reduce_code::minimum, reduce_code::any,     reduce_code::all};
constexpr std::string_view code_names[] = {"sum", "product", "maximum", "minimum", "any", "all"};

std::string describe(reduce_code code, dtype d, std::string_view target) {
    return text(code_names[static_cast<std::size_t>(code)], " of ", d, " on ", target);
}

template <reduce_code C, class Acc> Acc combine(Acc a, Acc b) {
    if constexpr (C == reduce_code::sum) {
        return evaluate<scalar_code::add>(a, b);
    } else if constexpr (C == reduce_code::product) {
        return evaluate<scalar_code::multiply>(a, b);
    } else if constexpr (C == reduce_code::maximum) {
        return evaluate<scalar_code::maximum>(a, b);
    } else if constexpr (C == reduce_code::minimum) {
        return evaluate<scalar_code::minimum>(a, b);
    } else {
        return C == reduce_code::any ? a || b : a && b;
    }
}

// 64 lanes, those without an element left out, folded by halves; then the spans' results by the same rule.
template <reduce_code C, class Acc> Acc in_order(const std::vector<Acc>& values) {
    std::vector<Acc> results;
    for (std::size_t first = 0; first < values.size(); first += 4096) {
        const std::size_t n = std::min<std::size_t>(4096, values.size() - first);
        std::vector<Acc> lanes;
        for (std::size_t i = 0; i < n; ++i) {
            const Acc value = values[first + i];
            if (i < 64) {
                lanes.push_back(value);
            } else {
                lanes[i % 64] = combine<C, Acc>(lanes[i % 64], value);
            }
        }
        for (std::size_t half = 32; half > 0; half /= 2) {
            for (std::size_t l = 0; l < half && l + half < lanes.size(); ++l) {
                lanes[l] = combine<C, Acc>(lanes[l], lanes[l + half]);
            }
            if (lanes.size() > half) lanes.resize(half);
        }
        results.push_back(lanes[0]);
    }
    return results.size() == 1 ? results[0] : in_order<C, Acc>(results);
}

// vector<bool> packs bits and has no references of its element type.
template <class T> using storable = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;

template <reduce_code C, class T, class Acc>
void expected_of(void* acc, const void* data, std::ptrdiff_t stride, std::size_t n) {
    std::vector<storable<Acc>> values;
    for (std::size_t i = 0; i < n; ++i) {
        values.push_back(cast_to<Acc>(static_cast<const T*>(data)[static_cast<std::ptrdiff_t>(i) * stride]));
    }
    const auto result = static_cast<Acc>(in_order<C, storable<Acc>>(values));
    *static_cast<Acc*>(acc) = C == reduce_code::sum ? combine<C, Acc>(Acc(0), result) : result;  // sums begin at +0
}

// Calls use(expected) with the reference of a code on a dtype; returns false when there is none.
template <class Use> bool with_expected(reduce_code code, dtype d, const Use& use) {
    return with_type(d, [&](auto tag) {
        using T = typename decltype(tag)::type;
        using wide =
            std::conditional_t<std::is_same_v<T, bool> || (std::is_integral_v<T> && std::is_signed_v<T>), std::int64_t,
                               std::conditional_t<std::is_integral_v<T>, std::uint64_t, compute_type<T>>>;
        switch (code) {
        case reduce_code::sum: use(expected_of<reduce_code::sum, T, wide>); return true;
        case reduce_code::product: use(expected_of<reduce_code::product, T, wide>); return true;
        case reduce_code::any: use(expected_of<reduce_code::any, T, bool>); return true;
        case reduce_code::all: use(expected_of<reduce_code::all, T, bool>); return true;
        default: break;
        }
        if constexpr (!is_complex_type<T>) {
            if (code == reduce_code::maximum) {
                use(expected_of<reduce_code::maximum, T, T>);
            } else {
                use(expected_of<reduce_code::minimum, T, T>);
            }
            return true;
        }
        return false;
    });
}

// Moderate numbers, whose sums depend on the order; every 5th buffer holds special values too.
buffer row_values(dtype d, std::size_t n, std::uint64_t seed) {
    if (seed % 5 == 0) return sample_buffer(d, n, seed);
    buffer result(n, item_size(d));
    std::mt19937_64 random(seed);
    with_type(d, [&](auto tag) {
        using T = typename decltype(tag)::type;
        for (std::size_t i = 0; i < n; ++i) {
            const auto number = [&] {
                const double unit = static_cast<double>(random() >> 11) * 0x1p-52 - 1;
                return is_integer(d) ? unit * 100 : unit + 1.5;
            };
            T value;
            if constexpr (is_complex_type<T>) {
                value = T(static_cast<real_type<T>>(number()), static_cast<real_type<T>>(number()));
            } else if constexpr (std::is_same_v<T, bool>) {
                value = random() % 2 == 0;
            } else {
                value = cast_to<T>(number());
            }
            result.as<T>()[i] = value;
        }
    });
    return result;
}

constexpr std::size_t lengths[] = {1,   2,   3,   31,   32,   33,   63,   64,   65,   100,
                                   127, 128, 129, 1000, 4095, 4096, 4097, 5000, 12289};

TEST(reduce_row, adds_up_in_the_promised_order) {
    for_each_target([](std::string_view target) {
        for (const reduce_code code : all_codes) {
            for (int t = 0; t < dtype_count; ++t) {
                const auto d = static_cast<dtype>(t);
                with_expected(code, d, [&](auto expected) {
                    const dtype acc = accumulator(code, d);
                    for (const std::size_t n : lengths) {
                        for (const std::ptrdiff_t stride : {1, 3, -1, 0}) {
                            const std::size_t step = stride == 3 ? 3 : 1;
                            const buffer values = row_values(d, n * step, n + static_cast<std::size_t>(stride + 1));
                            const std::byte* first = values.data() + (stride < 0 ? (n - 1) * item_size(d) : 0);
                            buffer want(1, item_size(acc)), got(1, item_size(acc));
                            expected(want.data(), first, stride, n);
                            find_reduce_row(code, d)(got.data(), {first, stride}, n);
                            EXPECT_EQ(first_difference(acc, got.data(), want.data(), 1), -1)
                                << describe(code, d, target) << ", n = " << n << ", stride " << stride;
                            EXPECT_TRUE(got.guards_intact());
                        }
                    }
                });
            }
        }
    });
}

TEST(reduce_row, recurses_beyond_4096_spans) {
    const std::size_t n = std::size_t{4096} * 4096 + 5000;
    const buffer values = row_values(f32, n, 1);
    float want;
    expected_of<reduce_code::sum, float, float>(&want, values.data(), 1, n);
    for_each_target([&](std::string_view target) {
        float got = 0;
        find_reduce_row(reduce_code::sum, f32)(&got, {values.data(), 1}, n);
        EXPECT_TRUE(same_value(got, want)) << target;
    });
}

TEST(reduce_row, gives_the_neutral_element_for_no_elements) {
    float sum = 9, product = 9;
    std::int64_t count = 9;
    bool any = true, all = false;
    std::complex<double> z(9, 9);
    const operand none{nullptr, 1};
    find_reduce_row(reduce_code::sum, f32)(&sum, none, 0);
    find_reduce_row(reduce_code::sum, boolean)(&count, none, 0);
    find_reduce_row(reduce_code::product, f16)(&product, none, 0);
    find_reduce_row(reduce_code::product, c128)(&z, none, 0);
    find_reduce_row(reduce_code::any, f64)(&any, none, 0);
    find_reduce_row(reduce_code::all, i8)(&all, none, 0);
    EXPECT_TRUE(same_value(sum, 0.0F));
    EXPECT_EQ(count, 0);
    EXPECT_EQ(product, 1.0F);
    EXPECT_EQ(z, std::complex<double>(1, 0));
    EXPECT_FALSE(any);
    EXPECT_TRUE(all);
}

TEST(reductions, of_negative_zeros_alone_sum_to_positive_zero) {
    const std::vector<double> zeros(100, -0.0);
    for_each_target([&](std::string_view target) {
        for (const std::size_t n : {1, 63, 100}) {
            double of_row = -1, of_column = -1;
            find_reduce_row(reduce_code::sum, f64)(&of_row, {zeros.data(), 1}, n);
            find_reduce_columns(reduce_code::sum, f64)(&of_column, zeros.data(), 1, n, 1);
            EXPECT_TRUE(of_row == 0 && !std::signbit(of_row)) << n << " on " << target;
            EXPECT_TRUE(of_column == 0 && !std::signbit(of_column)) << n << " on " << target;
        }
    });
}

TEST(reduce_row, lets_a_nan_win_maximum_and_minimum) {
    for_each_target([](std::string_view target) {
        for (std::size_t at = 0; at < 200; ++at) {
            std::vector<float> x(200, 1.0F);
            x[at] = std::numeric_limits<float>::quiet_NaN();
            float greatest = 0, least = 0;
            find_reduce_row(reduce_code::maximum, f32)(&greatest, {x.data(), 1}, x.size());
            find_reduce_row(reduce_code::minimum, f32)(&least, {x.data(), 1}, x.size());
            EXPECT_TRUE(std::isnan(greatest) && std::isnan(least)) << at << " on " << target;
        }
    });
}

TEST(reduce_spans, let_a_row_be_split_and_finished) {
    constexpr std::size_t n = 5 * 4096 + 77;
    for_each_target([](std::string_view target) {
        for (const reduce_code code : all_codes) {
            for (int t = 0; t < dtype_count; ++t) {
                const auto d = static_cast<dtype>(t);
                if (find_reduce_row(code, d) == nullptr) continue;
                const dtype acc = accumulator(code, d);
                const std::size_t size = item_size(acc);
                const buffer values = row_values(d, n, 21);
                buffer spans(6, size), whole(1, size), finished(1, size);
                find_reduce_row(code, d)(whole.data(), {values.data(), 1}, n);
                constexpr std::size_t first = 2 * reduce_span;  // the first two spans apart from the rest
                find_reduce_spans(code, d)(spans.data(), {values.data(), 1}, first);
                find_reduce_spans(code, d)(spans.data() + 2 * size, {values.data() + first * item_size(d), 1},
                                           n - first);
                find_reduce_row(code, acc)(finished.data(), {spans.data(), 1}, 6);
                EXPECT_EQ(first_difference(acc, finished.data(), whole.data(), 1), -1) << describe(code, d, target);
                EXPECT_TRUE(spans.guards_intact());
            }
        }
    });
}

TEST(reduce_columns, give_the_bits_of_reduce_row_of_each_column) {
    struct shape {
        std::size_t rows, columns, gap;
    };
    constexpr shape shapes[] = {{0, 3, 0},  {1, 1, 0},    {1, 70, 0},   {2, 17, 3},   {63, 5, 0},
                                {64, 9, 1}, {65, 300, 0}, {200, 33, 7}, {4097, 5, 2}, {9000, 3, 0}};
    for_each_target([&](std::string_view target) {
        for (const reduce_code code : all_codes) {
            for (int t = 0; t < dtype_count; ++t) {
                const auto d = static_cast<dtype>(t);
                if (find_reduce_columns(code, d) == nullptr) continue;
                const dtype acc = accumulator(code, d);
                for (const auto& [rows, columns, gap] : shapes) {
                    if (rows == 0 && (code == reduce_code::maximum || code == reduce_code::minimum)) continue;
                    const std::size_t stride = columns + gap;
                    const buffer values = row_values(d, std::max<std::size_t>(1, rows * stride), rows + columns);
                    buffer got(columns, item_size(acc)), want(columns, item_size(acc));
                    for (std::size_t c = 0; c < columns; ++c) {
                        const operand column{values.data() + c * item_size(d), static_cast<std::ptrdiff_t>(stride)};
                        find_reduce_row(code, d)(want.data() + c * item_size(acc), column, rows);
                    }
                    find_reduce_columns(code, d)(got.data(), values.data(), static_cast<std::ptrdiff_t>(stride), rows,
                                                 columns);
                    EXPECT_EQ(first_difference(acc, got.data(), want.data(), columns), -1)
                        << describe(code, d, target) << ", " << rows << " x " << columns;
                    EXPECT_TRUE(got.guards_intact());
                }
            }
        }
    });
}

TEST(reductions, exist_for_every_dtype_that_has_an_order_or_a_sum) {
    for (const reduce_code code : all_codes) {
        for (int t = 0; t < dtype_count; ++t) {
            const auto d = static_cast<dtype>(t);
            const bool ordered = code == reduce_code::maximum || code == reduce_code::minimum;
            EXPECT_EQ(find_reduce_row(code, d) != nullptr, !(ordered && is_complex(d))) << describe(code, d, "");
        }
    }
}

}  // namespace
}  // namespace tessera::simd::testing
