// take and its transpose, scatter_add.
#include "cpu/gather.hpp"
#include "operands.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

// Of the first `batch` axes, which x and the indices share, every position is a call of its own.
struct take_attributes {
    int axis;
    int batch = 0;
    auto fields() const { return std::tie(axis, batch); }
};
struct scatter_attributes {
    int axis;
    extent size;
    int batch = 0;
    auto fields() const { return std::tie(axis, size, batch); }
};
namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }
const take_attributes& take_how(attributes attrs) { return attrs.as<take_attributes>(); }
const scatter_attributes& scatter_how(attributes attrs) { return attrs.as<scatter_attributes>(); }

array take_as(const array& x, const array& indices, const take_attributes& how);
array scatter_as(const array& values, const array& indices, const scatter_attributes& how);

void require_indices(const op& o, dtype d) {
    if (!is_integer(d)) throw dtype_error(text(o.name, ": indices must be integers, got ", d));
}

// shape with axis replaced by other axes.
dims replaced(const dims& shape, int axis, const dims& by) {
    dims result;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (i != at(axis))
            result.push_back(shape[i]);
        else
            for (const extent e : by) result.push_back(e);
    }
    return result;
}

// The indices' axes of one call.
dims listed_by(const op& o, const spec& indices, const dims& beside, int batch) {
    bool fits = at(batch) <= indices.shape.size() && at(batch) <= beside.size();
    for (std::size_t i = 0; fits && i < at(batch); ++i) fits = indices.shape[i] == beside[i];
    if (!fits)
        throw shape_error(text(o.name, ": indices of ", indices.shape, " beside ", beside, " do not share the first ",
                               batch, " axes"));
    return dims(std::span<const extent>(indices.shape.data() + batch, indices.shape.size() - at(batch)));
}

void take_shape(const rule_args& args, std::span<spec* const> out) {
    const take_attributes& how = take_how(args.attrs);
    const dims& from = args.in[0]->shape;
    out[0]->shape = replaced(from, how.axis, listed_by(args.op, *args.in[1], from, how.batch));
    shapes::check_rank(out[0]->shape, args.op.name);
}

void scatter_shape(const rule_args& args, std::span<spec* const> out) {
    const scatter_attributes& attrs = scatter_how(args.attrs);
    const dims& values = args.in[0]->shape;
    const dims indices = listed_by(args.op, *args.in[1], values, attrs.batch);
    bool fits = at(attrs.axis) + indices.size() <= values.size();
    for (std::size_t i = 0; fits && i < indices.size(); ++i) fits = values[at(attrs.axis) + i] == indices[i];
    if (!fits)
        throw shape_error(text(args.op.name, ": values of ", values, " do not have the shape ", indices,
                               " of the indices at axis ", attrs.axis));
    dims& shape = out[0]->shape;
    for (std::size_t i = 0; i <= values.size() - indices.size(); ++i) {
        if (i < at(attrs.axis))
            shape.push_back(values[i]);
        else if (i == at(attrs.axis))
            shape.push_back(attrs.size);
        else
            shape.push_back(values[i + indices.size() - 1]);
    }
    shapes::check_rank(shape, args.op.name);
}

void indexed_dtype(const rule_args& args, std::span<spec* const> out) {
    require_indices(args.op, args.in[1]->dtype);
    out[0]->dtype = args.in[0]->dtype;
}

// Indices of their own for every call need a batch of both operands; otherwise the batch is one more axis of one.
void batch_take(const batch_args& args, std::span<array> out, std::span<int> out_axes) {
    const auto [axis, batch] = take_how(args.attrs);
    if (batch == 0 && !batching::is_batched(args, 1)) {
        out[0] = take_as(args.in[0], args.in[1], {axis + 1});
    } else if (batch == 0 && !batching::is_batched(args, 0)) {
        out[0] = take_as(args.in[0], args.in[1], {axis});
        out_axes[0] = axis;
    } else {
        out[0] = take_as(batching::with_batch(args, 0), batching::with_batch(args, 1), {axis + 1, batch + 1});
    }
}

void batch_scatter(const batch_args& args, std::span<array> out, std::span<int>) {
    const auto [axis, size, batch] = scatter_how(args.attrs);
    if (batch == 0 && !batching::is_batched(args, 1))
        out[0] = scatter_as(args.in[0], args.in[1], {axis + 1, size});
    else
        out[0] = scatter_as(batching::with_batch(args, 0), batching::with_batch(args, 1), {axis + 1, size, batch + 1});
}

}  // namespace

constinit const op take_op{
    .name = "array.take",
    .inputs = 2,
    .outputs = 1,
    .shape = take_shape,
    .dtype = indexed_dtype,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null()) out[0] = take_as(args.tangents[0], args.in[1], take_how(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const auto [axis, batch] = take_how(args.attrs);
            if (args.needs(0) && !args.cotangents[0].is_null())
                in[0] = scatter_as(args.cotangents[0], args.in[1], {axis, args.in[0].extent(axis), batch});
        },
    .saves = saves::inputs,
    .batch = batch_take,
    .registers = register_array,
};

constinit const op scatter_add_op{
    .name = "array.scatter_add",
    .inputs = 2,
    .outputs = 1,
    .shape = scatter_shape,
    .dtype = indexed_dtype,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null()) out[0] = scatter_as(args.tangents[0], args.in[1], scatter_how(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const auto& [axis, size, batch] = scatter_how(args.attrs);
            if (args.needs(0) && !args.cotangents[0].is_null())
                in[0] = take_as(args.cotangents[0], args.in[1], {axis, batch});
        },
    .saves = saves::inputs,
    .batch = batch_scatter,
    .registers = register_array,
};

namespace {

array take_as(const array& x, const array& indices, const take_attributes& how) {
    return call(take_op, how, x, indices);
}

array scatter_as(const array& values, const array& indices, const scatter_attributes& how) {
    const dtype t = values.dtype();
    if (t == boolean) throw dtype_error(text(scatter_add_op.name, ": is not defined for ", t));
    // Each sum is rounded to a narrow float once.
    if (is_narrow_float(t)) return astype(scatter_as(astype(values, f32), indices, how), t);
    return call(scatter_add_op, how, values, indices);
}

}  // namespace

array take(const array& x, const array& indices, int axis) {
    detail::require(take_op, x, 0);
    detail::require(take_op, indices, 1);
    return take_as(x, indices, {normalize_axis(axis, x.shape().size(), take_op.name)});
}

array take(const array& x, const array& indices) { return take(reshape(x, {-1}), indices, 0); }

array scatter_add(const array& values, const array& indices, int axis, extent size) {
    detail::require(scatter_add_op, values, 0);
    detail::require(scatter_add_op, indices, 1);
    const std::size_t rank = values.shape().size() + 1 - std::min(indices.shape().size(), values.shape().size());
    return scatter_as(values, indices, {normalize_axis(axis, rank, scatter_add_op.name), size});
}

void register_taking(registry& r) {
    for (const op* o : {&take_op, &scatter_add_op}) r.add(*o);
    r.add_kernel(cpu.kind, take_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          cpu_kernels::take(args, take_how(args.attrs).axis, take_how(args.attrs).batch);
                      },
                  .scratch_bytes = cpu_kernels::take_scratch,
                  .label = "gather"});
    r.add_kernel(cpu.kind, scatter_add_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          cpu_kernels::scatter_add(args, scatter_how(args.attrs).axis, scatter_how(args.attrs).batch);
                      },
                  .scratch_bytes = cpu_kernels::take_scratch,
                  .label = "scatter"});
}

}  // namespace tessera
