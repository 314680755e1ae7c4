// take_along_axis, put_along_axis, index_add.
#include "tessera/array/indexing.hpp"

#include "along_axis.hpp"
#include "cpu/indexed_lines.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;
using along_axis::axis_of;

namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

dims with_size(dims shape, int axis, extent size) {
    shape[at(axis)] = size;
    return shape;
}

// Kernels read two index types; the others fit in i64.
array as_indices(const array& indices, std::string_view op_name) {
    if (!is_integer(indices.dtype()))
        throw dtype_error(text(op_name, ": indices must be integers, got ", indices.dtype()));
    return detail::as_operand(indices, indices.dtype() == u64 && !detail::is_weak(indices) ? u64 : i64, op_name);
}

void require_index_dtype(const rule_args& args) {
    const dtype t = args.in[1]->dtype;
    if (t != i64 && t != u64) throw dtype_error(text(args.op.name, ": indices must be i64 or u64, got ", t));
}

void require_one_shape_beside(const rule_args& args, std::size_t a, std::size_t b, int axis) {
    const dims &x = args.in[a]->shape, &y = args.in[b]->shape;
    bool fits = x.size() == y.size();
    for (std::size_t i = 0; fits && i < x.size(); ++i) fits = i == at(axis) || x[i] == y[i];
    if (!fits) throw shape_error(text(args.op.name, ": shapes ", x, " and ", y, " do not agree beside axis ", axis));
}

void require_rank(const array& x, const array& indices, std::string_view op_name) {
    if (x.rank() != indices.rank())
        throw shape_error(
            text(op_name, ": indices must have the rank of x, got ", indices.shape(), " and ", x.shape()));
}

const put_attributes& put_of(attributes attrs) { return attrs.as<put_attributes>(); }
array or_zeros(const array& t, const array& like) { return t.is_null() ? zeros_like(like) : t; }

// Which of the values stay when several are set to one place: the last.
array is_last(const array& x, const array& indices, int axis) {
    const array numbers = d::spread_to(along_axis::positions(indices, axis), indices.shape());
    const array none = full(x.shape(), std::int64_t{-1}, i64, x.device());
    return equal(take_along_axis(put_along_axis(none, indices, numbers, axis), indices, axis), numbers);
}

// Which elements and values an extreme comes from, and how many share it.
struct winners {
    array x, values, count;
};
winners winners_of(std::span<const array> in, const put_attributes& how) {
    const array y = put_along_axis(in[0], in[1], in[2], how.axis, how.mode);
    const array x = equal(in[0], y), values = equal(in[2], take_along_axis(y, in[1], how.axis));
    const dtype t = in[0].dtype();
    const array count = put_along_axis(astype(x, t), in[1], astype(values, t), how.axis, scatter_mode::add);
    return {x, values, maximum(count, 1.0)};
}

void put_jvp(const jvp_args& args, std::span<array> out) {
    const auto& how = put_of(args.attrs);
    const array &tx = args.tangents[0], &tv = args.tangents[2], &indices = args.in[1];
    if (tx.is_null() && tv.is_null()) return;
    const array x = or_zeros(tx, args.in[0]), values = or_zeros(tv, args.in[2]);
    if (how.mode == scatter_mode::set || how.mode == scatter_mode::add) {
        out[0] = put_along_axis(x, indices, values, how.axis, how.mode);
        return;
    }
    const winners won = winners_of(args.in, how);
    out[0] =
        put_along_axis(where(won.x, x, 0.0), indices, where(won.values, values, 0.0), how.axis, scatter_mode::add) /
        won.count;
}

void put_vjp(const vjp_args& args, std::span<array> in) {
    const auto& how = put_of(args.attrs);
    const array &ct = args.cotangents[0], &indices = args.in[1];
    if (ct.is_null()) return;
    const auto taken = [&](const array& from) { return take_along_axis(from, indices, how.axis); };
    switch (how.mode) {
    case scatter_mode::add:
        in[0] = ct;
        if (args.needs(2)) in[2] = taken(ct);
        return;
    case scatter_mode::set:
        if (args.needs(0)) in[0] = put_along_axis(ct, indices, 0.0, how.axis);
        if (args.needs(2)) in[2] = where(is_last(args.in[0], indices, how.axis), taken(ct), 0.0);
        return;
    case scatter_mode::minimum:
    case scatter_mode::maximum: break;
    }
    const winners won = winners_of(args.in, how);
    const array share = ct / won.count;
    if (args.needs(0)) in[0] = where(won.x, share, 0.0);
    if (args.needs(2)) in[2] = where(won.values, taken(share), 0.0);
}

void put_batch(const batch_args& args, std::span<array> out, std::span<int>) {
    const array in[] = {batching::with_batch(args, 0), batching::with_batch(args, 1), batching::with_batch(args, 2)};
    const auto& how = put_of(args.attrs);
    apply(args.op, in, put_attributes{how.axis + 1, how.mode}, out);
}

void put_dtype(const rule_args& args, std::span<spec* const> out) {
    require_index_dtype(args);
    const dtype x = args.in[0]->dtype;
    if (x != args.in[2]->dtype)
        throw dtype_error(text(args.op.name, ": values of ", args.in[2]->dtype, " for an array of ", x));
    const scatter_mode mode = put_of(args.attrs).mode;
    if (mode == scatter_mode::add && x == boolean)
        throw dtype_error(text(args.op.name, ": is not defined for bool where values are added"));
    if (mode == scatter_mode::minimum || mode == scatter_mode::maximum)
        detail::require_takes(args.op, scalar_code::maximum, x);
    out[0]->dtype = x;
}

}  // namespace

constinit const op take_along_axis_op{
    .name = "array.take_along_axis",
    .inputs = 2,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            require_one_shape_beside(args, 0, 1, axis_of(args.attrs));
            out[0]->shape = args.in[1]->shape;
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            require_index_dtype(args);
            out[0]->dtype = args.in[0]->dtype;
        },
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null())
                out[0] = take_along_axis(args.tangents[0], args.in[1], axis_of(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const array& ct = args.cotangents[0];
            if (!args.needs(0) || ct.is_null()) return;
            const array zero = zeros(args.in[0].shape(), ct.dtype(), ct.device());
            in[0] = put_along_axis(zero, args.in[1], ct, axis_of(args.attrs), scatter_mode::add);
        },
    .saves = saves::inputs,
    .batch = along_axis::batch,
    .registers = register_array,
};

constinit const op put_along_axis_op{
    .name = "array.put_along_axis",
    .inputs = 3,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            require_one_shape_beside(args, 0, 1, put_of(args.attrs).axis);
            if (!(args.in[1]->shape == args.in[2]->shape))
                throw shape_error(text(args.op.name, ": values of shape ", args.in[2]->shape, " for indices of shape ",
                                       args.in[1]->shape));
            out[0]->shape = args.in[0]->shape;
        },
    .dtype = put_dtype,
    .jvp = put_jvp,
    .vjp = put_vjp,
    .saves = saves::inputs,
    .batch = put_batch,
    .registers = register_array,
};

array take_along_axis(const array& given, const array& indices, int axis) {
    const std::string_view name = take_along_axis_op.name;
    const array x = along_axis::operand(take_along_axis_op, given);
    detail::require(take_along_axis_op, indices, 1);
    require_rank(x, indices, name);
    const int along = normalize_axis(axis, x.shape().size(), name);
    const dims others = shapes::broadcast(with_size(x.shape(), along, 1), with_size(indices.shape(), along, 1), name);
    return call(take_along_axis_op, along_attributes{along}, d::spread_to(x, with_size(others, along, x.extent(along))),
                d::spread_to(as_indices(indices, name), with_size(others, along, indices.extent(along))));
}

array put_along_axis(const array& given, const array& indices, const array& values, int axis, scatter_mode mode) {
    const op& o = put_along_axis_op;
    const array x = along_axis::operand(o, given);
    detail::require(o, indices, 1);
    detail::require(o, values, 2);
    require_rank(x, indices, o.name);
    const dtype t = x.dtype();
    if (result_type(x, values) != t)
        throw dtype_error(text(o.name, ": values of ", values.dtype(), " would change the dtype of x, ", t));
    if (mode == scatter_mode::add && is_narrow_float(t))
        return astype(put_along_axis(astype(x, f32), indices, astype(values, f32), axis, mode), t);
    const int along = normalize_axis(axis, x.shape().size(), o.name);
    const dims places = with_size(x.shape(), along, indices.extent(along));
    if (!(shapes::broadcast(places, values.shape(), o.name) == places))
        throw shape_error(text(o.name, ": values of ", values.shape(), " do not broadcast to the places ", places));
    const array where = as_indices(indices, o.name);
    const array in[] = {x, where.shape() == places ? where : broadcast_to(where, places),
                        broadcast_to(detail::as_operand(values, t, o.name), places)};
    return call(o, put_attributes{along, mode}, in);
}

array index_add(const array& x, const array& indices, const array& values, int axis) {
    constexpr std::string_view name = "array.index_add";
    for (const array* a : {&x, &indices, &values})
        if (a->is_null())
            throw value_error(text(name, ": argument ", a == &x ? 0 : a == &indices ? 1 : 2, " is a null array"));
    if (indices.rank() != 1) throw shape_error(text(name, ": indices must have rank 1, got ", indices.shape()));
    const int along = normalize_axis(axis, x.shape().size(), name);
    const dims expected = with_size(x.shape(), along, indices.extent(0));
    if (!(values.shape() == expected))
        throw shape_error(text(name, ": values must have shape ", expected, " for x of ", x.shape(), " and ",
                               indices.extent(0), " indices along axis ", along, ", got ", values.shape()));
    dims column(x.shape().size(), extent{1});
    column[at(along)] = indices.extent(0);
    return put_along_axis(x, reshape(indices, column), values, along, scatter_mode::add);
}

void register_indexing(registry& r) {
    r.add(take_along_axis_op);
    r.add(put_along_axis_op);
    r.add_kernel(cpu.kind, take_along_axis_op.name,
                 {.run = [](const kernel_args& args) { cpu_kernels::take_along(args, axis_of(args.attrs)); },
                  .label = "gather"});
    r.add_kernel(cpu.kind, put_along_axis_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          const auto& how = put_of(args.attrs);
                          cpu_kernels::put_along(args, how.axis, how.mode);
                      },
                  .label = "scatter",
                  .reuse = reuse_first});
}

}  // namespace tessera
