// Every code on every dtype against tessera/dtype/scalar.hpp, in every layout, on every target.
#include "tessera/simd/loops.hpp"

#include <gtest/gtest.h>

#include "sample.hpp"
#include "tessera/dtype/scalar.hpp"

namespace tessera::simd::testing {
namespace {

// Computes with evaluate, one element at a time.
using reference = void (*)(void* out, const void* const* in, std::size_t n);

template <scalar_code C, class T> void reference_of(void* out, const void* const* in, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        if constexpr (traits(C).operands == 1) {
            static_cast<decltype(evaluate<C>(T{}))*>(out)[i] = evaluate<C>(static_cast<const T*>(in[0])[i]);
        } else if constexpr (traits(C).operands == 2) {
            static_cast<decltype(evaluate<C>(T{}, T{}))*>(out)[i] =
                evaluate<C>(static_cast<const T*>(in[0])[i], static_cast<const T*>(in[1])[i]);
        } else {
            static_cast<T*>(out)[i] = evaluate<C>(static_cast<const bool*>(in[0])[i], static_cast<const T*>(in[1])[i],
                                                  static_cast<const T*>(in[2])[i]);
        }
    }
}

struct loop_case {
    scalar_code code;
    dtype type;
    reference expected;  // nullptr: the loop itself, on contiguous data; its accuracy is tested elsewhere

    int operands() const { return traits(code).operands; }
    dtype operand_dtype(int k) const { return code == scalar_code::select && k == 0 ? boolean : type; }
    dtype result() const { return result_dtype(code, type); }
};

template <scalar_code C> void add_cases(std::vector<loop_case>& cases) {
    [&]<std::size_t... D>(std::index_sequence<D...>) {
        const auto one = [&]<dtype Type>() {
            if constexpr (takes(C, Type) && C != scalar_code::cast) {
                if constexpr (is_transcendental(C, Type)) {
                    cases.push_back({C, Type, nullptr});
                } else {
                    cases.push_back({C, Type, reference_of<C, element_type<Type>>});
                }
            }
        };
        (one.template operator()<static_cast<dtype>(D)>(), ...);
    }
    (std::make_index_sequence<dtype_count>{});
}

const std::vector<loop_case>& all_cases() {
    static const std::vector<loop_case> cases = [] {
        std::vector<loop_case> result;
        [&]<std::size_t... C>(std::index_sequence<C...>) { (add_cases<static_cast<scalar_code>(C)>(result), ...); }
        (std::make_index_sequence<scalar_code_count>{});
        return result;
    }();
    return cases;
}

// Contiguous operands with their results.
struct problem {
    std::vector<buffer> in;
    buffer out;

    problem(const loop_case& c, std::size_t n) : out(n, item_size(c.result())) {
        const void* pointers[3] = {};
        operand operands[3] = {};
        for (int k = 0; k < c.operands(); ++k) {
            in.push_back(sample_buffer(c.operand_dtype(k), n, 7 + static_cast<std::uint64_t>(k)));
        }
        for (std::size_t k = 0; k < in.size(); ++k) pointers[k] = in[k].data(), operands[k] = {in[k].data(), 1};
        if (c.expected != nullptr) {
            c.expected(out.data(), pointers, n);
        } else {
            find_loop(c.code, c.type)(out.data(), 1, operands, n);
        }
    }
};

void scatter_elements(const buffer& from, void* to, std::ptrdiff_t stride, std::size_t n, std::size_t size) {
    for (std::size_t i = 0; i < n; ++i) {
        std::memcpy(static_cast<std::byte*>(to) + static_cast<std::ptrdiff_t>(i * size) * stride,
                    from.data() + i * size, size);
    }
}

// The operand of a layout: the elements of `from` laid out with a stride, in memory kept by `store`.
operand lay_out(const buffer& from, std::ptrdiff_t stride, std::size_t n, std::size_t size,
                std::vector<buffer>& store) {
    const auto step = static_cast<std::size_t>(std::abs(stride));
    store.emplace_back((n - 1) * step + 1, size, 1);
    std::byte* data = store.back().data() + (stride < 0 ? (n - 1) * step * size : 0);
    scatter_elements(from, data, stride, n, size);
    return {data, stride};
}

std::string describe(const loop_case& c, std::string_view target, std::string_view layout, std::size_t n) {
    return text(name(c.code), " of ", c.type, " on ", target, ", ", layout, ", n = ", n);
}

void check(const loop_case& c, const problem& p, const std::ptrdiff_t (&strides)[3], std::ptrdiff_t out_stride,
           std::size_t n, const std::string& what) {
    std::vector<buffer> store;
    store.reserve(4);
    operand operands[3] = {};
    for (int k = 0; k < c.operands(); ++k) {
        operands[k] = lay_out(p.in[static_cast<std::size_t>(k)], strides[k], n, item_size(c.operand_dtype(k)), store);
    }
    const std::size_t size = item_size(c.result());
    const auto step = static_cast<std::size_t>(std::abs(out_stride));
    buffer out((n - 1) * step + 1, size, 1);
    std::byte* first = out.data() + (out_stride < 0 ? (n - 1) * step * size : 0);
    find_loop(c.code, c.type)(first, out_stride, operands, n);
    buffer dense(n, size);
    for (std::size_t i = 0; i < n; ++i) {
        std::memcpy(dense.data() + i * size, first + static_cast<std::ptrdiff_t>(i * size) * out_stride, size);
    }
    EXPECT_EQ(first_difference(c.result(), dense.data(), p.out.data(), n), -1) << what;
    EXPECT_TRUE(out.guards_intact()) << what;
}

TEST(loops, exist_exactly_where_the_scalar_code_is_defined) {
    for (int code = 0; code < scalar_code_count; ++code) {
        for (int d = 0; d < dtype_count; ++d) {
            const auto c = static_cast<scalar_code>(code);
            const auto type = static_cast<dtype>(d);
            const bool expected = takes(c, type) && c != scalar_code::cast;
            EXPECT_EQ(find_loop(c, type) != nullptr, expected) << name(c) << " " << name(type);
        }
    }
}

TEST(loops, give_the_scalar_definition_on_contiguous_operands_of_every_length) {
    for_each_target([](std::string_view target) {
        for (const loop_case& c : all_cases()) {
            const problem p(c, 130);
            for (std::size_t n = 1; n <= 130; ++n) {
                check(c, p, {1, 1, 1}, 1, n, describe(c, target, "contiguous", n));
            }
        }
    });
}

TEST(loops, give_the_same_bits_for_strided_and_reversed_operands) {
    constexpr std::size_t n = 4500;  // longer than a tile of any type
    for_each_target([](std::string_view target) {
        for (const loop_case& c : all_cases()) {
            const problem p(c, n);
            check(c, p, {1, 1, 1}, 1, n, describe(c, target, "contiguous", n));
            check(c, p, {3, 1, -2}, 1, n, describe(c, target, "strides 3, 1, -2", n));
            check(c, p, {-1, 2, 1}, 2, n, describe(c, target, "strides -1, 2, 1, out 2", n));
            check(c, p, {1, 1, 1}, -3, n, describe(c, target, "out -3", n));
            check(c, p, {2, -3, 2}, 1, 77, describe(c, target, "strides 2, -3, 2", 77));
        }
    });
}

TEST(loops, repeat_an_operand_of_stride_zero) {
    constexpr std::size_t n = 2100;
    for_each_target([](std::string_view target) {
        for (const loop_case& c : all_cases()) {
            for (int repeated = 0; repeated < c.operands(); ++repeated) {
                problem p(c, n);
                buffer& values = p.in[static_cast<std::size_t>(repeated)];
                const std::size_t size = item_size(c.operand_dtype(repeated));
                for (std::size_t i = 1; i < n; ++i)
                    std::memcpy(values.data() + i * size, values.data() + 4 * size, size);
                std::memcpy(values.data(), values.data() + 4 * size, size);
                operand operands[3] = {};
                for (std::size_t k = 0; k < p.in.size(); ++k) operands[k] = {p.in[k].data(), 1};
                buffer dense(n, item_size(c.result())), out(n, item_size(c.result()));
                find_loop(c.code, c.type)(dense.data(), 1, operands, n);
                operands[repeated].stride = 0;
                find_loop(c.code, c.type)(out.data(), 1, operands, n);
                EXPECT_EQ(first_difference(c.result(), out.data(), dense.data(), n), -1)
                    << describe(c, target, "repeated", n) << " operand " << repeated;
            }
        }
    });
}

TEST(loops, write_over_the_operand_they_read) {
    constexpr std::size_t n = 2100;
    for_each_target([](std::string_view target) {
        for (const loop_case& c : all_cases()) {
            for (int k = 0; k < c.operands(); ++k) {
                if (item_size(c.operand_dtype(k)) != item_size(c.result())) continue;
                const problem expected(c, n);
                for (const std::ptrdiff_t stride : {1, 2, -1}) {
                    std::vector<buffer> store;
                    store.reserve(3);
                    operand operands[3] = {};
                    for (int j = 0; j < c.operands(); ++j) {
                        operands[j] = lay_out(expected.in[static_cast<std::size_t>(j)], j == k ? stride : 1, n,
                                              item_size(c.operand_dtype(j)), store);
                    }
                    auto* out = static_cast<std::byte*>(const_cast<void*>(operands[k].data));
                    find_loop(c.code, c.type)(out, stride, operands, n);
                    const std::size_t size = item_size(c.result());
                    buffer dense(n, size);
                    for (std::size_t i = 0; i < n; ++i) {
                        std::memcpy(dense.data() + i * size, out + static_cast<std::ptrdiff_t>(i * size) * stride,
                                    size);
                    }
                    EXPECT_EQ(first_difference(c.result(), dense.data(), expected.out.data(), n), -1)
                        << describe(c, target, "in place", n) << " stride " << stride;
                }
            }
        }
    });
}

TEST(loops, do_nothing_for_no_elements) {
    for (const loop_case& c : all_cases()) {
        const operand none[3] = {{nullptr, 1}, {nullptr, 1}, {nullptr, 1}};
        find_loop(c.code, c.type)(nullptr, 1, none, 0);
        const operand strided[3] = {{nullptr, 2}, {nullptr, 1}, {nullptr, 3}};
        find_loop(c.code, c.type)(nullptr, 2, strided, 0);
    }
}

}  // namespace
}  // namespace tessera::simd::testing
