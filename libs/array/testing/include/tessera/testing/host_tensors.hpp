// Tensors in host memory that tests compute with element by element, without any op.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tessera/array/array.hpp"
#include "tessera/dtype/scalar_value.hpp"
#include "tessera/testing/oracle.hpp"
#include "tessera/testing/tolerance.hpp"

namespace tessera::testing {

using sizes = std::vector<std::int64_t>;

std::int64_t count_of(const sizes& shape);
dims dims_of(const sizes& shape);
sizes sizes_of(const dims& shape);

// Zeros.
host_tensor tensor(dtype t, sizes shape);
scalar_value element_at(const host_tensor& t, std::int64_t i);            // i in row-major order
void set_element(host_tensor& t, std::int64_t i, const scalar_value& v);  // v has the tensor's dtype

// The position of flat index i, and back.
sizes position_of(const sizes& shape, std::int64_t i);
std::int64_t flat_index(const sizes& shape, const sizes& position);
// The next position in row-major order; after the last one the first.
void advance(sizes& position, const sizes& shape);

// The values of an array. Throws what array::view throws.
host_tensor tensor_of(const array& x);
array array_of(const host_tensor& t, device where = cpu);

// What an op should give. `scale` holds the magnitude each element's error is measured by; empty: its own.
struct expectation {
    host_tensor value;
    std::vector<double> scale = {};
};

// The same shape, dtype and elements, up to so many ulp of the scale. NaN equals NaN; with 0 ulp -0 is not +0.
::testing::AssertionResult matches(const host_tensor& got, const expectation& want, double ulp = 0);
// The same bits; NaN equals NaN.
::testing::AssertionResult same_bits(const host_tensor& got, const host_tensor& want);

std::string describe(const host_tensor& t);  // "f32 (2, 3)"
std::string describe(std::span<const host_tensor> operands);

}  // namespace tessera::testing
