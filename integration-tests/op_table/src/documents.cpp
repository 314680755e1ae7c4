#include "documents.hpp"

#include <algorithm>
#include <map>

#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

struct dtype_group {
    std::string_view name;
    std::vector<dtype> members;
};
const dtype_group groups[] = {
    {"bool", {boolean}},
    {"ints", {i8, i16, i32, i64, u8, u16, u32, u64}},
    {"floats", {f8e4m3, f8e5m2, f16, bf16, f32, f64}},
    {"complex", {c64, c128}},
};

bool has(const std::vector<dtype>& types, dtype t) { return std::ranges::find(types, t) != types.end(); }

// "bool, ints, f32, f64": whole groups by their name.
std::string summary(const std::vector<dtype>& types) {
    if (types.size() == static_cast<std::size_t>(dtype_count)) return "all";
    std::string result;
    const auto add = [&](std::string_view part) { result += text(result.empty() ? "" : ", ", part); };
    for (const dtype_group& g : groups) {
        if (std::ranges::all_of(g.members, [&](dtype t) { return has(types, t); })) {
            add(g.name);
            continue;
        }
        for (const dtype t : g.members)
            if (has(types, t)) add(name(t));
    }
    return result;
}

std::string_view device_name(device d) { return backend_of(d).name(); }

std::string devices_of(const op_coverage& entry, const std::vector<device>& devices) {
    std::string result;
    for (std::size_t d = 0; d < devices.size(); ++d) {
        std::vector<std::string> labels;
        std::vector<dtype> missing;
        for (std::size_t i = 0; i < entry.dtypes.size(); ++i) {
            const kernel_choice& choice = entry.choices[d][i];
            if (!choice.runs)
                missing.push_back(entry.dtypes[i]);
            else if (choice.how != "identity" && std::ranges::find(labels, choice.how) == labels.end())
                labels.push_back(choice.how);
        }
        if (labels.empty()) continue;
        std::string all;
        for (const std::string& label : labels) all += text(all.empty() ? "" : ", ", label);
        result += text(result.empty() ? "" : "; ", device_name(devices[d]), ": ", all);
        if (!missing.empty()) result += text(" (not ", summary(missing), ")");
    }
    return result;
}

std::string batching(const op& o) {
    if (o.inputs == 0) return "no operands";
    if (o.batch) return "own rule";
    if (o.core.in == 0) return "element-wise";
    return o.core.in > 0 ? text("over rank ", o.core.in) : "-";
}

// Whether the rules do more than give zero.
smoothness derivative_of(const case_table& table, const op& o) {
    smoothness best = smoothness::none;
    for (const op_case& c : table.cases())
        if (c.op == o.name) best = std::max(best, c.derivative);
    return best;
}

std::string rule(bool exists, smoothness derivative) {
    if (!exists) return "-";
    return derivative <= smoothness::constant ? "zero" : "yes";
}

std::string padded(std::string_view part, std::size_t width) {
    std::string result(part);
    if (result.size() < width) result.resize(width, ' ');
    return result;
}

}  // namespace

std::string ops_document(const case_table& table) {
    const std::vector<device> devices = devices_in_table();
    std::string out =
        "# Ops\n"
        "\n"
        "Written by `tessera-optable --write docs/ops.md` from the registry and the test table; a test keeps it true.\n"
        "\n"
        "- dtypes: of the operand, before promotion; of the result where operands do not decide it. ints, floats\n"
        "  and complex are all of their kind, floats with f16, bf16 and both f8.\n"
        "- kernels: their labels on each device. A view has none: it is new strides over the same memory. An op\n"
        "  without a kernel of its own runs through its scalar program (tiles).\n"
        "- jvp, vjp: the derivative rules; zero where the result does not change with the operands.\n"
        "- batch: how the op runs under vmap: by its own rule, element by element, or over leading axes of operands "
        "of\n"
        "  at least that rank.\n"
        "- fusable: it has a scalar program, so neighbouring ops run in one pass.\n"
        "\n"
        "| op | dtypes | kernels | jvp | vjp | batch | fusable |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n";
    for (const op_coverage& entry : coverage_of(table, devices)) {
        const op& o = *entry.op;
        const smoothness derivative = derivative_of(table, o);
        out += text("| ", o.name, " | ", summary(entry.dtypes), " | ", devices_of(entry, devices), " | ",
                    rule(o.jvp != nullptr, derivative), " | ", rule(o.vjp != nullptr, derivative), " | ", batching(o),
                    " | ", o.scalar ? "yes" : "-", " |\n");
    }
    return out;
}

std::string parity_table(const case_table& table) {
    constexpr std::size_t op_width = 24, device_width = 8, cell_width = 9;
    const std::vector<device> devices = devices_in_table();
    std::string out = padded("op", op_width) + padded("device", device_width);
    for (int i = 0; i < dtype_count; ++i) out += padded(name(static_cast<dtype>(i)), cell_width);
    out += "\n";
    std::map<std::string, std::vector<std::string>> reasons;  // why, to where
    for (const op_coverage& entry : coverage_of(table, devices))
        for (std::size_t d = 0; d < devices.size(); ++d) {
            std::string line = padded(entry.op->name, op_width) + padded(device_name(devices[d]), device_width);
            for (int i = 0; i < dtype_count; ++i) {
                const auto t = static_cast<dtype>(i);
                const auto found = std::ranges::find(entry.dtypes, t);
                std::string cell;
                if (found != entry.dtypes.end()) {
                    const kernel_choice& choice =
                        entry.choices[d][static_cast<std::size_t>(found - entry.dtypes.begin())];
                    cell = choice.runs ? choice.how : "-";
                    if (!choice.runs)
                        reasons[choice.how].push_back(text(entry.op->name, " ", t, " on ", device_name(devices[d])));
                }
                line += padded(cell, cell_width);
            }
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
    for (const auto& [why, places] : reasons) {
        out += text("\n", why, ":\n");
        for (const std::string& place : places) out += text("  ", place, "\n");
    }
    return out;
}

}  // namespace tessera::testing
