#include "tessera/testing/oracle_arrays.hpp"

#include <algorithm>
#include <utility>

#include "tessera/array/copy.hpp"
#include "tessera/array/host_memory.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

// Appends the elements of a strided host view in row-major order.
void append_elements(const any_view& view, std::int32_t axis, std::int64_t at, std::vector<std::byte>& out) {
    const auto width = static_cast<std::int64_t>(item_size(view.dtype));
    if (axis == view.rank) {
        const std::byte* first = view.first<std::byte>() + at * width;
        out.insert(out.end(), first, first + width);
        return;
    }
    for (std::int64_t i = 0; i < view.shape[axis]; ++i)
        append_elements(view, axis + 1, at + i * view.strides[axis], out);
}

}  // namespace

array input(const oracle_case& c, std::string_view name) { return upload(c.input(name), c.device); }

std::vector<array> numbered_inputs(const oracle_case& c, std::string_view prefix) {
    std::vector<array> inputs;
    for (std::string name = text(prefix, 0); c.has_input(name); name = text(prefix, inputs.size()))
        inputs.push_back(input(c, name));
    return inputs;
}

array upload(const host_tensor& t, device where) {
    std::vector<std::int64_t> steps(t.shape.size());
    std::int64_t step = 1;
    for (std::size_t axis = steps.size(); axis-- > 0; step *= std::max<std::int64_t>(t.shape[axis], 1))
        steps[axis] = step;
    static const std::byte nothing{};  // an empty vector has no address
    any_view view;
    view.data = const_cast<std::byte*>(t.bytes.empty() ? &nothing : t.bytes.data());
    view.shape = t.shape.data();
    view.strides = steps.data();
    view.rank = static_cast<std::int32_t>(t.shape.size());
    view.dtype = t.dtype;
    view.flags = view_read_only;
    return from_view(view, where);
}

host_tensor download(const array& x, std::string_view name) {
    const array on_host = to(x, cpu);
    const any_view view = on_host.view();
    host_tensor t{std::string(name), view.dtype, {view.sizes().begin(), view.sizes().end()}, {}};
    if (view.size() > 0) append_elements(view, 0, 0, t.bytes);
    return t;
}

oracle_answer answer(const oracle_case& c, const array& y) { return answer(c, {{"y", y}}); }

oracle_answer answer(const oracle_case& c, const std::vector<named_array>& outputs) {
    oracle_answer result;
    for (const named_array& output : outputs) {
        if (output.value.device() != c.device)
            throw device_error(
                text(c.op, ": asked on ", c.device, ", but ", output.name, " lies on ", output.value.device()));
        result.tensors.push_back(download(output.value, output.name));
    }
    return result;
}

std::optional<axes> axes_attr(const oracle_case& c, std::string_view name) {
    const nlohmann::json* value = c.attr(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return axes{c.required_attr<int>(name)};
    axes result;
    for (const int axis : c.required_attr<std::vector<int>>(name)) result.push_back(axis);
    return result;
}

dtype dtype_attr(const oracle_case& c, std::string_view name) {
    return dtype_named(c.required_attr<std::string>(name));
}

dims dims_attr(const oracle_case& c, std::string_view name) {
    return dims_of(c.required_attr<std::vector<std::int64_t>>(name));
}

void add_cases(oracle_registry& registry, const case_table& table) {
    for (const op_case& answering : table.cases())
        for (const std::string_view name : answering.oracles) {
            if (registry.find("array/*", name) != nullptr) continue;
            registry.add("array/*", name, [call = answering.call](const oracle_case& c) {
                std::vector<array> operands;
                for (const host_tensor& t : c.in) operands.push_back(upload(t, c.device));
                return answer(c, call(operands));
            });
        }
}

}  // namespace tessera::testing
