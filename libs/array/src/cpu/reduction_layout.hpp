// How a reduction walks its operand: the reduced axes as one logical row, the kept ones as a grid of such rows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "allocator.hpp"
#include "tessera/array/extent.hpp"
#include "tessera/interop/any_view.hpp"
#include "tessera/simd/loops.hpp"

namespace tessera::cpu_kernels {

// Memory of one piece of work.
class work_memory {
public:
    explicit work_memory(std::size_t bytes) : bytes_(bytes ? bytes : 1), data_(cpu_memory::allocate(bytes_)) {}
    work_memory(const work_memory&) = delete;
    work_memory& operator=(const work_memory&) = delete;
    ~work_memory() { cpu_memory::deallocate(data_, bytes_); }
    std::byte* data() const { return static_cast<std::byte*>(data_); }

private:
    std::size_t bytes_;
    void* data_;
};

// A part of a row whose elements are `step` apart.
struct row_run {
    std::int64_t size, step;
};

struct kept_axis {
    std::int64_t size, in_step, out_step;
};

// All steps in elements.
struct reduction_layout {
    // `reduced` is sorted; `out` has these axes with size 1, or not at all.
    reduction_layout(const any_view& in, const any_view& out, const axes& reduced);

    std::int64_t row_length = 1;    // elements that make one output
    inline_vector<row_run> runs;    // at least one; slowest first, so that the row is in row-major order
    std::int64_t grid_size = 1;     // outputs are grid_size * inner.size
    inline_vector<kept_axis> grid;  // slowest first
    kept_axis inner{1, 0, 0};       // the kept axis whose neighbours are nearest in the operand; in_step >= 0
    const std::byte* in;            // of the first output's row
    std::byte* out;
    std::int64_t in_item, out_item;  // bytes

    const row_run& fastest() const { return runs.back(); }
    bool is_one_run() const { return runs.size() == 1; }
    // Where element i of a row lies, from the row's first.
    std::int64_t offset_in_row(std::int64_t i) const {
        if (is_one_run()) return i * fastest().step;
        std::int64_t at = 0;
        for (std::size_t a = runs.size(); a-- > 0;) {
            at += i % runs[a].size * runs[a].step;
            i /= runs[a].size;
        }
        return at;
    }

    struct place {
        const std::byte* in;
        std::byte* out;
    };
    // The output at (g, i): index g of the grid, i along the inner axis.
    place at(std::int64_t g, std::int64_t i) const;
};

// Copies elements [begin, end) of the row at `from` to contiguous memory; `copy` converts them to items of that size.
void gather_row(const reduction_layout& layout, const std::byte* from, std::int64_t begin, std::int64_t end,
                simd::loop copy, std::byte* to, std::int64_t to_item);

// The same of `columns` neighbouring rows at once: element i of column c goes to to[(i - begin) * columns + c].
void gather_columns(const reduction_layout& layout, const std::byte* from, std::int64_t begin, std::int64_t end,
                    std::int64_t columns, simd::loop copy, std::byte* to, std::int64_t to_item);

}  // namespace tessera::cpu_kernels
