// What evaluation, destinations and copies share.
#pragma once

#include <cstring>
#include <memory>

#include "registry.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/op.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

// n objects on the stack when they are few, else on the heap.
template <class T, std::size_t N = 4> class scratch_list {
public:
    explicit scratch_list(std::size_t n) : size_(n) {
        if (n > N) heap_ = std::make_unique<T[]>(n);
    }
    T* data() { return heap_ ? heap_.get() : few_; }
    T& operator[](std::size_t i) { return data()[i]; }
    std::span<T> all() { return {data(), size_}; }

private:
    std::size_t size_;
    std::unique_ptr<T[]> heap_;
    T few_[N];
};

// Handles side by side without touching their counts; the arrays must outlive it.
template <std::size_t N> class borrowed_handles {
public:
    template <class... Arrays> explicit borrowed_handles(const Arrays&... from) {
        static_assert(sizeof...(Arrays) == N);
        std::size_t i = 0;
        (std::memcpy(bytes_ + sizeof(array) * i++, static_cast<const void*>(&from), sizeof(array)), ...);
    }
    std::span<const array> all() const { return {reinterpret_cast<const array*>(bytes_), N}; }

private:
    alignas(array) std::byte bytes_[sizeof(array) * N];
};

inline backend& backend_for(device where) {
    if (where == cpu) [[likely]]
        return cpu_backend();
    return backend_of(where);
}

// True once the device kind has a kernel for the op, whatever it takes.
inline const kernel_table* kernels_of(const op& o, std::int32_t kind) {
    const op_record& record = registry::global().record(o);
    const int slot = device_slot(kind);
    return slot < 0 ? nullptr : record.kernels[static_cast<std::size_t>(slot)].load(std::memory_order_acquire);
}

void check_call(const op& o, std::span<const array> in, std::size_t outputs);
device device_for(const rule_args& args, std::span<const array> in);
void set_row_major(node& n);
bool is_row_major(const dims& shape, const strides& steps);
void fill_buffer(node& n, backend& on, std::string_view op_name);  // sets steps and allocates; the spec is known

// The quick way of element-wise ops on few dense host operands of one dtype, straight to the kernel's flat loop: a new
// array in `made`, or into `destination` when that is not null. False, with nothing done, for everything else - also
// for every error, which the general way then reports.
bool quick_elementwise(const op& o, std::span<const array> in, array* made, const array* destination);

// The same for two plain arrays of one dtype, which the op takes as they are: the most usual call there is.
bool quick_pair(const op& o, const node& a, const node& b, array* made, const array* destination);

// The same for the reduction of all elements of a small array to one.
bool quick_reduction(const op& o, const array& x, array& made);

// The op's kernel; for element-wise ops without one, the device's scalar-program kernel. Throws no_kernel.
void run_kernel(const op& o, std::span<const any_view> in, std::span<const any_view> out, attributes attrs,
                backend& on);

}  // namespace tessera::detail
