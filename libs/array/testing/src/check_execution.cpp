// program, threads, devices: how an op is run never shows in the values.
#include <map>
#include <memory>
#include <mutex>

#include "checks.hpp"
#include "tessera/array/backend.hpp"
#include "tessera/array/copy.hpp"
#include "tessera/array/cpu.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/layouts.hpp"

namespace tessera::testing {
namespace {

// The op under another name, so that no kernel but the scalar program's is its.
const op& without_kernels(const op& o) {
    struct twin {
        std::string name;
        std::unique_ptr<op> made;
    };
    static std::map<std::string_view, twin> twins;  // the registry keeps their addresses
    twin& t = twins[o.name];
    if (!t.made) {
        t.name = text("test.program_of_", o.name);
        t.made.reset(new op{.name = t.name,
                            .inputs = o.inputs,
                            .outputs = o.outputs,
                            .shape = o.shape,
                            .dtype = o.dtype,
                            .device = o.device,
                            .core = o.core,
                            .scalar = o.scalar});
    }
    return *t.made;
}

struct restore_threads {
    int before = threads();
    ~restore_threads() { set_threads(before); }
};

std::vector<device> other_devices() {
    std::vector<device> all;
    for (std::int32_t kind = 2; kind < 128; ++kind)
        if (const backend* b = registry::global().find_backend(kind))
            for (int i = 0; i < b->device_count(); ++i) all.push_back({kind, i});
    return all;
}

bool runs_on(const op& o, std::int32_t kind) {
    return o.view || !registry::global().kernels(kind, o.name).empty() ||
           (o.scalar && !registry::global().kernels(kind, scalar_program_op.name).empty());
}

}  // namespace

void check_program(const op_case& c) {
    for_typical_operands(c, [&](std::span<const host_tensor> operands) {
        const auto seen = op_call_of(c, arrays_of(operands));
        if (!seen || !seen->op->scalar) return;
        const host_tensor kernels = tensor_of(call(*seen->op, seen->attrs, seen->in));
        const host_tensor programs = tensor_of(call(without_kernels(*seen->op), seen->attrs, seen->in));
        ASSERT_TRUE(same_bits(kernels, programs));
    });
}

void check_threads(const op_case& c) {
    const restore_threads at_exit;
    for_large_operands(c, true, [&](std::span<const host_tensor> operands) {
        for (const layout form : {layout::row_major, layout::column_major}) {
            std::vector<array> in = arrays_of(operands);
            in.front() = laid_out(operands.front(), form);
            set_threads(1);
            const host_tensor alone = tensor_of(c.call(in));
            set_threads(4);
            ASSERT_TRUE(same_bits(tensor_of(c.call(in)), alone)) << name(form);
        }
    });
    // Pieces of one long row must also come together in order.
    for_large_operands(c, false, [&](std::span<const host_tensor> operands) {
        set_threads(4);
        const host_tensor together = tensor_of(c.call(arrays_of(operands)));
        if (together.size() == 1) {
            ASSERT_TRUE(matches(together, c.reference(operands), tolerance(c.promises, together.dtype)));
        }
    });
}

void check_devices(const op_case& c) {
    for (const device where : other_devices())
        for_typical_operands(c, [&](std::span<const host_tensor> operands) {
            const std::vector<array> here = arrays_of(operands);
            const auto seen = op_call_of(c, here);
            if (!seen || seen->op->inputs == 0 || !runs_on(*seen->op, where.kind)) return;
            const array there = c.call(arrays_of(operands, where));
            ASSERT_EQ(there.device(), where);
            const host_tensor want = tensor_of(c.call(here));
            const bool promises_bits = c.promises != accuracy::function && !c.layout_shows;
            ASSERT_TRUE(matches(tensor_of(there), {want}, promises_bits ? 0 : 2 * tolerance(c.promises, want.dtype)))
                << text(where);
        });
}

}  // namespace tessera::testing
