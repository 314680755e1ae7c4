// Products of the dtypes that BLAS does not know: integers, bool, narrow floats.
#include <type_traits>
#include <vector>

#include "batches.hpp"
#include "matmul.hpp"
#include "tessera/dtype/convert.hpp"
#include "tessera/dtype/types.hpp"
#include "tessera/linalg_views/matmul.hpp"

namespace tessera::cpu_kernels {

namespace {

template <class T> struct unsigned_sum : std::make_unsigned<T> {};
template <> struct unsigned_sum<bool> { using type = unsigned char; };

// out = a b, row by row: the inner loop runs along a row of b, which is made dense first, so compilers vectorise it.
// Integers wrap modulo 2^bits: they are summed unsigned. bool: any of all.
template <class T> void multiply_integers(const any_view& a, const any_view& b, const any_view& out) {
    using sum = typename unsigned_sum<T>::type;
    using wide = std::common_type_t<sum, unsigned>;  // 16-bit products would overflow int
    const std::int64_t rows = out.shape[0], columns = out.shape[1], inner = a.shape[1];
    const auto width = static_cast<std::size_t>(columns);
    std::vector<sum> dense(static_cast<std::size_t>(inner) * width);
    const T* from = b.first<T>();
    for (std::int64_t k = 0; k < inner; ++k)
        for (std::int64_t j = 0; j < columns; ++j)
            dense[static_cast<std::size_t>(k * columns + j)] =
                static_cast<sum>(from[k * b.strides[0] + j * b.strides[1]]);
    std::vector<sum> row(width);
    for (std::int64_t i = 0; i < rows; ++i) {
        std::fill(row.begin(), row.end(), sum{0});
        for (std::int64_t k = 0; k < inner; ++k) {
            const auto factor = static_cast<sum>(a.first<T>()[i * a.strides[0] + k * a.strides[1]]);
            const sum* other = &dense[static_cast<std::size_t>(k * columns)];
            for (std::size_t j = 0; j < width; ++j) {
                if constexpr (std::is_same_v<T, bool>)
                    row[j] = static_cast<sum>(row[j] | (factor & other[j]));
                else
                    row[j] = static_cast<sum>(wide{row[j]} + wide{factor} * wide{other[j]});
            }
        }
        T* to = out.first<T>() + i * out.strides[0];
        for (std::int64_t j = 0; j < columns; ++j)
            to[j * out.strides[1]] = static_cast<T>(row[static_cast<std::size_t>(j)]);
    }
}

std::vector<float> widened(const any_view& v) {
    std::vector<float> wide(static_cast<std::size_t>(v.size()));
    for (std::int64_t i = 0; i < v.shape[0]; ++i)
        convert(v.dtype, v.first<std::byte>() + i * v.strides[0] * static_cast<std::int64_t>(item_size(v.dtype)),
                v.strides[1], f32, wide.data() + i * v.shape[1], 1, static_cast<std::size_t>(v.shape[1]));
    return wide;
}

// Narrow floats: exact in f32, summed by its BLAS, rounded once.
void multiply_narrow(const any_view& a, const any_view& b, const any_view& out) {
    std::vector<float> left = widened(a), right = widened(b), product(static_cast<std::size_t>(out.size()));
    const auto dense = [](std::vector<float>& data, const any_view& like, std::int64_t(&steps)[2]) {
        steps[0] = like.shape[1];
        steps[1] = 1;
        any_view v = like;
        v.data = data.data();
        v.offset = 0;
        v.strides = steps;
        v.dtype = f32;
        v.flags = 0;
        return v;
    };
    std::int64_t steps[3][2];
    const any_view result = dense(product, out, steps[2]);
    linalg_views::matmul(dense(left, a, steps[0]), dense(right, b, steps[1]), result);
    for (std::int64_t i = 0; i < out.shape[0]; ++i)
        convert(f32, product.data() + i * out.shape[1], 1, out.dtype,
                out.first<std::byte>() + i * out.strides[0] * static_cast<std::int64_t>(item_size(out.dtype)),
                out.strides[1], static_cast<std::size_t>(out.shape[1]));
}

void multiply(const any_view& a, const any_view& b, const any_view& out) {
    if (is_narrow_float(a.dtype)) return multiply_narrow(a, b, out);
    switch (a.dtype) {
    case boolean: return multiply_integers<bool>(a, b, out);
    case i8: return multiply_integers<std::int8_t>(a, b, out);
    case i16: return multiply_integers<std::int16_t>(a, b, out);
    case i32: return multiply_integers<std::int32_t>(a, b, out);
    case i64: return multiply_integers<std::int64_t>(a, b, out);
    case u8: return multiply_integers<std::uint8_t>(a, b, out);
    case u16: return multiply_integers<std::uint16_t>(a, b, out);
    case u32: return multiply_integers<std::uint32_t>(a, b, out);
    default: return multiply_integers<std::uint64_t>(a, b, out);
    }
}

void run(const kernel_args& args) {
    const any_view &a = args.in[0], &b = args.in[1], &out = args.out[0];
    const double products = static_cast<double>(out.shape[out.rank - 2]) *
                            static_cast<double>(out.shape[out.rank - 1]) * static_cast<double>(a.shape[a.rank - 1]);
    for_each_product(a, b, out, 0.3 * products, multiply);
}

}  // namespace

kernel matmul_own() {
    return {.run = run,
            .declines = [](const kernel_args& args) -> const char* {
                const dtype d = args.in[0].dtype;
                return d == f32 || d == f64 || is_complex(d) ? "left to BLAS" : nullptr;
            },
            .label = "own"};
}

}  // namespace tessera::cpu_kernels
