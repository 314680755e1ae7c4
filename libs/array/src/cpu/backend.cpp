// The CPU as a back end.
#include "tessera/array/backend.hpp"

#include "../topics.hpp"
#include "allocator.hpp"
#include "elementwise.hpp"

namespace tessera {

namespace {

class cpu_backend_type final : public backend {
public:
    std::string_view name() const override { return "cpu"; }
    std::int32_t kind() const override { return cpu.kind; }
    int device_count() const override { return 1; }
    void* allocate(std::size_t bytes, int) override { return cpu_memory::allocate(bytes); }
    void deallocate(void* data, std::size_t bytes, int) noexcept override { cpu_memory::deallocate(data, bytes); }
    void copy(const any_view& from, const any_view& to) override { cpu_kernels::copy_elements(from, to); }
};

cpu_backend_type& make_cpu() {
    auto& made = *new cpu_backend_type;  // arrays may outlive any static
    registry::global().add_backend(made);
    return made;
}

}  // namespace

backend& cpu_backend() {
    static backend& the_cpu = make_cpu();
    return the_cpu;
}

}  // namespace tessera
