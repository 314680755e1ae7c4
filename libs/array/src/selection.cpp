// where, clip, astype.
#include "cpu/elementwise.hpp"
#include "operands.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

struct astype_attributes {
    tessera::dtype dtype;
    auto fields() const { return std::tie(dtype); }
};

namespace {

void where_dtype(const rule_args& args, std::span<spec* const> out) {
    if (args.in[0]->dtype != boolean)
        throw dtype_error(text(args.op.name, ": condition must be bool, got ", args.in[0]->dtype));
    if (args.in[1]->dtype != args.in[2]->dtype)
        throw dtype_error(text(args.op.name, ": both choices must have one dtype, got ", args.in[1]->dtype, " and ",
                               args.in[2]->dtype));
    out[0]->dtype = args.in[1]->dtype;
}

// t where it counts, zero elsewhere; null stays zero.
array where_or_zero(const array& condition, const array& t) { return t.is_null() ? t : where(condition, t, 0.0); }
array zero_or_where(const array& condition, const array& t) { return t.is_null() ? t : where(condition, 0.0, t); }

// Where a value of clip comes from: high wins over low, and a NaN is x's own.
array gives_high(const array& x, const array& low, const array& high) { return greater(maximum(x, low), high); }
array gives_low(const array& x, const array& low, const array& high) {
    return logical_and(less(x, low), logical_not(gives_high(x, low, high)));
}
array gives_x(const array& x, const array& low, const array& high) {
    return logical_not(logical_or(less(x, low), gives_high(x, low, high)));
}

bool carries_tangents(dtype from, dtype to) { return is_inexact(from) && is_inexact(to); }

dtype target(attributes attrs) { return attrs.as<astype_attributes>().dtype; }

}  // namespace

constinit const op where_op{
    .name = "array.where",
    .inputs = 3,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = where_dtype,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const array& c = args.in[0];
            const array &a = args.tangents[1], &b = args.tangents[2];
            if (!a.is_null() && !b.is_null())
                out[0] = where(c, a, b);
            else
                out[0] = d::spread_to(a.is_null() ? zero_or_where(c, b) : where_or_zero(c, a), args.out[0].shape());
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const array &c = args.in[0], &ct = args.cotangents[0];
            if (args.needs(1)) in[1] = d::sum_to(where_or_zero(c, ct), args.in[1].shape());
            if (args.needs(2)) in[2] = d::sum_to(zero_or_where(c, ct), args.in[2].shape());
        },
    .saves = saves::inputs,
    .core = element_wise,
    .scalar = scalar_rule_of<scalar_code::select>,
    .registers = register_array,
};

constinit const op clip_op{
    .name = "array.clip",
    .inputs = 3,
    .outputs = 1,
    .shape = shapes::broadcast,
    .dtype = dtypes::same,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const array &x = args.in[0], &low = args.in[1], &high = args.in[2];
            const array t = d::plus(where_or_zero(gives_x(x, low, high), args.tangents[0]),
                                    where_or_zero(gives_low(x, low, high), args.tangents[1]));
            out[0] = d::spread_to(d::plus(t, where_or_zero(gives_high(x, low, high), args.tangents[2])),
                                  args.out[0].shape());
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const array &x = args.in[0], &low = args.in[1], &high = args.in[2], &ct = args.cotangents[0];
            if (args.needs(0)) in[0] = d::sum_to(where_or_zero(gives_x(x, low, high), ct), x.shape());
            if (args.needs(1)) in[1] = d::sum_to(where_or_zero(gives_low(x, low, high), ct), low.shape());
            if (args.needs(2)) in[2] = d::sum_to(where_or_zero(gives_high(x, low, high), ct), high.shape());
        },
    .saves = saves::inputs,
    .core = element_wise,
    .scalar =
        [](scalar_builder& b, std::span<const scalar_operand> in, attributes) {
            return b.apply(scalar_code::minimum, b.apply(scalar_code::maximum, in[0], in[1]), in[2]);
        },
    .registers = register_array,
};

constinit const op astype_op{
    .name = "array.astype",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = [](const rule_args& args, std::span<spec* const> out) { out[0]->dtype = target(args.attrs); },
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null() && carries_tangents(args.in[0].dtype(), target(args.attrs)))
                out[0] = astype(args.tangents[0], target(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null() && carries_tangents(args.in[0].dtype(), target(args.attrs)))
                in[0] = astype(args.cotangents[0], args.in[0].dtype());
        },
    .saves = saves::nothing,
    .core = element_wise,
    .scalar = [](scalar_builder& b, std::span<const scalar_operand> in,
                 attributes attrs) { return b.cast(in[0], target(attrs)); },
    .registers = register_array,
};

array where(const array& condition, const array& a, const array& b) {
    detail::require(where_op, condition, 0);
    detail::require(where_op, a, 1);
    detail::require(where_op, b, 2);
    const dtype met = result_type(a, b);
    const array in[] = {detail::as_operand(condition, condition.dtype(), where_op.name),
                        detail::as_operand(a, met, where_op.name), detail::as_operand(b, met, where_op.name)};
    return call(where_op, {}, in);
}

array clip(const array& x, const array& low, const array& high) {
    detail::require(clip_op, x, 0);
    for (const array* bound : {&low, &high}) {
        detail::require(clip_op, *bound, bound == &low ? 1 : 2);
        if (result_type(x, *bound) != x.dtype())
            throw dtype_error(
                text(clip_op.name, ": a bound of ", bound->dtype(), " would change the dtype of x, ", x.dtype()));
    }
    detail::require_takes(clip_op, scalar_code::maximum, x.dtype());
    const array in[] = {x, detail::as_operand(low, x.dtype(), clip_op.name),
                        detail::as_operand(high, x.dtype(), clip_op.name)};
    return call(clip_op, {}, in);
}

array astype(const array& x, dtype to) {
    detail::require(astype_op, x, 0);
    if (x.dtype() == to && !detail::is_weak(x)) return x;
    return call(astype_op, astype_attributes{to}, x);
}

void register_selection(registry& r) {
    for (const op* o : {&where_op, &clip_op, &astype_op}) r.add(*o);
    r.add_kernel(cpu.kind, where_op.name, cpu_kernels::element_kernel<scalar_code::select>());
    r.add_kernel(
        cpu.kind, astype_op.name,
        {.run = [](const kernel_args& args) { cpu_kernels::copy_elements(args.in[0], args.out[0]); }, .label = "simd"});
}

}  // namespace tessera
