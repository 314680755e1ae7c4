// cumsum, cumprod, cummax, cummin, and the recurrence that the derivatives of products are.
#include "tessera/array/cumulative.hpp"

#include "along_axis.hpp"
#include "cpu/cumulate.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/indexing.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;
using along_axis::axis_of, along_axis::shifted;

namespace {

void sum_dtypes(const rule_args& args, std::span<spec* const> out) { out[0]->dtype = sum_dtype(args.in[0]->dtype); }

void extreme_dtypes(const rule_args& args, std::span<spec* const> out) {
    detail::require_takes(args.op, scalar_code::maximum, args.in[0]->dtype);
    out[0]->dtype = args.in[0]->dtype;
}

void recurrence_shape(const rule_args& args, std::span<spec* const> out) {
    if (!(args.in[0]->shape == args.in[1]->shape))
        throw shape_error(text(args.op.name, ": a has shape ", args.in[0]->shape, " but b has ", args.in[1]->shape));
    out[0]->shape = args.in[0]->shape;
}

void recurrence_dtype(const rule_args& args, std::span<spec* const> out) {
    dtypes::same(args, out);
    if (out[0]->dtype == boolean) throw dtype_error(text(args.op.name, ": is not defined for bool"));
}

// y[i] = conj(a[i+1]) y[i+1] + b[i]: the transpose of the recurrence in b.
array recur_back(const array& a, const array& b, int axis) {
    return flip(linear_recurrence(shifted(flip(conj(a), axis), axis, 0), flip(b, axis), axis), axis);
}

// Where the running extreme y stood last when it was met: the index of its latest element so far.
array latest(const array& x, const array& y, int axis) {
    return cummax(where(equal(x, y), along_axis::positions(x, axis), 0), axis);
}

constexpr op extreme_op(std::string_view name) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = shapes::same,
            .dtype = extreme_dtypes,
            .jvp =
                [](const jvp_args& args, std::span<array> out) {
                    const int axis = axis_of(args.attrs);
                    if (!args.tangents[0].is_null())
                        out[0] = take_along_axis(args.tangents[0], latest(args.in[0], args.out[0], axis), axis);
                },
            .vjp =
                [](const vjp_args& args, std::span<array> in) {
                    const array& ct = args.cotangents[0];
                    if (ct.is_null()) return;
                    const int axis = axis_of(args.attrs);
                    in[0] = put_along_axis(zeros_like(ct), latest(args.in[0], args.out[0], axis), ct, axis,
                                           scatter_mode::add);
                },
            .saves = saves::everything,
            .batch = along_axis::batch,
            .registers = register_array};
}

}  // namespace

constinit const op cumsum_op{
    .name = "array.cumsum",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = sum_dtypes,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null()) out[0] = cumsum(args.tangents[0], axis_of(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const int axis = axis_of(args.attrs);
            if (!args.cotangents[0].is_null()) in[0] = flip(cumsum(flip(args.cotangents[0], axis), axis), axis);
        },
    .saves = saves::nothing,
    .batch = along_axis::batch,
    .registers = register_array,
};

// y[i] = x[i] y[i-1], so dy[i] = x[i] dy[i-1] + y[i-1] dx[i]: no division, and zeros come out right.
constinit const op cumprod_op{
    .name = "array.cumprod",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = sum_dtypes,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const int axis = axis_of(args.attrs);
            if (!args.tangents[0].is_null())
                out[0] = linear_recurrence(args.in[0], args.tangents[0] * shifted(args.out[0], axis, 1), axis);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const int axis = axis_of(args.attrs);
            if (!args.cotangents[0].is_null())
                in[0] = recur_back(args.in[0], args.cotangents[0], axis) * conj(shifted(args.out[0], axis, 1));
        },
    .saves = saves::everything,
    .batch = along_axis::batch,
    .registers = register_array,
};

constinit const op cummax_op = extreme_op("array.cummax");
constinit const op cummin_op = extreme_op("array.cummin");

constinit const op linear_recurrence_op{
    .name = "array.linear_recurrence",
    .inputs = 2,
    .outputs = 1,
    .shape = recurrence_shape,
    .dtype = recurrence_dtype,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const int axis = axis_of(args.attrs);
            const array terms = d::plus(d::times(args.tangents[0], shifted(args.out[0], axis, 0)), args.tangents[1]);
            if (!terms.is_null()) out[0] = linear_recurrence(args.in[0], terms, axis);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const int axis = axis_of(args.attrs);
            if (args.cotangents[0].is_null()) return;
            const array back = recur_back(args.in[0], args.cotangents[0], axis);
            if (args.needs(0)) in[0] = back * conj(shifted(args.out[0], axis, 0));
            if (args.needs(1)) in[1] = back;
        },
    .saves = saves::everything,
    .batch = along_axis::batch,
    .registers = register_array,
};

namespace {

array along(const op& o, const array& given, std::optional<int> axis) {
    const array x = along_axis::operand(o, given);
    if (!axis) return call(o, along_attributes{0}, reshape(x, {-1}));
    return call(o, along_attributes{normalize_axis(*axis, x.shape().size(), o.name)}, x);
}

}  // namespace

array cumsum(const array& x, std::optional<int> axis) { return along(cumsum_op, x, axis); }
array cumprod(const array& x, std::optional<int> axis) { return along(cumprod_op, x, axis); }
array cummax(const array& x, std::optional<int> axis) { return along(cummax_op, x, axis); }
array cummin(const array& x, std::optional<int> axis) { return along(cummin_op, x, axis); }

array linear_recurrence(const array& a, const array& b, int axis) {
    const op& o = linear_recurrence_op;
    detail::require(o, a, 0);
    detail::require(o, b, 1);
    const dims shape = shapes::broadcast(a.shape(), b.shape(), o.name);
    const dtype met = result_type(a, b);
    return call(o, along_attributes{normalize_axis(axis, shape.size(), o.name)},
                d::spread_to(detail::as_operand(a, met, o.name), shape),
                d::spread_to(detail::as_operand(b, met, o.name), shape));
}

void register_cumulative(registry& r) {
    for (const op* o : {&cumsum_op, &cumprod_op, &cummax_op, &cummin_op, &linear_recurrence_op}) r.add(*o);
    const auto add = [&]<scalar_code Code>(const op& o) {
        r.add_kernel(cpu.kind, o.name,
                     {.run = [](const kernel_args& args) { cpu_kernels::cumulate(Code, args, axis_of(args.attrs)); },
                      .label = "lines"});
    };
    add.operator()<scalar_code::add>(cumsum_op);
    add.operator()<scalar_code::multiply>(cumprod_op);
    add.operator()<scalar_code::maximum>(cummax_op);
    add.operator()<scalar_code::minimum>(cummin_op);
    r.add_kernel(
        cpu.kind, linear_recurrence_op.name,
        {.run = [](const kernel_args& args) { cpu_kernels::recur(args, axis_of(args.attrs)); }, .label = "lines"});
}

}  // namespace tessera
