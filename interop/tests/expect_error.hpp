// Runs action and expects an Error with exactly this text.
#pragma once

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace tessera::testing_support {

template <class Error, class Action> void expect_error(Action&& action, std::string_view text) {
    try {
        std::forward<Action>(action)();
    } catch (const Error& e) {
        EXPECT_EQ(std::string_view(e.what()), text);
        return;
    }
    ADD_FAILURE() << "nothing was thrown; expected: " << text;
}

}  // namespace tessera::testing_support
