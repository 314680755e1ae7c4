// Positions of elements that are not zero. Their number is data, so they are two ops: count, then fill.
#include "along_axis.hpp"
#include "cpu/indexed_lines.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/to_extent.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

struct nonzero_attributes {
    extent count;
    auto fields() const { return std::tie(count); }
};

constinit const op nonzero_op{
    .name = "array.nonzero",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            if (args.in[0]->shape.empty())
                throw shape_error(text(args.op.name, ": an array of rank 0 has no positions"));
            out[0]->shape = {args.in[0]->shape.size(), args.attrs.as<nonzero_attributes>().count};
        },
    .dtype = [](const rule_args&, std::span<spec* const> out) { out[0]->dtype = i64; },
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .registers = register_array,
};

array count_nonzero(const array& x, const reduced_axes& over, bool keepdims) {
    if (x.is_null()) throw value_error("array.count_nonzero: argument 0 is a null array");
    return sum(x.dtype() == boolean ? x : not_equal(x, 0), over, keepdims);
}

std::vector<array> nonzero(const array& given) {
    const array x = along_axis::operand(nonzero_op, given);
    if (x.rank() == 0) throw shape_error(text(nonzero_op.name, ": an array of rank 0 has no positions"));
    const array all = call(nonzero_op, nonzero_attributes{to_extent(count_nonzero(x))}, x);
    std::vector<array> by_axis;
    for (int axis = 0; axis < x.rank(); ++axis) by_axis.push_back(slice(all, {axis}));
    return by_axis;
}

array flatnonzero(const array& x) { return nonzero(reshape(along_axis::operand(nonzero_op, x), {-1}))[0]; }

void register_nonzero(registry& r) {
    r.add(nonzero_op);
    r.add_kernel(cpu.kind, nonzero_op.name,
                 {.run = cpu_kernels::nonzero, .scratch_bytes = cpu_kernels::nonzero_scratch, .label = "two passes"});
}

}  // namespace tessera
