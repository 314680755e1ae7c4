// Arithmetic, bitwise and selecting codes on bool, integers, f32, f64 and complex numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arithmetic.cpp"
#include "tables.hpp"
#include "tessera/dtype/scalar.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on
#include "loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {

// Moves bits, so that one loop serves every dtype of a size; Words of them make an element.
template <class Word, std::size_t Words> void select_kernel(void* out, const void* const* in, std::size_t n) {
    auto* y = static_cast<Word*>(out);
    const auto* condition = static_cast<const std::uint8_t*>(in[0]);
    const auto* a = static_cast<const Word*>(in[1]);
    const auto* b = static_cast<const Word*>(in[2]);
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) {
        const Word mask = static_cast<Word>(-Word{condition[i] != 0});
        for (std::size_t w = 0; w < Words; ++w) {
            const Word other = b[i * Words + w];
            y[i * Words + w] = static_cast<Word>(((a[i * Words + w] ^ other) & mask) ^ other);
        }
    }
}

template <class Word, std::size_t Words> struct element_words { Word words[Words]; };

template <class Word, std::size_t Words = 1>
constexpr loop select_loop = loop_of<select_kernel<Word, Words>, element_words<Word, Words>, bool,
                                     element_words<Word, Words>, element_words<Word, Words>>;

void fill_select(target_tables& tables) {
    for (int d = 0; d < dtype_count; ++d) {
        loop& slot = tables.loops[static_cast<std::size_t>(scalar_code::select)][d];
        switch (item_size(static_cast<dtype>(d))) {
        case 1: slot = select_loop<std::uint8_t>; break;
        case 2: slot = select_loop<std::uint16_t>; break;
        case 4: slot = select_loop<std::uint32_t>; break;
        case 8: slot = select_loop<std::uint64_t>; break;
        default: slot = select_loop<std::uint64_t, 2>; break;
        }
    }
}

static void fill(target_tables& tables) {
    using enum scalar_code;
    fill_plain<positive, negative, scalar_code::abs, sign, square, reciprocal, scalar_code::sqrt, scalar_code::conj,
               scalar_code::real, scalar_code::imag, rsqrt, scalar_code::floor, scalar_code::ceil, scalar_code::trunc,
               scalar_code::round, scalar_code::signbit>(tables);
    fill_plain<scalar_code::pow, floor_divide, scalar_code::remainder, scalar_code::fmod, scalar_code::fmax,
               scalar_code::fmin, scalar_code::copysign, scalar_code::nextafter>(tables);
    fill_plain<add, subtract, multiply, divide, maximum, minimum>(tables);
    fill_plain<bitwise_not, bitwise_and, bitwise_or, bitwise_xor, left_shift, right_shift>(tables);
    fill_select(tables);
}

}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_arithmetic<HWY_TARGET>(target_tables& tables) { HWY_NAMESPACE::fill(tables); }
}  // namespace tessera::simd
