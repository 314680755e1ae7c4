#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "expect_throws.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/parallel.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

constexpr double costly = 1e6;  // ns per item: always worth a fork

class parallel : public ::testing::Test {
public:
    ~parallel() override { set_threads(before_); }

private:
    int before_ = threads();
};

TEST_F(parallel, loops_cover_every_item_once) {
    set_threads(4);
    for (const std::int64_t count : {1, 2, 7, 100, 1001}) {
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
        parallel_for(count, 3, costly, [&](std::int64_t begin, std::int64_t end) {
            EXPECT_TRUE(end == count || (end - begin) % 3 == 0) << "pieces are multiples of the grain";
            for (std::int64_t i = begin; i < end; ++i) ++seen[static_cast<std::size_t>(i)];
        });
        for (const auto& times : seen) EXPECT_EQ(times.load(), 1);
    }
}

TEST_F(parallel, loops_over_nothing_call_nothing) {
    parallel_for(0, 1, costly, [](std::int64_t, std::int64_t) { FAIL(); });
}

TEST_F(parallel, loops_below_a_forks_cost_run_on_the_caller) {
    set_threads(4);
    int calls = 0;
    parallel_for(1000, 1, 1.0, [&](std::int64_t begin, std::int64_t end) {
        ++calls;
        EXPECT_EQ(begin, 0);
        EXPECT_EQ(end, 1000);
    });
    EXPECT_EQ(calls, 1);
}

TEST_F(parallel, loops_inside_a_piece_run_on_its_thread) {
    set_threads(4);
    parallel_for(8, 1, costly, [](std::int64_t, std::int64_t) {
        const auto outer = std::this_thread::get_id();
        parallel_for(8, 1, costly, [&](std::int64_t, std::int64_t) { EXPECT_EQ(std::this_thread::get_id(), outer); });
    });
}

TEST_F(parallel, loops_rethrow_the_first_exception_and_stay_usable) {
    for (const int count : {1, 4}) {
        set_threads(count);
        for (int round = 0; round < 20; ++round)
            EXPECT_THROW(parallel_for(64, 1, costly,
                                      [](std::int64_t begin, std::int64_t end) {
                                          if (begin <= 40 && 40 < end) throw std::runtime_error("item 40");
                                      }),
                         std::runtime_error);
        std::atomic<std::int64_t> total = 0;
        parallel_for(100, 1, costly, [&](std::int64_t begin, std::int64_t end) { total += end - begin; });
        EXPECT_EQ(total.load(), 100);
    }
}

TEST_F(parallel, loops_of_many_callers_do_not_wait_for_each_other) {
    set_threads(4);
    std::vector<std::thread> callers;
    std::atomic<std::int64_t> total = 0;
    for (int t = 0; t < 6; ++t)
        callers.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                parallel_for(64, 1, costly, [&](std::int64_t begin, std::int64_t end) { total += end - begin; });
        });
    for (std::thread& c : callers) c.join();
    EXPECT_EQ(total.load(), 6 * 50 * 64);
}

TEST_F(parallel, threads_are_a_positive_number) {
    set_threads(3);
    EXPECT_EQ(threads(), 3);
    expect_throws<value_error>([] { set_threads(0); }, "got 0");
    expect_throws<value_error>([] { set_threads(-2); }, "got -2");
    EXPECT_EQ(threads(), 3);
}

TEST_F(parallel, arrays_may_be_used_by_many_threads) {
    set_threads(2);
    const array shared = arange(1000000);
    std::vector<std::thread> users;
    for (int t = 0; t < 4; ++t)
        users.emplace_back([&] {
            for (int i = 0; i < 5; ++i) {
                const array own = shared;
                EXPECT_EQ(sum(own * 2).item<std::int64_t>(), std::int64_t{999999} * 1000000);
            }
        });
    for (std::thread& u : users) u.join();
}

}  // namespace
}  // namespace tessera
