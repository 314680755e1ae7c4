// Random arrays as functions of a key, a u32 array of shape (4): the same key gives the same numbers, on every device
// and with any number of threads. A key is for one call; a generator makes new ones.
//     generator random(42);
//     const array x = normal(random.next(), {3, 4}, f32);
#pragma once

#include "tessera/array/array.hpp"

namespace tessera {

// The key of a seed, and n keys made of one: (n, 4). A key that was split is not to be drawn from.
TESSERA_ARRAY_API array random_key(std::uint64_t seed, device where = cpu);
TESSERA_ARRAY_API array split_key(const array& key, extent n);

// Makes keys, one after the other: row i of split_key(random_key(seed), ...) at call i. Copies go on alike.
class TESSERA_ARRAY_API generator {
public:
    explicit generator(std::uint64_t seed) : seed_(seed) {}
    // On the CPU. Throws value_error while a program is captured, which would keep this one key for ever.
    array next();

private:
    std::uint64_t seed_;
    std::uint64_t used_ = 0;
};

// Uniform on [low, high), in f16, bf16, f32 or f64. Throws value_error unless low <= high, both finite.
TESSERA_ARRAY_API array uniform(const array& key, const dims& shape, dtype t = f64, double low = 0, double high = 1);
// Normal with that mean and standard deviation, by the inverse of the distribution function.
TESSERA_ARRAY_API array normal(const array& key, const dims& shape, dtype t = f64, double mean = 0,
                               double deviation = 1);
// 32 random bits each, u32.
TESSERA_ARRAY_API array random_bits(const array& key, const dims& shape);

// The raw function: counters (..., 4) and keys (..., 2) of u32, whose leading axes broadcast, give (..., 4).
// Throws value_error unless 0 <= rounds <= 16; 10 is what the distributions use, 7 the least that passes BigCrush.
TESSERA_ARRAY_API array philox4x32(const array& counter, const array& key, int rounds = 10);

}  // namespace tessera
