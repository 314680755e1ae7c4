// What a second thread may see while an op's library registers it for the first time.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "expect_throws.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/array/rules.hpp"

namespace tessera {

namespace {

std::atomic<bool> op_is_added{false};

void register_slowly(registry& r);

constinit const op slow_op{.name = "first_use.slow",
                           .inputs = 1,
                           .outputs = 1,
                           .shape = shapes::same,
                           .dtype = dtypes::same,
                           .registers = register_slowly};

void fill_with_seven(const kernel_args& args) { *args.out[0].first<double>() = 7; }

void register_slowly(registry& r) {
    r.add(slow_op);
    op_is_added = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    r.add_kernel(cpu.kind, slow_op.name, {.run = fill_with_seven, .label = "seven"});
}

TEST(first_use, of_an_op_by_another_thread_waits_until_its_kernels_are_there) {
    std::thread first([] { (void)call(slow_op, {}, zeros({1})); });
    while (!op_is_added) std::this_thread::yield();
    EXPECT_EQ(call(slow_op, {}, zeros({1})).item<double>(), 7);
    first.join();
}

constinit const op one_of_two{
    .name = "first_use.twice", .inputs = 1, .outputs = 1, .shape = shapes::same, .dtype = dtypes::same};
constinit const op other_of_two{
    .name = "first_use.twice", .inputs = 1, .outputs = 1, .shape = shapes::same, .dtype = dtypes::same};

TEST(first_use, of_a_second_op_of_a_known_name_is_refused_every_time) {
    registry::global().add(one_of_two);
    for (int i = 0; i < 2; ++i)
        expect_throws<value_error>([] { (void)call(other_of_two, {}, zeros({1})); },
                                   "registry: another op is named first_use.twice");
}

}  // namespace

}  // namespace tessera
