#include "allocator.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "tessera/array/cpu.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::cpu_memory {

namespace {

// Size classes: four to a power of two from 64 bytes on, so at most a quarter of a buffer is unused.
constexpr std::size_t smallest = 64;
constexpr std::size_t class_count = 4 * 42;
constexpr std::size_t thread_limit = std::size_t{64} << 10;  // up to here a thread keeps its own list
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr int kept_per_class = 16;

constexpr std::size_t class_of(std::size_t bytes) {
    const std::size_t units = bytes == 0 ? 0 : (bytes - 1) / smallest;
    if (units < 4) return units;
    const auto power = static_cast<std::size_t>(std::bit_width(units)) - 1;
    return 4 * (power - 1) + ((units >> (power - 2)) & 3);
}
constexpr std::size_t class_bytes(std::size_t c) {
    if (c < 4) return smallest * (c + 1);
    return smallest * ((5 + c % 4) << (c / 4 - 1));
}
static_assert(class_bytes(class_of(64)) >= 64 && class_bytes(class_of(65)) >= 65 && class_bytes(class_of(400)) >= 400);
static_assert(class_bytes(class_of(4096)) >= 4096 && class_bytes(class_of(40000000)) >= 40000000);

struct counters {
    std::atomic<std::size_t> in_use{0}, peak{0}, cached{0}, bound{std::size_t{1} << 30};
    std::atomic<std::uint64_t> requests{0};
};
constinit counters counted_bytes;

struct shared_cache {
    std::mutex mutex;
    std::array<std::vector<void*>, class_count> lists;
};
shared_cache& shared() {
    static shared_cache& cache = *new shared_cache;  // arrays may outlive any static
    return cache;
}

void* from_system(std::size_t bytes) {
    counted_bytes.requests.fetch_add(1, std::memory_order_relaxed);
    const std::size_t alignment = bytes >= huge_page ? huge_page : smallest;
    void* data = nullptr;
    if (bytes > static_cast<std::size_t>(PTRDIFF_MAX) - huge_page || posix_memalign(&data, alignment, bytes) != 0)
        throw out_of_memory(text("cpu: no memory for ", bytes, " bytes"));
    if (bytes >= huge_page) madvise(data, bytes / huge_page * huge_page, MADV_HUGEPAGE);
    return data;
}

constexpr std::size_t thread_classes = class_of(thread_limit) + 1;

struct thread_list {
    void* blocks[kept_per_class];
    int count;
};
thread_local constinit thread_list own_lists[thread_classes] = {};
thread_local constinit int own_state = 0;  // 0: not used yet, 1: in use, -1: the thread is ending

struct thread_cleaner {
    ~thread_cleaner() {
        own_state = -1;
        for (std::size_t c = 0; c < thread_classes; ++c)
            while (own_lists[c].count > 0) std::free(own_lists[c].blocks[--own_lists[c].count]);
    }
};

void begin_thread() {
    static thread_local thread_cleaner cleaner;
    (void)cleaner;
    own_state = 1;
}

void note_in_use(std::size_t bytes) {
    const std::size_t now = counted_bytes.in_use.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    std::size_t peak = counted_bytes.peak.load(std::memory_order_relaxed);
    while (now > peak && !counted_bytes.peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {}
}

void trim_to(std::size_t bound) {
    shared_cache& cache = shared();
    const std::scoped_lock lock(cache.mutex);
    for (std::size_t c = class_count; c-- > 0;)
        while (!cache.lists[c].empty() && counted_bytes.cached.load(std::memory_order_relaxed) > bound) {
            std::free(cache.lists[c].back());
            cache.lists[c].pop_back();
            counted_bytes.cached.fetch_sub(class_bytes(c), std::memory_order_relaxed);
        }
}

}  // namespace

void* allocate(std::size_t bytes) {
    const std::size_t c = class_of(bytes);
    if (c < thread_classes) {
        thread_list& list = own_lists[c];
        if (list.count > 0) [[likely]]
            return list.blocks[--list.count];
        return from_system(class_bytes(c));
    }
    if (c >= class_count) throw out_of_memory(text("cpu: no memory for ", bytes, " bytes"));
    void* data = nullptr;
    {
        shared_cache& cache = shared();
        const std::scoped_lock lock(cache.mutex);
        auto& list = cache.lists[c];
        if (!list.empty()) {
            data = list.back();
            list.pop_back();
            counted_bytes.cached.fetch_sub(class_bytes(c), std::memory_order_relaxed);
        }
    }
    if (!data) {
        try {
            data = from_system(class_bytes(c));
        } catch (const out_of_memory&) {
            trim_to(0);
            data = from_system(class_bytes(c));
        }
    }
    note_in_use(class_bytes(c));
    return data;
}

void deallocate(void* data, std::size_t bytes) noexcept {
    const std::size_t c = class_of(bytes);
    if (c < thread_classes) {
        thread_list& list = own_lists[c];
        if (own_state == 1 && list.count < kept_per_class) [[likely]] {
            list.blocks[list.count++] = data;
            return;
        }
        if (own_state == 0) {
            begin_thread();
            list.blocks[list.count++] = data;
            return;
        }
        std::free(data);
        return;
    }
    const std::size_t size = class_bytes(c);
    counted_bytes.in_use.fetch_sub(size, std::memory_order_relaxed);
    if (counted_bytes.cached.load(std::memory_order_relaxed) + size <=
        counted_bytes.bound.load(std::memory_order_relaxed)) {
        shared_cache& cache = shared();
        const std::scoped_lock lock(cache.mutex);
        try {
            cache.lists[c].push_back(data);
            counted_bytes.cached.fetch_add(size, std::memory_order_relaxed);
            return;
        } catch (...) {  // no room to remember it: give it back
        }
    }
    std::free(data);
}

statistics current() {
    return {counted_bytes.in_use.load(), counted_bytes.peak.load(), counted_bytes.cached.load(),
            counted_bytes.requests.load()};
}

void reset_peak() { counted_bytes.peak.store(counted_bytes.in_use.load()); }

void release_cached() { trim_to(0); }

void set_cache_bound(std::size_t bytes) {
    counted_bytes.bound.store(bytes);
    trim_to(bytes);
}

}  // namespace tessera::cpu_memory
