// Ops that are always views: order, number and repetition of axes. Slices are in slicing.cpp, reshape in reshaping.cpp.
#include "tessera/array/views.hpp"

#include "operands.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

struct broadcast_attributes {
    dims shape;
    auto fields() const { return std::tie(shape); }
};

namespace {

const axes& axes_of(attributes attrs) { return attrs.as<axis_attributes>().along; }
const dims& shape_of(attributes attrs) { return attrs.as<broadcast_attributes>().shape; }
std::size_t at(int axis) { return static_cast<std::size_t>(axis); }

axes inverse(const axes& order) {
    axes back(order.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) back[at(order[i])] = static_cast<int>(i);
    return back;
}

bool contains(const axes& sorted, std::size_t axis) {
    return std::binary_search(sorted.begin(), sorted.end(), static_cast<int>(axis));
}

// Every rule of a view op is the op itself on the tangent, or its inverse on the cotangent.
template <array (*Same)(const array&, attributes)> void linear_jvp(const jvp_args& args, std::span<array> out) {
    if (!args.tangents[0].is_null()) out[0] = Same(args.tangents[0], args.attrs);
}

// The op itself, on axes behind the batch.
template <array (*Same)(const array&, const axes&)>
void batch_behind(const batch_args& args, std::span<array> out, std::span<int>) {
    out[0] = Same(args.in[0], batching::behind_batch(axes_of(args.attrs)));
}

bool permuted_steps(const view_args& args, strides& out, std::int64_t&) {
    for (const int axis : axes_of(args.attrs)) out.push_back(args.in_steps[at(axis)]);
    return true;
}

bool flipped_steps(const view_args& args, strides& out, std::int64_t& offset) {
    out = args.in_steps;
    for (const int axis : axes_of(args.attrs)) {
        const std::int64_t size = args.in.shape[at(axis)].value();
        if (size > 0) offset += (size - 1) * out[at(axis)];
        out[at(axis)] = -out[at(axis)];
    }
    return true;
}

bool broadcast_steps(const view_args& args, strides& out, std::int64_t&) {
    const std::size_t lead = args.out.shape.size() - args.in.shape.size();
    out = strides(args.out.shape.size(), 0);
    for (std::size_t i = 0; i < args.in.shape.size(); ++i)
        if (args.in.shape[i] == args.out.shape[lead + i]) out[lead + i] = args.in_steps[i];
    return true;
}

bool squeezed_steps(const view_args& args, strides& out, std::int64_t&) {
    for (std::size_t i = 0; i < args.in_steps.size(); ++i)
        if (!contains(axes_of(args.attrs), i)) out.push_back(args.in_steps[i]);
    return true;
}

bool expanded_steps(const view_args& args, strides& out, std::int64_t&) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < args.out.shape.size(); ++i)
        out.push_back(contains(axes_of(args.attrs), i) ? 0 : args.in_steps[next++]);
    return true;
}

}  // namespace

constinit const op permute_dims_op{
    .name = "array.permute_dims",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            for (const int axis : axes_of(args.attrs)) out[0]->shape.push_back(args.in[0]->shape[at(axis)]);
        },
    .dtype = dtypes::first,
    .jvp = linear_jvp<[](const array& t, attributes attrs) { return permute_dims(t, axes_of(attrs)); }>,
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null()) in[0] = permute_dims(args.cotangents[0], inverse(axes_of(args.attrs)));
        },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            axes order = batching::behind_batch(axes_of(args.attrs));
            order.insert(0, 0);
            out[0] = permute_dims(args.in[0], order);
        },
    .view = permuted_steps,
    .registers = register_array,
};

constinit const op flip_op{
    .name = "array.flip",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::first,
    .jvp = linear_jvp<[](const array& t, attributes attrs) { return flip(t, axes_of(attrs)); }>,
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null()) in[0] = flip(args.cotangents[0], axes_of(args.attrs));
        },
    .saves = saves::nothing,
    .batch = batch_behind<flip>,
    .view = flipped_steps,
    .registers = register_array,
};

constinit const op broadcast_to_op{
    .name = "array.broadcast_to",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const dims &from = args.in[0]->shape, &to = shape_of(args.attrs);
            shapes::check_rank(to, args.op.name);
            if (from.size() > to.size() || !(shapes::broadcast(from, to, args.op.name) == to))
                throw shape_error(text(args.op.name, ": ", from, " does not broadcast to ", to));
            out[0]->shape = to;
        },
    .dtype = dtypes::first,
    .jvp = linear_jvp<[](const array& t, attributes attrs) { return broadcast_to(t, shape_of(attrs)); }>,
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = d::sum_to(args.cotangents[0], args.in[0].shape()); },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            const dims& shape = shape_of(args.attrs);
            out[0] = broadcast_to(batching::of_rank(args.in[0], shape.size()),
                                  batching::with_batch(batching::size(args), shape));
        },
    .view = broadcast_steps,
    .registers = register_array,
};

constinit const op squeeze_op{
    .name = "array.squeeze",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const dims& from = args.in[0]->shape;
            for (std::size_t i = 0; i < from.size(); ++i) {
                if (!contains(axes_of(args.attrs), i))
                    out[0]->shape.push_back(from[i]);
                else if (!(from[i] == extent{1}))
                    throw shape_error(text(args.op.name, ": axis ", i, " of ", from, " is longer than 1"));
            }
        },
    .dtype = dtypes::first,
    .jvp = linear_jvp<[](const array& t, attributes attrs) { return squeeze(t, axes_of(attrs)); }>,
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null()) in[0] = expand_dims(args.cotangents[0], axes_of(args.attrs));
        },
    .saves = saves::nothing,
    .batch = batch_behind<squeeze>,
    .view = squeezed_steps,
    .registers = register_array,
};

constinit const op expand_dims_op{
    .name = "array.expand_dims",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            dims& shape = out[0]->shape;
            shape = args.in[0]->shape;
            for (const int axis : axes_of(args.attrs)) shape.insert(at(axis), 1);
            shapes::check_rank(shape, args.op.name);
        },
    .dtype = dtypes::first,
    .jvp = linear_jvp<[](const array& t, attributes attrs) { return expand_dims(t, axes_of(attrs)); }>,
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null()) in[0] = squeeze(args.cotangents[0], axes_of(args.attrs));
        },
    .saves = saves::nothing,
    .batch = batch_behind<expand_dims>,
    .view = expanded_steps,
    .registers = register_array,
};

array permute_dims(const array& x, const axes& order) {
    detail::require(permute_dims_op, x, 0);
    if (order.size() != x.shape().size())
        throw index_error(text(permute_dims_op.name, ": ", order, " does not name every axis of ", x.shape(), " once"));
    axis_attributes attrs;
    for (const int axis : order) attrs.along.push_back(normalize_axis(axis, order.size(), permute_dims_op.name));
    (void)normalize_axes(order, order.size(), permute_dims_op.name);  // throws when one is given twice
    return call(permute_dims_op, attrs, x);
}

array transpose(const array& x) {
    detail::require(permute_dims_op, x, 0);
    axes order;
    for (int i = x.rank(); i-- > 0;) order.push_back(i);
    return permute_dims(x, order);
}

array matrix_transpose(const array& x) {
    detail::require(permute_dims_op, x, 0);
    if (x.rank() < 2) throw shape_error(text("array.matrix_transpose: takes rank 2 or more, got ", x.shape()));
    return swapaxes(x, -2, -1);
}

array moveaxis(const array& x, const axes& source, const axes& destination) {
    detail::require(permute_dims_op, x, 0);
    constexpr std::string_view name = "array.moveaxis";
    if (source.size() != destination.size())
        throw index_error(text(name, ": ", source, " and ", destination, " are not equally many axes"));
    const std::size_t rank = x.shape().size();
    const axes taken = normalize_axes(source, rank, name);
    (void)normalize_axes(destination, rank, name);
    axes order(rank, -1);
    for (std::size_t i = 0; i < source.size(); ++i)
        order[at(normalize_axis(destination[i], rank, name))] = normalize_axis(source[i], rank, name);
    std::size_t next = 0;
    for (int& axis : order) {
        if (axis >= 0) continue;
        while (contains(taken, next)) ++next;
        axis = static_cast<int>(next++);
    }
    return permute_dims(x, order);
}

array moveaxis(const array& x, int source, int destination) { return moveaxis(x, axes{source}, axes{destination}); }

array swapaxes(const array& x, int a, int b) {
    detail::require(permute_dims_op, x, 0);
    const std::size_t rank = x.shape().size();
    axes order;
    for (std::size_t i = 0; i < rank; ++i) order.push_back(static_cast<int>(i));
    std::swap(order[at(normalize_axis(a, rank, "array.swapaxes"))],
              order[at(normalize_axis(b, rank, "array.swapaxes"))]);
    return permute_dims(x, order);
}

array flip(const array& x, const axes& along) {
    detail::require(flip_op, x, 0);
    return call(flip_op, axis_attributes{normalize_axes(along, x.shape().size(), flip_op.name)}, x);
}
array flip(const array& x, int axis) { return flip(x, axes{axis}); }
array flip(const array& x) {
    detail::require(flip_op, x, 0);
    axes all;
    for (int i = 0; i < x.rank(); ++i) all.push_back(i);
    return flip(x, all);
}

array broadcast_to(const array& x, const dims& shape) {
    detail::require(broadcast_to_op, x, 0);
    if (!x.is_literal() && x.shape() == shape) return x;
    return call(broadcast_to_op, broadcast_attributes{shape}, x);
}

array squeeze(const array& x, const axes& dropped) {
    detail::require(squeeze_op, x, 0);
    return call(squeeze_op, axis_attributes{normalize_axes(dropped, x.shape().size(), squeeze_op.name)}, x);
}
array squeeze(const array& x, int axis) { return squeeze(x, axes{axis}); }
array squeeze(const array& x) {
    detail::require(squeeze_op, x, 0);
    axes ones;
    for (int i = 0; i < x.rank(); ++i)
        if (x.extent(i) == extent{1}) ones.push_back(i);
    return squeeze(x, ones);
}

array expand_dims(const array& x, const axes& added) {
    detail::require(expand_dims_op, x, 0);
    const std::size_t rank = x.shape().size() + added.size();
    return call(expand_dims_op, axis_attributes{normalize_axes(added, rank, expand_dims_op.name)}, x);
}
array expand_dims(const array& x, int axis) { return expand_dims(x, axes{axis}); }

void register_views(registry& r) {
    for (const op* o : {&permute_dims_op, &flip_op, &broadcast_to_op, &squeeze_op, &expand_dims_op}) r.add(*o);
}

}  // namespace tessera
