#include "tessera/testing/layouts.hpp"

#include <algorithm>
#include <cstring>

#include "tessera/array/host_memory.hpp"

namespace tessera::testing {
namespace {

constexpr std::byte guard{0xa5};
constexpr std::int64_t margin = 64;  // elements before and after

struct form_of_memory {
    std::vector<std::int64_t> steps;
    std::int64_t offset = 0, elements = 0;
};

std::vector<std::size_t> fastest_first(std::size_t rank, layout form) {
    std::vector<std::size_t> order;
    for (std::size_t a = 0; a < rank; ++a) order.push_back(form == layout::column_major ? a : rank - 1 - a);
    return order;
}

// The axis that `repeated` repeats; rank when there is none.
std::size_t repeated_axis(const sizes& shape) {
    for (std::size_t a = shape.size(); a-- > 0;)
        if (shape[a] > 1) return a;
    return shape.size();
}

form_of_memory form_for(const sizes& shape, layout form) {
    form_of_memory memory;
    memory.steps.resize(shape.size());
    std::int64_t step = form == layout::spaced ? 2 : 1;
    for (const std::size_t a : fastest_first(shape.size(), form)) {
        if (form == layout::repeated && a == repeated_axis(shape)) continue;  // 0
        memory.steps[a] = step;
        step *= std::max<std::int64_t>(shape[a], 1);
        if (form == layout::spaced) step += 1;
    }
    memory.elements = std::max<std::int64_t>(step, 1) + 2 * margin;
    memory.offset = margin;
    if (form == layout::shifted) memory.offset += 3;
    if (form == layout::reversed)
        for (std::size_t a = 0; a < shape.size(); ++a) {
            memory.offset += std::max<std::int64_t>(shape[a] - 1, 0) * memory.steps[a];
            memory.steps[a] = -memory.steps[a];
        }
    if (form == layout::shifted) memory.elements += 3;
    return memory;
}

// Calls visit(i, byte offset in the buffer) for every element in row-major order.
template <class Visit>
void for_each_element(const sizes& shape, const form_of_memory& memory, std::size_t item, const Visit& visit) {
    const std::int64_t count = count_of(shape);
    sizes at(shape.size(), 0);
    for (std::int64_t i = 0; i < count; ++i, advance(at, shape)) {
        std::int64_t element = memory.offset;
        for (std::size_t a = 0; a < shape.size(); ++a) element += at[a] * memory.steps[a];
        visit(static_cast<std::size_t>(i), static_cast<std::size_t>(element) * item);
    }
}

any_view view_of(std::byte* data, dtype t, const sizes& shape, const form_of_memory& memory) {
    any_view view;
    view.data = data;
    view.offset = memory.offset;
    view.shape = shape.data();
    view.strides = memory.steps.data();
    view.rank = static_cast<std::int32_t>(shape.size());
    view.dtype = t;
    return view;
}

}  // namespace

std::string_view name(layout form) {
    switch (form) {
    case layout::row_major: return "row_major";
    case layout::column_major: return "column_major";
    case layout::reversed: return "reversed";
    case layout::spaced: return "spaced";
    case layout::shifted: return "shifted";
    case layout::repeated: break;
    }
    return "repeated";
}

host_tensor fitting(const host_tensor& t, layout form) {
    const std::size_t axis = repeated_axis(t.shape);
    if (form != layout::repeated || axis == t.shape.size()) return t;
    host_tensor result = t;
    for (std::int64_t i = 0; i < count_of(t.shape); ++i) {
        sizes at = position_of(t.shape, i);
        at[axis] = 0;
        set_element(result, i, element_at(t, flat_index(t.shape, at)));
    }
    return result;
}

array laid_out(const host_tensor& t, layout form) {
    const form_of_memory memory = form_for(t.shape, form);
    const std::size_t item = item_size(t.dtype);
    const auto bytes =
        std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(memory.elements) * item, guard);
    for_each_element(t.shape, memory, item, [&](std::size_t i, std::size_t at) {
        std::memcpy(bytes->data() + at, t.bytes.data() + i * item, item);
    });
    any_view view = view_of(bytes->data(), t.dtype, t.shape, memory);
    view.flags = view_read_only;
    return borrow(view, memory.elements, [bytes] {});
}

struct guarded_output::placement {
    dtype type;
    sizes shape;
    form_of_memory memory;
    std::vector<std::byte> bytes;
};

guarded_output::guarded_output(dtype t, const sizes& shape, layout form)
    : place_(std::make_shared<placement>(placement{t, shape, form_for(shape, form), {}})) {
    place_->bytes.assign(static_cast<std::size_t>(place_->memory.elements) * item_size(t), guard);
    destination_ = borrow(view_of(place_->bytes.data(), t, place_->shape, place_->memory), place_->memory.elements);
}

host_tensor guarded_output::value() const {
    host_tensor t = tensor(place_->type, place_->shape);
    const std::size_t item = item_size(t.dtype);
    for_each_element(t.shape, place_->memory, item, [&](std::size_t i, std::size_t at) {
        std::memcpy(t.bytes.data() + i * item, place_->bytes.data() + at, item);
    });
    return t;
}

bool guarded_output::guards_intact() const {
    std::vector<std::byte> others = place_->bytes;
    const std::size_t item = item_size(place_->type);
    for_each_element(place_->shape, place_->memory, item,
                     [&](std::size_t, std::size_t at) { std::fill_n(others.data() + at, item, guard); });
    return std::ranges::all_of(others, [](std::byte b) { return b == guard; });
}

}  // namespace tessera::testing
