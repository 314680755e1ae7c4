#include "reduce_huge.hpp"

#include <bit>
#include <cstdint>

namespace tessera::simd {

namespace {

__extension__ using wide = unsigned __int128;

// 2/pi in binary: a word of zeros for the integer part, then 1280 bits of fraction.
constexpr std::uint64_t two_over_pi[21] = {0,
                                           0xa2f9836e4e441529,
                                           0xfc2757d1f534ddc0,
                                           0xdb6295993c439041,
                                           0xfe5163abdebbc561,
                                           0xb7246e3a424dd2e0,
                                           0x06492eea09d1921c,
                                           0xfe1deb1cb129a73e,
                                           0xe88235f52ebb4484,
                                           0xe99c7026b45f7e41,
                                           0x3991d639835339f4,
                                           0x9c845f8bbdf9283b,
                                           0x1ff897ffde05980f,
                                           0xef2f118b5a0a6d1f,
                                           0x6d367ecf27cb09b7,
                                           0x4f463f669e5fea2d,
                                           0x7527bac7ebe5f17b,
                                           0x3d0739f78a5292ea,
                                           0x6bfb5fb11f8d5d08,
                                           0x56033046fc7b6bab,
                                           0xf0cfbc209af4361d};

// 64 bits of 2/pi from the one that weighs 2^-(position + 1) on; position >= -64.
std::uint64_t bits_from(int position) {
    const int word = (position + 64) / 64, shift = (position + 64) % 64;
    if (shift == 0) return two_over_pi[word];
    return two_over_pi[word] << shift | two_over_pi[word + 1] >> (64 - shift);
}

}  // namespace

quarter_turns reduce_huge(double x) {
    const auto pattern = std::bit_cast<std::uint64_t>(x);
    const int exponent = static_cast<int>(pattern >> 52 & 0x7ff) - 1075;  // |x| = mantissa * 2^exponent
    const std::uint64_t mantissa = (pattern & 0xfffffffffffffU) | std::uint64_t{1} << 52;

    // (|x| 2/pi / 4) modulo 1 in units of 2^-192, of which the upper 128 bits are kept. The bits of 2/pi before the
    // window give whole multiples of 4; those after it matter less than 2^-139, and no double comes closer than 2^-62
    // to a turn.
    const int first = exponent - 2;
    const wide low = static_cast<wide>(mantissa) * bits_from(first + 128);
    const wide middle = static_cast<wide>(mantissa) * bits_from(first + 64) + (low >> 64);
    const wide turn = middle + (static_cast<wide>(mantissa * bits_from(first)) << 64);

    // The upper two bits count quarters; the rest is signed after rounding to the nearest quarter.
    int turns = static_cast<int>(turn >> 126);
    wide fraction = turn << 2;
    const bool past_half = (fraction >> 127) != 0;
    if (past_half) {
        turns += 1;
        fraction = -fraction;
    }
    // The leading 64 bits times pi/2, all in integers, so that the conversion is the only rounding that matters.
    const int zeros = fraction >> 64 != 0 ? std::countl_zero(static_cast<std::uint64_t>(fraction >> 64))
                                          : 64 + std::countl_zero(static_cast<std::uint64_t>(fraction));
    if (zeros == 128) return {0, turns & 3};
    constexpr std::uint64_t half_pi = 0xc90fdaa22168c235U;  // in units of 2^-63
    const auto leading = static_cast<std::uint64_t>((fraction << zeros) >> 64);
    const auto product = static_cast<std::uint64_t>(static_cast<wide>(leading) * half_pi >> 64);
    const double rest =
        static_cast<double>(product) * 0x1p-63 * std::bit_cast<double>(static_cast<std::uint64_t>(1023 - zeros) << 52);
    const bool flip = past_half != (x < 0);
    return {flip ? -rest : rest, (x < 0 ? -turns : turns) & 3};
}

}  // namespace tessera::simd
