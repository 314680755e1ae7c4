// The same elements in memory of many forms, between guard bytes.
#pragma once

#include <memory>

#include "tessera/testing/host_tensors.hpp"

namespace tessera::testing {

enum class layout : std::uint8_t {
    row_major,
    column_major,  // the first axis is the fastest
    reversed,      // every axis backwards
    spaced,        // every axis with step 2 or more
    shifted,       // row-major, the first element not where the buffer begins
    repeated,      // the last axis longer than 1 with step 0: see repeat
};
inline constexpr layout every_layout[] = {layout::row_major, layout::column_major, layout::reversed,
                                          layout::spaced,    layout::shifted,      layout::repeated};
// Those an output may have: its elements are apart.
inline constexpr layout output_layouts[] = {layout::row_major, layout::column_major, layout::reversed, layout::spaced,
                                            layout::shifted};

std::string_view name(layout form);

// What `repeated` can hold: the values at index 0 of its repeated axis, everywhere. Other layouts hold everything.
host_tensor fitting(const host_tensor& t, layout form);

// An array over memory of that layout, which dies with the last handle. t is fitting(t, form).
array laid_out(const host_tensor& t, layout form);

// Memory for one output, filled with a pattern that no write may change outside of the elements.
class guarded_output {
public:
    guarded_output(dtype t, const sizes& shape, layout form);

    // An array over the memory; this object outlives it.
    const array& destination() const { return destination_; }
    host_tensor value() const;
    // Whether every byte that is no element's is as it was.
    bool guards_intact() const;

private:
    struct placement;
    std::shared_ptr<placement> place_;
    array destination_;
};

}  // namespace tessera::testing
