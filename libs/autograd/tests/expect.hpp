// What the tests of this library share.
#pragma once

#include <gtest/gtest.h>

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "tessera/autograd/autograd.hpp"

namespace tessera::autograd {

inline array vec(std::initializer_list<double> values) { return array(values); }

inline void expect_values(const array& x, const std::vector<double>& expected, double tolerance = 1e-12) {
    const std::vector<double> got = x.to_vector<double>();
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], tolerance) << "at " << i;
}

template <class Error, class F> void expect_throws(F&& f, std::initializer_list<std::string> parts_of_message) {
    try {
        f();
        FAIL() << "nothing was thrown; expected: " << *parts_of_message.begin();
    } catch (const Error& e) {
        for (const std::string& part : parts_of_message)
            EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what() << "\nwithout: " << part;
    }
}
template <class Error, class F> void expect_throws(F&& f, const std::string& part_of_message) {
    expect_throws<Error>(f, {part_of_message});
}

}  // namespace tessera::autograd
