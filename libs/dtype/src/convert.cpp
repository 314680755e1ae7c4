#include "tessera/dtype/convert.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "tessera/dtype/cast.hpp"
#include "tessera/dtype/types.hpp"

namespace tessera {

namespace {

template <class T> T load(const std::byte* at) {
    if constexpr (std::is_same_v<T, bool>) {
        return *at != std::byte{0};  // a bool object of any other pattern than 0 and 1 would be undefined
    } else {
        T value;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
}

template <class T> void store(std::byte* at, T value) { std::memcpy(at, &value, sizeof value); }

template <class From, class To>
void convert_dense(const std::byte* in, std::byte* out, std::size_t n, overflow policy) {
    for (std::size_t i = 0; i < n; ++i)
        store(out + i * sizeof(To), cast_to<To>(load<From>(in + i * sizeof(From)), policy));
}

// One loop per pair of dtypes, so strided elements pass through dense tiles.
void convert_dense(dtype from, const std::byte* in, dtype to, std::byte* out, std::size_t n, overflow policy) {
    with_type(from, [=](auto from_tag) {
        with_type(to, [=](auto to_tag) {
            convert_dense<typename decltype(from_tag)::type, typename decltype(to_tag)::type>(in, out, n, policy);
        });
    });
}

template <std::size_t Size>
void move_elements(const std::byte* in, std::ptrdiff_t in_step, std::byte* out, std::ptrdiff_t out_step,
                   std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        const auto k = static_cast<std::ptrdiff_t>(i);
        std::memcpy(out + k * out_step, in + k * in_step, Size);
    }
}

// Steps are in bytes.
void move_elements(std::size_t size, const std::byte* in, std::ptrdiff_t in_step, std::byte* out,
                   std::ptrdiff_t out_step, std::size_t n) {
    switch (size) {
    case 1: return move_elements<1>(in, in_step, out, out_step, n);
    case 2: return move_elements<2>(in, in_step, out, out_step, n);
    case 4: return move_elements<4>(in, in_step, out, out_step, n);
    case 8: return move_elements<8>(in, in_step, out, out_step, n);
    default: return move_elements<16>(in, in_step, out, out_step, n);
    }
}

}  // namespace

void convert(dtype from, const void* in, std::ptrdiff_t in_stride, dtype to, void* out, std::ptrdiff_t out_stride,
             std::size_t n, overflow policy) {
    constexpr std::size_t tile = 256;
    const auto* source = static_cast<const std::byte*>(in);
    auto* target = static_cast<std::byte*>(out);
    if (in_stride == 1 && out_stride == 1) return convert_dense(from, source, to, target, n, policy);

    const auto in_size = static_cast<std::ptrdiff_t>(item_size(from));
    const auto out_size = static_cast<std::ptrdiff_t>(item_size(to));
    std::byte gathered[tile * 16], converted[tile * 16];
    for (std::size_t done = 0; done < n; done += tile) {
        const std::size_t count = std::min(tile, n - done);
        const auto start = static_cast<std::ptrdiff_t>(done);
        move_elements(item_size(from), source + start * in_stride * in_size, in_stride * in_size, gathered, in_size,
                      count);
        convert_dense(from, gathered, to, converted, count, policy);
        move_elements(item_size(to), converted, out_size, target + start * out_stride * out_size, out_stride * out_size,
                      count);
    }
}

}  // namespace tessera
