// slice and unslice: NumPy's basic indexing and its transpose.
#include "cpu/elementwise.hpp"
#include "operands.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

using index_items = inline_vector<index_item>;

struct slice_attributes {
    index_items items;
    auto fields() const { return std::tie(items); }
};
struct unslice_attributes {
    dims shape;
    index_items items;
    auto fields() const { return std::tie(shape, items); }
};

namespace {

using kinds = index_item::kinds;

// Which elements of an axis a range walks over.
struct walk {
    std::int64_t start, step, count;
};

walk walk_of(const index_item& item, std::int64_t size) {
    const bool back = item.step < 0;
    const auto end = [&](bool given, std::int64_t value, std::int64_t missing) {
        if (!given) return missing;
        if (value < 0) return std::max<std::int64_t>(value + size, back ? -1 : 0);
        return std::min(value, back ? size - 1 : size);
    };
    const std::int64_t start = end(item.has_start, item.start, back ? size - 1 : 0);
    const std::int64_t stop = end(item.has_stop, item.stop, back ? -1 : size);
    if (back) return {start, item.step, start > stop ? (stop - start + 1) / item.step + 1 : 0};
    return {start, item.step, stop > start ? (stop - start - 1) / item.step + 1 : 0};
}

extent count_of(const index_item& item, extent size) {
    if (!size.is_symbol()) return walk_of(item, size.value()).count;
    // These stay symbols.
    if (!item.has_start && !item.has_stop) {
        const extent step = item.step > 0 ? item.step : -(item.step + 1);
        return item.step > 0 ? (size + step - extent{1}) / step : (size + step) / (step + extent{1});
    }
    if (item.step == 1 && (!item.has_start || item.start >= 0) && (!item.has_stop || item.stop < 0)) {
        const extent cut = (item.has_start ? item.start : 0) + (item.has_stop ? -(item.stop + 1) + 1 : 0);
        return max(size, cut) - cut;
    }
    return walk_of(item, size.value()).count;
}

std::int64_t position_of(const index_item& item, std::int64_t size, std::size_t axis, std::string_view op_name) {
    if (item.start < -size || item.start >= size)
        throw index_error(text(op_name, ": index ", item.start, " is out of range for axis ", axis, " of size ", size));
    return item.start < 0 ? item.start + size : item.start;
}

// Calls visit(item, axis) for every entry, the ellipsis and missing ones as whole axes; a newaxis has no axis of its
// own.
template <class Visit>
void for_each_entry(const index_items& items, std::size_t rank, std::string_view op_name, const Visit& visit) {
    std::size_t used = 0, ellipses = 0;
    for (const index_item& item : items) {
        used += item.kind == kinds::integer || item.kind == kinds::range;
        ellipses += item.kind == kinds::others;
        if (item.kind == kinds::range && item.step == 0)
            throw value_error(text(op_name, ": the step of a range must not be 0"));
    }
    if (ellipses > 1) throw index_error(text(op_name, ": an index has one ellipsis, got ", ellipses));
    if (used > rank) throw index_error(text(op_name, ": ", used, " entries for an array of rank ", rank));
    std::size_t axis = 0;
    const auto rest = [&] {
        for (std::size_t i = used; i < rank; ++i) visit(index_item(whole), axis++);
    };
    for (const index_item& item : items) {
        if (item.kind == kinds::others)
            rest();
        else if (item.kind == kinds::added)
            visit(item, axis);
        else
            visit(item, axis++);
    }
    if (ellipses == 0) rest();
}

dims sliced_shape(const index_items& items, const dims& shape, std::string_view op_name) {
    dims result;
    for_each_entry(items, shape.size(), op_name, [&](const index_item& item, std::size_t axis) {
        if (item.kind == kinds::added)
            result.push_back(1);
        else if (item.kind == kinds::range)
            result.push_back(count_of(item, shape[axis]));
        else
            (void)position_of(item, shape[axis].value(), axis, op_name);
    });
    shapes::check_rank(result, op_name);
    return result;
}

void sliced_steps(const index_items& items, std::span<const std::int64_t> sizes, std::span<const std::int64_t> steps,
                  std::string_view op_name, strides& out, std::int64_t& offset) {
    for_each_entry(items, sizes.size(), op_name, [&](const index_item& item, std::size_t axis) {
        if (item.kind == kinds::added) return out.push_back(0);
        if (item.kind == kinds::integer) {
            offset += position_of(item, sizes[axis], axis, op_name) * steps[axis];
            return;
        }
        const walk w = walk_of(item, sizes[axis]);
        if (w.count > 0) offset += w.start * steps[axis];
        out.push_back(w.count > 1 ? w.step * steps[axis] : steps[axis]);
    });
}

void write_slice(const kernel_args& args) {
    const any_view& out = args.out[0];
    cpu_kernels::write_zeros(out);
    any_view region = args.in[0];  // its shape
    strides steps;
    region.data = out.data;
    region.offset = out.offset;
    sliced_steps(args.attrs.as<unslice_attributes>().items, out.sizes(), out.steps(), args.op.name, steps,
                 region.offset);
    region.strides = steps.data();
    cpu_kernels::copy_elements(args.in[0], region);
}

index_items behind_batch(index_items items) {
    items.insert(0, index_item(whole));
    return items;
}

std::span<const index_item> all_of(const index_items& items) { return {items.data(), items.size()}; }

}  // namespace

constinit const op slice_op{
    .name = "array.slice",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            out[0]->shape = sliced_shape(args.attrs.as<slice_attributes>().items, args.in[0]->shape, args.op.name);
        },
    .dtype = dtypes::first,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null())
                out[0] = slice(args.tangents[0], all_of(args.attrs.as<slice_attributes>().items));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null())
                in[0] =
                    unslice(args.cotangents[0], args.in[0].shape(), all_of(args.attrs.as<slice_attributes>().items));
        },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            out[0] = slice(args.in[0], all_of(behind_batch(args.attrs.as<slice_attributes>().items)));
        },
    .view =
        [](const view_args& args, strides& steps, std::int64_t& offset) {
            strides sizes;
            for (const extent e : args.in.shape) sizes.push_back(e.value());
            sliced_steps(args.attrs.as<slice_attributes>().items, {sizes.data(), sizes.size()},
                         {args.in_steps.data(), args.in_steps.size()}, args.op.name, steps, offset);
            return true;
        },
    .registers = register_array,
};

constinit const op unslice_op{
    .name = "array.unslice",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const auto& attrs = args.attrs.as<unslice_attributes>();
            const dims sliced = sliced_shape(attrs.items, attrs.shape, args.op.name);
            if (!(sliced == args.in[0]->shape))
                throw shape_error(text(args.op.name, ": x has ", args.in[0]->shape, " but that slice of ", attrs.shape,
                                       " has ", sliced));
            out[0]->shape = attrs.shape;
        },
    .dtype = dtypes::first,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const auto& attrs = args.attrs.as<unslice_attributes>();
            if (!args.tangents[0].is_null()) out[0] = unslice(args.tangents[0], attrs.shape, all_of(attrs.items));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null())
                in[0] = slice(args.cotangents[0], all_of(args.attrs.as<unslice_attributes>().items));
        },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            const auto& attrs = args.attrs.as<unslice_attributes>();
            out[0] = unslice(args.in[0], batching::with_batch(batching::size(args), attrs.shape),
                             all_of(behind_batch(attrs.items)));
        },
    .registers = register_array,
};

array slice(const array& x, std::span<const index_item> index) {
    return call(slice_op, slice_attributes{index_items(index)}, x);
}

array unslice(const array& x, const dims& shape, std::span<const index_item> index) {
    return call(unslice_op, unslice_attributes{shape, index_items(index)}, x);
}

void register_slicing(registry& r) {
    r.add(slice_op);
    r.add(unslice_op);
    r.add_kernel(cpu.kind, unslice_op.name, {.run = write_slice, .label = "copy"});
}

}  // namespace tessera
