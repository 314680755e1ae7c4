// The memory behind arrays: counted, versioned, owned by a back end or borrowed from the caller.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tessera/array/export.hpp"
#include "tessera/interop/device.hpp"

namespace tessera {

class backend;
class tracer;
struct traced;

struct storage {
    std::atomic<std::int32_t> references{1};
    bool borrowed = false;  // the caller's memory: written only through out=, never reused for results
    bool read_only = false;
    std::atomic<bool> exported{false};      // somebody outside holds its address
    std::atomic<std::uint64_t> version{0};  // counts the writes since it was filled; saved values check it
    void* data = nullptr;                   // a host address, or the back end's handle
    std::size_t bytes = 0;
    tessera::device device;
    backend* owner = nullptr;             // null for borrowed memory
    void (*release)(storage&) = nullptr;  // gives the memory back; may be null for borrowed memory
    void* context = nullptr;              // release's own
};

namespace detail {
TESSERA_ARRAY_API void destroy(storage*) noexcept;
TESSERA_ARRAY_API void destroy(traced*) noexcept;
TESSERA_ARRAY_API void destroy(tracer*) noexcept;

// Drops one reference. The lone owner skips the locked decrement.
template <class T> void drop(T* object) noexcept {
    if (object->references.load(std::memory_order_acquire) == 1 ||
        object->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
        destroy(object);
}
template <class T> T* share(T* object) noexcept {
    object->references.fetch_add(1, std::memory_order_relaxed);
    return object;
}
}  // namespace detail

// An owning pointer to a counted object (storage, trace records, tracers).
template <class T> class counted {
public:
    counted() = default;
    explicit counted(T* owned) noexcept : object_(owned) {}  // takes over one reference
    static counted sharing(T* object) noexcept { return counted(object ? detail::share(object) : nullptr); }
    counted(const counted& other) noexcept : object_(other.object_ ? detail::share(other.object_) : nullptr) {}
    counted(counted&& other) noexcept : object_(other.release()) {}
    counted& operator=(counted other) noexcept {
        T* mine = object_;
        object_ = other.object_;
        other.object_ = mine;
        return *this;
    }
    ~counted() {
        if (object_) detail::drop(object_);
    }
    T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }
    T* release() noexcept {
        T* object = object_;
        object_ = nullptr;
        return object;
    }
    friend bool operator==(const counted& a, const counted& b) { return a.object_ == b.object_; }

private:
    T* object_ = nullptr;
};

}  // namespace tessera
