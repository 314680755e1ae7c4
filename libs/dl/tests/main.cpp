// The library's own tests, and those of the test table for its cases.
#include <gtest/gtest.h>

#include "tessera/testing/dl_cases.hpp"
#include "tessera/testing/harness.hpp"

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    tessera::testing::add_case_tests(tessera::testing::register_dl_cases);
    return RUN_ALL_TESTS();
}
