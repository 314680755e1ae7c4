// Labelled examples, and how they are shuffled, split and served in batches. Every order is a function of a seed.
#pragma once

#include <cstdint>
#include <vector>

#include "tessera/array/array.hpp"
#include "tessera/dl/export.hpp"

namespace tessera::dl {

struct dataset {
    array x;  // (n, ...)
    array y;  // (n, ...)

    TESSERA_DL_API std::int64_t size() const;
    // The examples with those numbers, in that order. Throws index_error.
    TESSERA_DL_API dataset rows(const std::vector<std::int64_t>& numbers) const;
};

// 0 .. n-1 in a random order that depends on seed and stream alone.
TESSERA_DL_API std::vector<std::int64_t> shuffled(std::int64_t n, std::uint64_t seed, std::uint64_t stream = 0);

struct train_test {
    dataset train, test;
};

// Holds out a share of every class, at random. y holds integer classes. Throws value_error unless 0 < share < 1,
// and for a class of fewer than two examples; dtype_error for labels that are not integers.
TESSERA_DL_API train_test stratified_split(const dataset& all, double test_share, std::uint64_t seed);

}  // namespace tessera::dl
