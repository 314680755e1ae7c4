// Devices: who allocates, who copies, which kernels there are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tessera/array/op.hpp"

namespace tessera {

class backend;

struct kernel_args {
    const tessera::op& op;
    attributes attrs;
    std::span<const any_view> in;   // weak literals come as rank-0 host values (view_host_value)
    std::span<const any_view> out;  // to be written completely
    any_view scratch;               // scratch_bytes of u8, 64-byte aligned
    backend& on;
};

enum kernel_reuse : std::uint32_t { reuse_none = 0, reuse_first = 1, reuse_second = 2, reuse_third = 4, reuse_any = 7 };

// A dense operand of an element-wise call: element i is at data + i * step elements; step 1, or 0 for one repeated
// value.
struct flat_operand {
    const void* data;
    std::ptrdiff_t step;
};

struct kernel {
    void (*run)(const kernel_args&);                        // writes destinations, never allocates results
    const char* (*declines)(const kernel_args&) = nullptr;  // null: takes it; else the reason
    std::size_t (*scratch_bytes)(const kernel_args&) = nullptr;
    const char* label = "";
    int priority = 0;                  // higher is asked first
    std::uint32_t reuse = reuse_none;  // inputs the output may overwrite element by element
    // Element-wise kernels on the host may offer a shorter way for few elements: operands of one dtype, dense or
    // repeated. Returns false, without having written, when it has nothing for the dtype.
    bool (*flat)(dtype type, void* out, const flat_operand* in, std::size_t count) = nullptr;
    // Reductions on the host may offer the same for one dense row of few elements: its reduction to *out, of dtype
    // `result`.
    bool (*row)(dtype type, dtype result, void* out, const void* in, std::size_t count) = nullptr;
};

class TESSERA_ARRAY_API backend {
public:
    virtual ~backend();
    virtual std::string_view name() const = 0;  // "cpu"
    virtual std::int32_t kind() const = 0;      // device.kind
    virtual int device_count() const = 0;
    // bytes > 0, 64-byte aligned. Throws out_of_memory.
    virtual void* allocate(std::size_t bytes, int index) = 0;
    virtual void deallocate(void* data, std::size_t bytes, int index) noexcept = 0;
    // Elements between two layouts, each on the host or on this back end; shapes and dtypes are equal. Waits when a
    // side is the host.
    virtual void copy(const any_view& from, const any_view& to) = 0;
    virtual void* current_queue(int index) { return (void)index, nullptr; }
};

// Names to ops and kernels. Reads are lock-free; additions publish new tables.
class TESSERA_ARRAY_API registry {
public:
    static registry& global();

    // Adds an op to the table that docs and tools read. Adding the same op again does nothing.
    void add(const op&);
    // Throws value_error when that kind of device has a kernel of that label for that op already.
    void add_kernel(std::int32_t device_kind, std::string_view op_name, const kernel&);
    // Throws value_error when the kind is taken by another back end.
    void add_backend(backend&);
    // Calls a registrar unless it was called before.
    void run(registrar);

    backend* find_backend(std::int32_t device_kind) const;  // null: none
    std::vector<const op*> ops() const;                     // sorted by name
    std::vector<kernel> kernels(std::int32_t device_kind, std::string_view op_name) const;
    // The kernel that takes these arguments. Throws no_kernel naming op, device, specs and what there is.
    const kernel& find(const op&, std::int32_t device_kind, const kernel_args&);

    // The record of an op, interned by name; runs the op's registrar the first time.
    op_record& record(const op& o) {
        op_record* known = o.record.load(std::memory_order_acquire);
        return known ? *known : intern(o);
    }

private:
    registry() = default;
    op_record& intern(const op&);
};

// The CPU, with the array library's kernels registered. Always there.
TESSERA_ARRAY_API backend& cpu_backend();
// The back end of a device. Throws device_error when there is none, or its index is out of range.
TESSERA_ARRAY_API backend& backend_of(device d);

namespace detail {
// The kernel that takes these arguments; for element-wise ops without one of their own, the device's kernel for scalar
// programs. It lives as long as the program. Throws no_kernel.
TESSERA_ARRAY_API const kernel& kernel_for(const kernel_args&);
// Could a kernel run, or is the op's body needed?
TESSERA_ARRAY_API bool has_kernel(const op& o, std::int32_t kind);
}  // namespace detail

}  // namespace tessera
