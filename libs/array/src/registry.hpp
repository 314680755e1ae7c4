// The registry's tables, for apply's fast path.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "tessera/array/backend.hpp"

namespace tessera {

// Device kinds get a slot when first mentioned; the CPU has slot 0.
inline constexpr std::size_t max_device_kinds = 8;

struct kernel_table {
    std::vector<kernel> kernels;  // highest priority first
};

struct op_record {
    std::string name;
    std::atomic<const op*> declared{nullptr};
    std::array<std::atomic<const kernel_table*>, max_device_kinds> kernels{};  // null: none
};

namespace detail {
// The slot of a device kind; -1 when nobody has mentioned it.
int device_slot(std::int32_t kind) noexcept;
backend* backend_at(int slot) noexcept;
}  // namespace detail

}  // namespace tessera
