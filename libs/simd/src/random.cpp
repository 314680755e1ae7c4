// Philox streams. The rational functions are minimax fits of this project; no step may be fused, so that bits do not
// depend on the instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random.cpp"
#include "tessera/simd/random.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "tables.hpp"
// clang-format off: foreach_target.h comes before highway.h
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace tessera::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The words of random_tile / 4 blocks. A block's words live in the lower halves of 64-bit lanes; what the products
// leave in the upper halves is never read.
HWY_INLINE void philox_tile(const std::array<std::uint32_t, 4>& key, std::uint64_t first_block, std::uint32_t* words) {
    constexpr std::size_t blocks = random_tile / 4;
    const hn::CappedTag<std::uint64_t, blocks> d;
    const hn::RepartitionToNarrow<decltype(d)> half;
    const std::size_t lanes = hn::Lanes(d);
    const auto m0 = hn::Set(half, 0xD2511F53U), m1 = hn::Set(half, 0xCD9E8D57U);
    auto counter = hn::Iota(d, first_block);
    for (std::size_t b = 0; b < blocks; b += lanes) {
        auto x0 = counter, x1 = hn::Set(d, first_block >> 32);
        counter = hn::Add(counter, hn::Set(d, std::uint64_t{lanes}));
        auto x2 = hn::Set(d, std::uint64_t{key[2]}), x3 = hn::Set(d, std::uint64_t{key[3]});
        std::uint32_t k0 = key[0], k1 = key[1];
        for (int round = 0; round < 10; ++round) {
            const auto p0 = hn::MulEven(hn::BitCast(half, x0), m0), p1 = hn::MulEven(hn::BitCast(half, x2), m1);
            x0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), x1), hn::Set(d, std::uint64_t{k0}));
            x2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), x3), hn::Set(d, std::uint64_t{k1}));
            x1 = p1;
            x3 = p0;
            k0 += 0x9E3779B9U;
            k1 += 0xBB67AE85U;
        }
        const auto pair = [&](auto low, auto high) {
            return hn::BitCast(d, hn::OddEven(hn::BitCast(half, hn::ShiftLeft<32>(high)), hn::BitCast(half, low)));
        };
        hn::StoreInterleaved2(pair(x0, x1), pair(x2, x3), d, reinterpret_cast<std::uint64_t*>(words) + 2 * b);
    }
}

// c0 + c1 x + c2 x^2 ...
template <class T> HWY_INLINE T polynomial(T, T c0) { return c0; }
template <class T, class... Ts> HWY_INLINE T polynomial(T x, T c0, Ts... more) {
    return polynomial(x, more...) * x + c0;
}

// Of p in (0, 1/2]: p = 2^e m with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh s with s = (m - 1) / (m + 1).
HWY_INLINE float log_of(float p) {
    const auto bits = std::bit_cast<std::int32_t>(p);
    const std::int32_t e = (bits - 0x3F3504F3) >> 23;
    const auto m = std::bit_cast<float>(bits - e * 0x800000);
    const float s = (m - 1) / (m + 1), s2 = s * s;
    const float series = polynomial(s2, 1.0F, 1.0F / 3, 1.0F / 5, 1.0F / 7, 1.0F / 9, 1.0F / 11);
    return static_cast<float>(e) * 0.693147180559945309F + 2 * s * series;
}
HWY_INLINE double log_of(double p) {
    const auto bits = std::bit_cast<std::uint64_t>(p);
    const std::uint64_t biased = (bits - 0x3FE6A09E667F3BCDU + (std::uint64_t{1023} << 52)) >> 52;  // e + 1023
    const auto m = std::bit_cast<double>(bits - (biased << 52) + (std::uint64_t{1023} << 52));
    const double e =
        std::bit_cast<double>(biased | 0x4330000000000000U) - (0x1p52 + 1023);  // no 64-bit convert in AVX2
    const double s = (m - 1) / (m + 1), s2 = s * s;
    const double series = polynomial(s2, 1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15,
                                     1.0 / 17, 1.0 / 19, 1.0 / 21);
    return e * 0.693147180559945309 + 2 * s * series;
}

// The z >= 0 with probability p in (0, 1/2] above it; q = 1/2 - p. Near the middle z / q is rational in q^2, far from
// it z is rational in sqrt(-log p).
HWY_INLINE float normal_quantile(float p, float q) {
    const float u = 0.180625F - q * q, r = std::sqrt(-log_of(p)) - 1.6F;
    const float near_top = q * polynomial(u, 3.38713271F, 50.4231021F, 159.203884F, 59.0520469F);
    const float near_bottom = polynomial(u, 1.0F, 17.8918708F, 78.7221639F, 67.1335733F);
    const float far_top = polynomial(r, 1.42343714F, 2.8624283F, 1.47945606F, 0.216570528F);
    const float far_bottom = polynomial(r, 1.0F, 0.811192201F, 0.152585748F, 2.18382917e-5F);
    return (q <= 0.425F ? near_top : far_top) / (q <= 0.425F ? near_bottom : far_bottom);
}
HWY_INLINE double normal_quantile(double p, double q) {
    const double u = 0.180625 - q * q, r = std::sqrt(-log_of(p)) - 1.6;
    const double near_top =
        q * polynomial(u, 3.3871328727963666, 133.10660288532249, 1970.4502655234988, 13718.552296182702,
                       45857.185073872742, 67134.734951386974, 33344.553075690583, 2500.8476997543873);
    const double near_bottom =
        polynomial(u, 1.0, 42.302978286216326, 686.81912580767433, 5389.438974766616, 21186.334513351129,
                   39237.873646827736, 28661.683963647458, 5210.9029083556096);
    const double far_top = polynomial(r, 1.4234371107496836, 4.6433102992359717, 5.8438475994034982, 3.8001248544142341,
                                      1.4160085011945696, 0.31176312601015641, 0.039386909060969575,
                                      0.002533187187835285, 5.9570032124509342e-5);
    const double far_bottom =
        polynomial(r, 1.0, 2.0623050978135876, 1.717684062192994, 0.74798513919145644, 0.18372374288247777,
                   0.025212540414776153, 0.001724186331269945, 4.211917927390802e-5, 2.4527746289290793e-11);
    return (q <= 0.425 ? near_top : far_top) / (q <= 0.425 ? near_bottom : far_bottom);
}

// One element from its words. Integers stay within 31 bits: wider ones have no vector conversion everywhere.
struct bits_element {
    HWY_INLINE std::uint32_t operator()(const std::uint32_t* w, std::uint32_t, std::uint32_t, std::uint32_t) const {
        return *w;
    }
};
struct uniform_element {
    HWY_INLINE float operator()(const std::uint32_t* w, float low, float high, float most) const {
        const float value = static_cast<float>(static_cast<std::int32_t>(*w >> 8)) * 0x1p-24F * (high - low) + low;
        return value < most ? value : most;
    }
    HWY_INLINE double operator()(const std::uint32_t* w, double low, double high, double most) const {
        const auto upper = static_cast<double>(static_cast<std::int32_t>(w[0] >> 5));  // 27 bits
        const auto lower = static_cast<double>(static_cast<std::int32_t>(w[1] >> 6));  // 26 bits
        const double value = (upper * 0x1p-27 + lower * 0x1p-53) * (high - low) + low;
        return value < most ? value : most;
    }
};
struct normal_element {
    HWY_INLINE float operator()(const std::uint32_t* w, float mean, float deviation, float) const {
        const auto k = static_cast<std::int32_t>(*w & 0x7FFFFFFFU);
        const float p = (static_cast<float>(k) + 0.5F) * 0x1p-32F;
        const float q = (static_cast<float>(0x7FFFFFFF - k) + 0.5F) * 0x1p-32F;
        const float z = normal_quantile(p, q);
        return mean + deviation * std::bit_cast<float>(std::bit_cast<std::uint32_t>(z) ^ (*w & 0x80000000U));
    }
    HWY_INLINE double operator()(const std::uint32_t* w, double mean, double deviation, double) const {
        const auto a = static_cast<std::int32_t>(w[0] & 0x7FFFFFFFU), b = static_cast<std::int32_t>(w[1] >> 1);
        const double p = (static_cast<double>(a) * 0x1p31 + (static_cast<double>(b) + 0.5)) * 0x1p-63;
        const double q =
            (static_cast<double>(0x7FFFFFFF - a) * 0x1p31 + (static_cast<double>(0x7FFFFFFF - b) + 0.5)) * 0x1p-63;
        const double z = normal_quantile(p, q);
        const std::uint64_t sign = static_cast<std::uint64_t>(w[0] & 0x80000000U) << 32;
        return mean + deviation * std::bit_cast<double>(std::bit_cast<std::uint64_t>(z) ^ sign);
    }
};

template <class T, class Element>
void random_kernel(void* out, std::uint64_t first, std::size_t n, const random_parameters& parameters) {
    constexpr std::size_t words_each = sizeof(T) / 4, tile = random_tile / words_each;
    const auto low = static_cast<T>(parameters.low), high = static_cast<T>(parameters.high);
    const auto most = static_cast<T>(parameters.most);
    const Element element;
    alignas(64) std::uint32_t words[random_tile];
    auto* to = static_cast<T*>(out);
    for (std::size_t i = 0; i < n; i += tile) {
        philox_tile(parameters.key, (first + i) * words_each / 4, words);
        if (n - i >= tile) {
            for (std::size_t k = 0; k < tile; ++k) to[i + k] = element(words + k * words_each, low, high, most);
        } else {
            for (std::size_t k = 0; k < n - i; ++k) to[i + k] = element(words + k * words_each, low, high, most);
        }
    }
}

}  // namespace
}  // namespace tessera::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace tessera::simd {
template <> void fill_random<HWY_TARGET>(target_tables& tables) {
    using namespace HWY_NAMESPACE;
    const auto slot = [&](random_code c, dtype d) -> random_loop& {
        return tables.random[static_cast<std::size_t>(c)][static_cast<std::size_t>(d)];
    };
    slot(random_code::bits, u32) = random_kernel<std::uint32_t, bits_element>;
    slot(random_code::uniform, f32) = random_kernel<float, uniform_element>;
    slot(random_code::uniform, f64) = random_kernel<double, uniform_element>;
    slot(random_code::normal, f32) = random_kernel<float, normal_element>;
    slot(random_code::normal, f64) = random_kernel<double, normal_element>;
}
}  // namespace tessera::simd
