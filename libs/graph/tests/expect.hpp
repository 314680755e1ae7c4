#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tessera/array/ops.hpp"
#include "tessera/interop/error.hpp"

namespace tessera::graph {

// Same dtype, shape and values; bit by bit for what promises bits.
inline void expect_same(const array& got, const array& expected, double tolerance = 0) {
    ASSERT_EQ(text(got.spec()), text(expected.spec()));
    const auto a = got.to_vector<double>(), b = expected.to_vector<double>();
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) && std::isnan(b[i])) continue;
        if (a[i] == b[i]) continue;
        ASSERT_NEAR(a[i], b[i], tolerance * (1 + std::abs(b[i]))) << "element " << i;
    }
}

template <class Error, class F> void expect_throws(const F& f, const std::string& part_of_message) {
    try {
        f();
        FAIL() << "nothing was thrown";
    } catch (const Error& e) { EXPECT_NE(std::string(e.what()).find(part_of_message), std::string::npos) << e.what(); }
}

}  // namespace tessera::graph
