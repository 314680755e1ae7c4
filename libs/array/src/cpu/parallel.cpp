#include "tessera/array/parallel.hpp"

#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "tessera/array/cpu.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera {

namespace {
std::atomic<int> chosen_threads{0};  // 0: not chosen yet

int hardware_threads() {
    static const int count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return count;
}
}  // namespace

void set_threads(int count) {
    if (count < 1) throw value_error(text("set_threads: needs at least 1, got ", count));
    chosen_threads.store(count, std::memory_order_relaxed);
}

int threads() {
    const int count = chosen_threads.load(std::memory_order_relaxed);
    if (count > 0) [[likely]]
        return count;
    return hardware_threads();
}

namespace {

constexpr double fork_ns = 100e3;  // below this much work a fork costs more than it can save
constexpr double piece_ns = 50e3;  // long enough to hide the claim, short enough to share evenly

// One parallel loop. Helpers that start late find every piece taken and go; they only touch this struct,
// which they co-own, never the caller's stack.
struct shared_loop {
    std::atomic<std::int64_t> next{0};
    std::atomic<std::int64_t> finished{0};
    std::int64_t pieces = 0, piece = 0, count = 0;
    const range_body* body = nullptr;  // valid while a piece is unfinished
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::exception_ptr failure;

    void work() {
        for (;;) {
            const std::int64_t i = next.fetch_add(1, std::memory_order_relaxed);
            if (i >= pieces) return;
            if (!failed.load(std::memory_order_relaxed)) {
                try {
                    (*body)(i * piece, std::min(count, (i + 1) * piece));
                } catch (...) {
                    const std::scoped_lock lock(mutex);
                    if (!failed.exchange(true)) failure = std::current_exception();
                }
            }
            finished.fetch_add(1, std::memory_order_release);
        }
    }
};

oneapi::tbb::task_arena& arena() {
    // Never destroyed: work may be queued while statics are torn down. The caller works outside of the arena, so it
    // has a slot for every other hardware thread and none reserved; oneTBB warns when asked for more.
    static auto& a = *new oneapi::tbb::task_arena(hardware_threads() - 1, 0);
    return a;
}

thread_local constinit bool inside_piece = false;  // nested loops run on their own thread

}  // namespace

void parallel_for(std::int64_t count, std::int64_t grain, double ns_per_item, range_body body) {
    const double total_ns = ns_per_item * static_cast<double>(count);
    const int workers = total_ns < fork_ns || inside_piece || hardware_threads() == 1 ? 1 : threads();
    if (workers == 1 || count <= grain) {
        if (count > 0) body(0, count);
        return;
    }
    const auto wanted = static_cast<std::int64_t>(piece_ns / std::max(ns_per_item, 1e-3));
    std::int64_t piece = std::max<std::int64_t>(grain, wanted / grain * grain);
    const std::int64_t even = (count / (4 * workers) + grain) / grain * grain;  // at least four pieces a thread
    piece = std::max(grain, std::min(piece, even));

    const auto marking = [&](std::int64_t begin, std::int64_t end) {
        inside_piece = true;
        struct leave {
            ~leave() { inside_piece = false; }
        } const at_exit;
        body(begin, end);
    };
    const range_body marked(marking);  // a reference: marking outlives the loop
    const auto loop = std::make_shared<shared_loop>();
    loop->count = count;
    loop->piece = piece;
    loop->pieces = (count + piece - 1) / piece;
    loop->body = &marked;
    for (int i = 1; i < workers; ++i) arena().enqueue([loop] { loop->work(); });
    loop->work();
    // Only pieces that somebody has begun are waited for.
    for (int spins = 0; loop->finished.load(std::memory_order_acquire) < loop->pieces; ++spins)
        if (spins > 1000)
            std::this_thread::yield();
        else
            __builtin_ia32_pause();
    if (loop->failure) std::rethrow_exception(loop->failure);
}

}  // namespace tessera
