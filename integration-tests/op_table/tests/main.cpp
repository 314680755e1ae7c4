#include <gtest/gtest.h>

#include "all_cases.hpp"
#include "batched.hpp"
#include "compiled.hpp"
#include "derivatives.hpp"

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    tessera::testing::case_table table;
    tessera::testing::register_all_cases(table);
    tessera::testing::add_derivative_tests(table);
    tessera::testing::add_compiled_tests(table);
    tessera::testing::add_batched_tests(table);
    return RUN_ALL_TESTS();
}
