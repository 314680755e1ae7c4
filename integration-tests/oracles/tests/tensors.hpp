// Small tensors for the tests of the runner.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "tessera/testing/oracle.hpp"

namespace tessera::oracles {

template <class T>
testing::host_tensor tensor_of(dtype type, const std::vector<T>& values, std::vector<std::int64_t> shape = {-1},
                               std::string name = "y") {
    if (shape == std::vector<std::int64_t>{-1}) shape = {static_cast<std::int64_t>(values.size())};
    testing::host_tensor t{std::move(name), type, std::move(shape), {}};
    t.bytes.resize(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(t.bytes.data(), values.data(), t.bytes.size());
    return t;
}

inline testing::host_tensor doubles(const std::vector<double>& values) { return tensor_of(f64, values); }
inline testing::host_tensor floats(const std::vector<float>& values) { return tensor_of(f32, values); }
inline testing::host_tensor ints(const std::vector<std::int32_t>& values) { return tensor_of(i32, values); }

}  // namespace tessera::oracles
