#include "coverage.hpp"

#include <algorithm>
#include <map>

#include "tessera/array/copy.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/recorder.hpp"

namespace tessera::testing {
namespace {

std::vector<host_tensor> ordinary_operands(const op_case& c, std::span<const dtype> types) {
    std::vector<host_tensor> operands;
    for (std::size_t k = 0; k < types.size(); ++k)
        operands.push_back(sample(types[k], c.shapes.front()[k], c.domain(k), k));
    return operands;
}

// The call of the case's op for operands of these dtypes, which a function may reach with others.
const recorded_call* find_call(const op_case& c, const std::vector<recorded_call>& calls) {
    const auto found = std::ranges::find_if(calls, [&](const recorded_call& call) { return call.op->name == c.op; });
    return found == calls.end() ? nullptr : &*found;
}

any_view on_device(any_view v, device where) {
    if ((v.flags & view_host_value) == 0) v.device = where;
    return v;
}

kernel_choice choose(const recorded_call& call, device where) {
    const op& o = *call.op;
    if (o.view) return {true, "view"};
    std::vector<kernel> kernels = registry::global().kernels(where.kind, o.name);
    if (kernels.empty() && o.scalar) kernels = registry::global().kernels(where.kind, scalar_program_op.name);
    if (kernels.empty()) return o.body ? kernel_choice{true, "composed"} : kernel_choice{false, "no kernel"};

    std::vector<array> results(o.outputs == any_number ? 1 : static_cast<std::size_t>(o.outputs));
    apply(o, call.in, call.attrs, results);
    std::vector<any_view> in;
    for (const array& x : call.in) in.push_back(on_device(detail::kernel_view(x), where));
    std::vector<any_view> out;
    for (const array& y : results) out.push_back(on_device(detail::kernel_view(y), where));
    const kernel_args args{o, call.attrs, in, out, {}, backend_of(where)};
    std::string reasons;
    for (const kernel& k : kernels) {
        const char* reason = k.declines ? k.declines(args) : nullptr;
        if (!reason) return {true, k.label};
        reasons += text(reasons.empty() ? "" : "; ", k.label, ": ", reason);
    }
    return {false, reasons};
}

// The first operand's that is not discrete; else the result's, which is the variant's name where it is chosen.
dtype shown_dtype(const op_case& c, std::span<const dtype> types) {
    for (std::size_t k = 0; k < types.size(); ++k)
        if (!c.is_discrete(k)) return types[k];
    for (int i = 0; i < dtype_count; ++i)
        if (name(static_cast<dtype>(i)) == c.variant) return static_cast<dtype>(i);
    return types.front();
}

void add_choices(op_coverage& entry, const op_case& c, const std::vector<device>& devices) {
    for (const auto& types : c.dtypes) {
        const dtype shown = shown_dtype(c, types);
        if (std::ranges::find(entry.dtypes, shown) != entry.dtypes.end()) continue;
        std::vector<array> in;
        for (const host_tensor& t : ordinary_operands(c, types)) in.push_back(array_of(t));
        const std::vector<recorded_call> calls = record_calls([&] { (void)c.call(in); });
        const recorded_call* call = find_call(c, calls);
        if (call) entry.op = call->op;
        entry.dtypes.push_back(shown);
        for (std::size_t d = 0; d < devices.size(); ++d)
            entry.choices[d].push_back(call ? choose(*call, devices[d]) : kernel_choice{true, "identity"});
    }
}

void sort_by_dtype(op_coverage& entry) {
    std::vector<std::size_t> order(entry.dtypes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return entry.dtypes[i]; });
    op_coverage sorted = entry;
    for (std::size_t i = 0; i < order.size(); ++i) {
        sorted.dtypes[i] = entry.dtypes[order[i]];
        for (std::size_t d = 0; d < entry.choices.size(); ++d) sorted.choices[d][i] = entry.choices[d][order[i]];
    }
    entry = std::move(sorted);
}

}  // namespace

std::vector<device> devices_in_table() {
    std::vector<device> devices{cpu};
    for (std::int32_t kind = 2; kind < 64; ++kind)
        if (registry::global().find_backend(kind)) devices.push_back({kind, 0});
    return devices;
}

std::vector<op_coverage> coverage_of(const case_table& table, const std::vector<device>& devices) {
    std::map<std::string_view, op_coverage> entries;
    for (const op_case& c : table.cases()) {
        op_coverage& entry = entries.try_emplace(c.op, op_coverage{nullptr, {}, {}}).first->second;
        entry.choices.resize(devices.size());
        add_choices(entry, c, devices);
    }
    std::vector<op_coverage> result;
    for (auto& [name, entry] : entries) {
        if (!entry.op) throw value_error(text("op table: no case of ", name, " calls that op"));
        sort_by_dtype(entry);
        result.push_back(std::move(entry));
    }
    return result;
}

std::vector<std::string_view> ops_without_cases(const case_table& table) {
    std::vector<std::string_view> missing;
    for (const op* o : registry::global().ops()) {
        const bool is_called = std::ranges::any_of(table.cases(), [&](const op_case& c) { return c.op == o->name; });
        // Ops of graph run whole programs; its own tests compile every case of the table.
        const bool is_machinery =
            o->name == scalar_program_op.name || o->name.starts_with("test.") || o->name.starts_with("graph.");
        if (!is_called && !is_machinery) missing.push_back(o->name);
    }
    return missing;
}

}  // namespace tessera::testing
