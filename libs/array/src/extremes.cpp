// The greatest and least elements of many, and where they are.
#include "cpu/reduce.hpp"
#include "reduction_rules.hpp"
#include "tessera/array/derivatives.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;
namespace rules = reduction_rules;

namespace {

const reduction_attributes& how(attributes attrs) { return attrs.as<reduction_attributes>(); }

// There is no greatest of no elements, but no outputs ask for none.
void extreme_shape(const rule_args& args, std::span<spec* const> out) {
    rules::shape(args, out);
    const dims& from = args.in[0]->shape;
    const auto is_empty = [](extent e) { return e == extent{0}; };
    const auto& axes = how(args.attrs).axes;
    const auto empty_axis =
        std::ranges::find_if(axes, [&](int a) { return is_empty(from[static_cast<std::size_t>(a)]); });
    if (empty_axis == axes.end()) return;
    const std::span<const extent> kept(out[0]->shape.data(), out[0]->shape.size());
    if (std::ranges::none_of(kept, is_empty))
        throw shape_error(text(args.op.name, ": needs at least one element to reduce, got shape ", from, " with axis ",
                               *empty_axis, " empty"));
}

void arg_shape(const rule_args& args, std::span<spec* const> out) {
    rules::shape(args, out);
    const dims& from = args.in[0]->shape;
    for (const int axis : how(args.attrs).axes)
        if (from[static_cast<std::size_t>(axis)] == extent{0})
            throw shape_error(text(args.op.name, ": needs at least one element to choose from, got shape ", from,
                                   " with axis ", axis, " empty"));
}

void require_order(const rule_args& args) {
    if (!takes(scalar_code::maximum, args.in[0]->dtype))
        throw dtype_error(text(args.op.name, ": is not defined for ", args.in[0]->dtype));
}
void extreme_dtype(const rule_args& args, std::span<spec* const> out) {
    require_order(args);
    out[0]->dtype = args.in[0]->dtype;
}
void arg_dtype(const rule_args& args, std::span<spec* const> out) {
    require_order(args);
    out[0]->dtype = i64;
}

// 1/k for each of the k elements that tie, 0 for others.
array share_of_extreme(const array& x, const array& y, attributes attrs) {
    const array won = equal(x, rules::with_reduced_axes(y, attrs));
    const array share = reciprocal(sum(won, how(attrs).axes, true));  // f64: a count may be beyond f16
    return where(won, astype(share, x.dtype()), 0.0);
}

void extreme_jvp(const jvp_args& args, std::span<array> out) {
    const array& t = args.tangents[0];
    if (t.is_null()) return;
    const array share = share_of_extreme(args.in[0], args.out[0], args.attrs);
    out[0] = sum(t * share, how(args.attrs).axes, how(args.attrs).keepdims);
}

void extreme_vjp(const vjp_args& args, std::span<array> in) {
    const array& ct = args.cotangents[0];
    if (ct.is_null()) return;
    in[0] = rules::with_reduced_axes(ct, args.attrs) * share_of_extreme(args.in[0], args.out[0], args.attrs);
}

constexpr op extreme_op(std::string_view name, reduction_kind kind) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = extreme_shape,
            .dtype = extreme_dtype,
            .jvp = extreme_jvp,
            .vjp = extreme_vjp,
            .saves = saves::everything,
            .batch = rules::batch,
            .reduces = kind,
            .registers = register_array};
}

constexpr op arg_op(std::string_view name) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = arg_shape,
            .dtype = arg_dtype,
            .jvp = d::zero_jvp,
            .vjp = d::zero_vjp,
            .saves = saves::nothing,
            .batch = rules::batch,
            .registers = register_array};
}

reduced_axes along(std::optional<int> axis) { return axis ? reduced_axes(*axis) : reduced_axes(all_axes); }

}  // namespace

constinit const op max_op = extreme_op("array.max", reduction_kind::maximum);
constinit const op min_op = extreme_op("array.min", reduction_kind::minimum);
constinit const op argmax_op = arg_op("array.argmax");
constinit const op argmin_op = arg_op("array.argmin");

array max(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(max_op, x, over, keepdims); }
array min(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(min_op, x, over, keepdims); }
array argmax(const array& x, std::optional<int> axis, bool keepdims) {
    return rules::call(argmax_op, x, along(axis), keepdims);
}
array argmin(const array& x, std::optional<int> axis, bool keepdims) {
    return rules::call(argmin_op, x, along(axis), keepdims);
}

void max(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(max_op, x, over, keepdims, out);
}
void min(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(min_op, x, over, keepdims, out);
}
void argmax(const array& x, std::optional<int> axis, bool keepdims, const array& out) {
    rules::call_into(argmax_op, x, along(axis), keepdims, out);
}
void argmin(const array& x, std::optional<int> axis, bool keepdims, const array& out) {
    rules::call_into(argmin_op, x, along(axis), keepdims, out);
}

void register_extremes(registry& r) {
    using cpu_kernels::arg_kernel, cpu_kernels::extreme;
    using simd::reduce_code;
    for (const op* o : {&max_op, &min_op, &argmax_op, &argmin_op}) r.add(*o);
    r.add_kernel(cpu.kind, max_op.name, cpu_kernels::reduce_kernel<reduce_code::maximum>());
    r.add_kernel(cpu.kind, min_op.name, cpu_kernels::reduce_kernel<reduce_code::minimum>());
    r.add_kernel(cpu.kind, argmax_op.name, arg_kernel<extreme::greatest>());
    r.add_kernel(cpu.kind, argmin_op.name, arg_kernel<extreme::least>());
}

}  // namespace tessera
