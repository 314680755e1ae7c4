// Elements of any dtype as numbers and text, decoded here from their bits: the judge shares no code with the judged.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tessera/testing/oracle.hpp"

namespace tessera::oracles {

// All elements; integers beyond 2^53 are rounded.
std::vector<std::complex<double>> values_of(const testing::host_tensor& t);

// The element in a few characters: "true", "-3", "0.1", "(1, nan)".
std::string element_text(const testing::host_tensor& t, std::size_t index);

// The position of element `index`, C order: "(1, 2)".
std::string position_text(const testing::host_tensor& t, std::size_t index);

// The gap between neighbours of the floating dtype t (of a complex one's parts) at this magnitude.
double spacing(dtype t, double magnitude);

// A code's rank among all codes of its dtype ordered by value: neighbours differ by one. One-byte dtypes.
int code_rank(dtype t, std::byte code);

// t in another dtype: any to f32, f64, c64 or c128. Throws dtype_error for other targets.
testing::host_tensor converted(const testing::host_tensor& t, dtype to);

}  // namespace tessera::oracles
