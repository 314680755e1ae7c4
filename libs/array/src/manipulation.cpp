// concat, stack, split, one_hot.
#include "tessera/array/manipulation.hpp"

#include "cpu/gather.hpp"
#include "operands.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

struct concat_attributes {
    int axis;
    auto fields() const { return std::tie(axis); }
};
struct one_hot_attributes {
    extent classes;
    tessera::dtype dtype;
    auto fields() const { return std::tie(classes, dtype); }
};

namespace {

std::size_t at(int axis) { return static_cast<std::size_t>(axis); }
int concat_axis(attributes attrs) { return attrs.as<concat_attributes>().axis; }

// x[begin:end] along an axis.
array part_of(const array& x, int axis, std::int64_t begin, std::int64_t end) {
    inline_vector<index_item> index(at(axis), whole);
    index.push_back(range(begin, end));
    return slice(x, {index.data(), index.size()});
}

void require_indices(const op& o, dtype d) {
    if (!is_integer(d)) throw dtype_error(text(o.name, ": indices must be integers, got ", d));
}

void concat_shape(const rule_args& args, std::span<spec* const> out) {
    const std::size_t axis = at(concat_axis(args.attrs));
    dims& shape = out[0]->shape;
    shape = args.in[0]->shape;
    for (std::size_t i = 1; i < args.in.size(); ++i) {
        const dims& part = args.in[i]->shape;
        bool fits = part.size() == shape.size();
        for (std::size_t a = 0; fits && a < part.size(); ++a) fits = a == axis || part[a] == shape[a];
        if (!fits)
            throw shape_error(text(args.op.name, ": array ", i, " has shape ", part, ", which does not fit ",
                                   args.in[0]->shape, " of array 0 beside axis ", axis));
        shape[axis] = shape[axis] + part[axis];
    }
}

// Literals are weak beside any array.
dtype common_dtype(std::span<const array> parts) {
    array met;
    for (const bool weak : {false, true})
        for (const array& x : parts)
            if (detail::is_weak(x) == weak)
                met =
                    detail::literal(scalar_value(0).cast(!met.is_null() ? result_type(met, x)
                                                         : weak ? default_dtype(static_cast<weak_kind>(x.node()->weak))
                                                                : x.dtype()));
    return met.dtype();
}

void require_parts(std::span<const array> parts, std::string_view name) {
    if (parts.empty()) throw shape_error(text(name, ": needs at least one array"));
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].is_null()) throw value_error(text(name, ": argument ", i, " is a null array"));
}

}  // namespace

constinit const op concat_op{
    .name = "array.concat",
    .inputs = any_number,
    .outputs = 1,
    .shape = concat_shape,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            std::vector<array> parts(args.tangents.begin(), args.tangents.end());
            bool is_zero = true;
            for (const array& t : parts) is_zero = is_zero && t.is_null();
            if (is_zero) return;
            for (std::size_t i = 0; i < parts.size(); ++i)
                if (parts[i].is_null()) parts[i] = zeros_like(args.in[i]);
            out[0] = concat(parts, concat_axis(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (args.cotangents[0].is_null()) return;
            const int axis = concat_axis(args.attrs);
            std::int64_t begin = 0;
            for (std::size_t i = 0; i < args.in.size(); ++i) {
                const std::int64_t end = begin + args.in[i].extent(axis).value();
                if (args.needs(i)) in[i] = part_of(args.cotangents[0], axis, begin, end);
                begin = end;
            }
        },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            std::vector<array> parts;
            for (std::size_t i = 0; i < args.in.size(); ++i) parts.push_back(batching::with_batch(args, i));
            out[0] = concat(parts, concat_axis(args.attrs) + 1);
        },
    .registers = register_array,
};

constinit const op one_hot_op{
    .name = "array.one_hot",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            out[0]->shape = args.in[0]->shape;
            out[0]->shape.push_back(args.attrs.as<one_hot_attributes>().classes);
            shapes::check_rank(out[0]->shape, args.op.name);
        },
    .dtype =
        [](const rule_args& args, std::span<spec* const> out) {
            require_indices(args.op, args.in[0]->dtype);
            out[0]->dtype = args.attrs.as<one_hot_attributes>().dtype;
        },
    .jvp = d::zero_jvp,
    .vjp = d::zero_vjp,
    .saves = saves::nothing,
    .batch = batching::as_it_is,
    .registers = register_array,
};

array concat(std::span<const array> parts, int axis) {
    require_parts(parts, concat_op.name);
    if (parts[0].rank() == 0)
        throw shape_error(text(concat_op.name, ": arrays of rank 0 have no axis to join; use stack"));
    const concat_attributes attrs{normalize_axis(axis, parts[0].shape().size(), concat_op.name)};
    const dtype met = common_dtype(parts);
    detail::scratch_list<array> same(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) same[i] = astype(parts[i], met);
    return call(concat_op, attrs, same.all());
}

array stack(std::span<const array> parts, int axis) {
    constexpr std::string_view name = "array.stack";
    require_parts(parts, name);
    const int where = normalize_axis(axis, parts[0].shape().size() + 1, name);
    const dtype met = common_dtype(parts);
    std::vector<array> expanded;
    for (const array& x : parts) {
        if (!(x.shape() == parts[0].shape()))
            throw shape_error(
                text(name, ": array ", expanded.size(), " has shape ", x.shape(), ", array 0 has ", parts[0].shape()));
        expanded.push_back(expand_dims(detail::as_operand(x, met, name), where));
    }
    return concat(expanded, where);
}

std::vector<array> split(const array& x, std::span<const std::int64_t> positions, int axis) {
    const int along = normalize_axis(axis, x.shape().size(), "array.split");
    std::vector<array> parts;
    std::int64_t begin = 0;
    for (const std::int64_t end : positions) {
        parts.push_back(part_of(x, along, begin, end));
        begin = end;
    }
    parts.push_back(part_of(x, along, begin, x.extent(along).value()));
    return parts;
}

array one_hot(const array& indices, extent classes, dtype t) {
    return call(one_hot_op, one_hot_attributes{classes, t}, indices);
}

void register_manipulation(registry& r) {
    for (const op* o : {&concat_op, &one_hot_op}) r.add(*o);
    r.add_kernel(
        cpu.kind, concat_op.name,
        {.run = [](const kernel_args& args) { cpu_kernels::concat(args, concat_axis(args.attrs)); }, .label = "copy"});
    r.add_kernel(cpu.kind, one_hot_op.name, {.run = cpu_kernels::one_hot, .label = "fill"});
}

}  // namespace tessera
