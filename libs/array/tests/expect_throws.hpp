// Errors are part of the contract: their type and their text.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace tessera {

// Calls f, which must throw an Error whose text contains `part`.
template <class Error, class F> void expect_throws(F&& f, const std::string& part) {
    try {
        f();
        ADD_FAILURE() << "nothing was thrown; expected \"" << part << "\"";
    } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << "the text is \"" << e.what() << "\"";
    } catch (const std::exception& e) { ADD_FAILURE() << "another error was thrown: \"" << e.what() << "\""; }
}

}  // namespace tessera
