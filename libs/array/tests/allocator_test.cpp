#include <gtest/gtest.h>

#include <thread>

#include "expect_throws.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/interop/error.hpp"

namespace tessera {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

// Every test begins and ends without cached buffers.
class allocator : public ::testing::Test {
public:
    allocator() { cpu_memory::release_cached(); }
    ~allocator() override {
        cpu_memory::set_cache_bound(std::size_t{1} << 30);
        cpu_memory::release_cached();
    }
};

array bytes(std::int64_t count) { return empty({count}, u8); }

TEST_F(allocator, counts_large_buffers) {
    const auto before = cpu_memory::current();
    cpu_memory::reset_peak();
    {
        const array a = bytes(mebibyte), b = bytes(mebibyte);
        EXPECT_GE(cpu_memory::current().in_use_bytes, before.in_use_bytes + 2 * static_cast<std::size_t>(mebibyte));
    }
    const auto after = cpu_memory::current();
    EXPECT_EQ(after.in_use_bytes, before.in_use_bytes);
    EXPECT_GE(after.peak_bytes, before.in_use_bytes + 2 * static_cast<std::size_t>(mebibyte));
    EXPECT_GE(after.cached_bytes, 2 * static_cast<std::size_t>(mebibyte));
}

TEST_F(allocator, asks_the_system_once_for_buffers_of_one_size) {
    (void)bytes(mebibyte);
    const auto before = cpu_memory::current();
    for (int i = 0; i < 10; ++i) (void)bytes(mebibyte - i);
    EXPECT_EQ(cpu_memory::current().system_requests, before.system_requests);
    cpu_memory::release_cached();
    EXPECT_EQ(cpu_memory::current().cached_bytes, 0u);
    (void)bytes(mebibyte);
    EXPECT_EQ(cpu_memory::current().system_requests, before.system_requests + 1);
}

TEST_F(allocator, keeps_no_more_than_its_bound) {
    (void)bytes(4 * mebibyte);
    cpu_memory::set_cache_bound(static_cast<std::size_t>(mebibyte));
    EXPECT_LE(cpu_memory::current().cached_bytes, static_cast<std::size_t>(mebibyte));
    (void)bytes(8 * mebibyte);
    EXPECT_LE(cpu_memory::current().cached_bytes, static_cast<std::size_t>(mebibyte));
    cpu_memory::set_cache_bound(0);
    (void)bytes(mebibyte);
    EXPECT_EQ(cpu_memory::current().cached_bytes, 0u);
}

TEST_F(allocator, gives_aligned_memory_of_every_size) {
    for (std::size_t size = 1; size < (std::size_t{1} << 24); size = size * 5 / 4 + 1) {
        void* const data = cpu_backend().allocate(size, 0);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(data) % 64, 0u) << size;
        static_cast<std::byte*>(data)[0] = static_cast<std::byte*>(data)[size - 1] = std::byte{1};
        cpu_backend().deallocate(data, size, 0);
    }
}

TEST_F(allocator, refuses_what_the_system_does_not_have) {
    const auto before = cpu_memory::current();
    expect_throws<out_of_memory>([] { (void)bytes(std::int64_t{1} << 46); }, "bytes");
    expect_throws<out_of_memory>([] { (void)bytes(INT64_MAX); }, "9223372036854775807 bytes");
    expect_throws<shape_error>([] { (void)zeros({INT64_MAX / 4}, f64); }, "more bytes than can be addressed");
    expect_throws<shape_error>([] { (void)zeros({INT64_MAX, 2}, u8); }, "(9223372036854775807, 2)");
    EXPECT_EQ(cpu_memory::current().in_use_bytes, before.in_use_bytes);
}

TEST_F(allocator, gives_up_its_cache_before_it_gives_up) {
    (void)bytes(4 * mebibyte);
    expect_throws<out_of_memory>([] { (void)bytes(std::int64_t{1} << 47); }, "bytes");
    EXPECT_EQ(cpu_memory::current().cached_bytes, 0u);
}

TEST_F(allocator, takes_back_what_another_thread_allocated) {
    const auto before = cpu_memory::current();
    for (const std::int64_t size : {std::int64_t{8}, std::int64_t{5000}, 3 * mebibyte}) {
        std::vector<array> made;
        std::thread([&] {
            for (int i = 0; i < 50; ++i) made.push_back(full({size}, i, u8));
        }).join();
        for (int i = 0; i < 50; ++i) EXPECT_EQ(max(made[static_cast<std::size_t>(i)]).item<int>(), i);
        std::thread([moved = std::move(made)]() mutable { moved.clear(); }).join();
    }
    EXPECT_EQ(cpu_memory::current().in_use_bytes, before.in_use_bytes);
}

TEST_F(allocator, serves_threads_at_the_same_time) {
    std::vector<std::thread> workers;
    for (int t = 0; t < 4; ++t)
        workers.emplace_back([t] {
            array kept;
            for (int i = 0; i < 300; ++i) {
                kept = full({i % 3 == 0 ? 70000 : 10 + i}, t + i, i64);
                EXPECT_EQ((kept - (t + i)).to_vector<int>(),
                          std::vector<int>(static_cast<std::size_t>(kept.size().value())));
            }
        });
    for (std::thread& w : workers) w.join();
}

}  // namespace
}  // namespace tessera
