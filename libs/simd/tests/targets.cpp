#include "tessera/simd/targets.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "tessera/interop/error.hpp"
#include "tessera/simd/loops.hpp"

namespace tessera::simd {
namespace {

TEST(targets, start_with_the_best_one_this_cpu_runs) {
    ASSERT_FALSE(compiled_targets().empty());
    if (std::getenv("TESSERA_SIMD_TARGET") == nullptr) { EXPECT_EQ(active_target(), compiled_targets().front()); }
}

TEST(targets, can_be_forced_and_released) {
    const std::string_view before = active_target();
    for (const std::string_view target : compiled_targets()) {
        force_target(target);
        EXPECT_EQ(active_target(), target);
    }
    force_target("");
    EXPECT_EQ(active_target(), before);
}

TEST(targets, refuse_an_unknown_name_and_say_which_there_are) {
    const std::string_view before = active_target();
    try {
        force_target("AVX99");
        FAIL() << "no exception";
    } catch (const value_error& e) {
        const std::string_view message = e.what();
        EXPECT_NE(message.find("AVX99"), std::string_view::npos) << message;
        EXPECT_NE(message.find(compiled_targets().back()), std::string_view::npos) << message;
    }
    EXPECT_EQ(active_target(), before);
}

TEST(targets, give_loops_of_their_own) {
    const auto targets = compiled_targets();
    if (targets.size() < 2) GTEST_SKIP() << "one target only";
    force_target(targets.front());
    const loop best = find_loop(scalar_code::add, f32);
    force_target(targets.back());
    EXPECT_NE(find_loop(scalar_code::add, f32), best);
    force_target("");
}

TEST(targets, are_chosen_once_under_concurrent_first_use) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([] { EXPECT_NE(find_loop(scalar_code::exp, f64), nullptr); });
    }
}

// The variable is read at the first use, so each case is a process of its own.
TEST(targets_death_test, take_the_environment_variable) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const std::string least(compiled_targets().back());
    EXPECT_EXIT(
        {
            setenv("TESSERA_SIMD_TARGET", least.c_str(), 1);
            force_target("");
            std::_Exit(active_target() == least ? 0 : 1);
        },
        ::testing::ExitedWithCode(0), "");
    EXPECT_EXIT(
        {
            setenv("TESSERA_SIMD_TARGET", "nonsense", 1);
            try {
                force_target("");
                std::_Exit(1);
            } catch (const value_error&) { std::_Exit(0); }
        },
        ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tessera::simd
