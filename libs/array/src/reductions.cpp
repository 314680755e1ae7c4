// Sums, products, means, and the truth of many elements.
#include "tessera/array/reductions.hpp"

#include "cpu/reduce.hpp"
#include "reduction_rules.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/manipulation.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;
namespace rules = reduction_rules;

namespace {

void sum_dtypes(const rule_args& args, std::span<spec* const> out) { out[0]->dtype = sum_dtype(args.in[0]->dtype); }
void mean_dtypes(const rule_args& args, std::span<spec* const> out) { out[0]->dtype = mean_dtype(args.in[0]->dtype); }
void truth_dtypes(const rule_args&, std::span<spec* const> out) { out[0]->dtype = boolean; }

array reduce_tangent(array (*reduction)(const array&, const reduced_axes&, bool), const array& t, attributes attrs) {
    const auto& how = attrs.as<reduction_attributes>();
    return t.is_null() ? t : reduction(t, how.axes, how.keepdims);
}

// The product of all elements before each one along an axis, and of all after it; in log2(n) steps and without a
// division, so that zeros and higher derivatives come out right.
array product_of_others_along(const array& x, int axis) {
    const std::int64_t n = x.extent(axis).value();
    const auto at = static_cast<std::size_t>(axis);
    const auto ones_of = [&](std::int64_t count) {
        dims shape = x.shape();
        shape[at] = count;
        return full(shape, 1, x.dtype(), x.device());
    };
    const auto part = [&](const array& from, std::int64_t begin, std::int64_t end) {
        std::vector<index_item> index(at, whole);
        index.push_back(range(begin, end));
        return slice(from, index);
    };
    array before = concat({ones_of(1), part(x, 0, n - 1)}, axis), after = concat({part(x, 1, n), ones_of(1)}, axis);
    for (std::int64_t reach = 1; reach < n - 1; reach *= 2) {
        before = before * concat({ones_of(reach), part(before, 0, n - reach)}, axis);
        after = after * concat({part(after, reach, n), ones_of(reach)}, axis);
    }
    return before * after;
}

array product_of_others(const array& x, const axes& over) {
    array others, rest = x;
    for (const int axis : over) {
        if (rest.extent(axis) == extent{1}) continue;
        const array along = product_of_others_along(rest, axis);
        others = others.is_null() ? along : others * along;
        rest = prod(rest, axis, true);
    }
    return others.is_null() ? ones_like(x) : others;
}

array product_slope(const array& x, attributes attrs) {
    if (x.size() == extent{0}) return x;
    return product_of_others(x, attrs.as<reduction_attributes>().axes);
}

// 1/n: in f16 n itself may be beyond the largest number.
array share_of_one(const array& x, attributes attrs) {
    extent count = 1;
    for (const int axis : attrs.as<reduction_attributes>().axes) count = count * x.extent(axis);
    if (!count.is_symbol()) [[likely]]
        return 1.0 / static_cast<double>(count.value());
    return astype(reciprocal(scalar_of(count, f64, x.device())), mean_dtype(x.dtype()));
}

constexpr op truth_op(std::string_view name, reduction_kind kind) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = rules::shape,
            .dtype = truth_dtypes,
            .jvp = d::zero_jvp,
            .vjp = d::zero_vjp,
            .saves = saves::nothing,
            .batch = rules::batch,
            .reduces = kind,
            .registers = register_array};
}

}  // namespace

constinit const op sum_op{
    .name = "array.sum",
    .inputs = 1,
    .outputs = 1,
    .shape = rules::shape,
    .dtype = sum_dtypes,
    .jvp = [](const jvp_args& args,
              std::span<array> out) { out[0] = reduce_tangent(sum, args.tangents[0], args.attrs); },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = rules::spread_cotangent(args.cotangents[0], args); },
    .saves = saves::nothing,
    .batch = rules::batch,
    .reduces = reduction_kind::sum,
    .registers = register_array,
};

// d prod(x) = sum of dx_i times the product of the others
constinit const op prod_op{
    .name = "array.prod",
    .inputs = 1,
    .outputs = 1,
    .shape = rules::shape,
    .dtype = sum_dtypes,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null())
                out[0] = reduce_tangent(sum, args.tangents[0] * product_slope(args.in[0], args.attrs), args.attrs);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null())
                in[0] = rules::spread_cotangent(args.cotangents[0], args) * conj(product_slope(args.in[0], args.attrs));
        },
    .saves = saves::inputs,
    .batch = rules::batch,
    .reduces = reduction_kind::product,
    .registers = register_array,
};

constinit const op mean_op{
    .name = "array.mean",
    .inputs = 1,
    .outputs = 1,
    .shape = rules::shape,
    .dtype = mean_dtypes,
    .jvp = [](const jvp_args& args,
              std::span<array> out) { out[0] = reduce_tangent(mean, args.tangents[0], args.attrs); },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const array& ct = args.cotangents[0];
            if (!ct.is_null()) in[0] = rules::spread_cotangent(ct * share_of_one(args.in[0], args.attrs), args);
        },
    .saves = saves::nothing,
    .batch = rules::batch,
    .reduces = reduction_kind::mean,
    .registers = register_array,
};

constinit const op any_op = truth_op("array.any", reduction_kind::any);
constinit const op all_op = truth_op("array.all", reduction_kind::all);

array sum(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(sum_op, x, over, keepdims); }
array prod(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(prod_op, x, over, keepdims); }
array mean(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(mean_op, x, over, keepdims); }
array any(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(any_op, x, over, keepdims); }
array all(const array& x, const reduced_axes& over, bool keepdims) { return rules::call(all_op, x, over, keepdims); }

void sum(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(sum_op, x, over, keepdims, out);
}
void prod(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(prod_op, x, over, keepdims, out);
}
void mean(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(mean_op, x, over, keepdims, out);
}
void any(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(any_op, x, over, keepdims, out);
}
void all(const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    rules::call_into(all_op, x, over, keepdims, out);
}

void register_reductions(registry& r) {
    using cpu_kernels::reduce_kernel;
    using simd::reduce_code;
    for (const op* o : {&sum_op, &prod_op, &mean_op, &any_op, &all_op}) r.add(*o);
    r.add_kernel(cpu.kind, sum_op.name, reduce_kernel<reduce_code::sum>());
    r.add_kernel(cpu.kind, prod_op.name, reduce_kernel<reduce_code::product>());
    r.add_kernel(cpu.kind, mean_op.name, reduce_kernel<reduce_code::sum, cpu_kernels::finish::divide_by_count>());
    r.add_kernel(cpu.kind, any_op.name, reduce_kernel<reduce_code::any>());
    r.add_kernel(cpu.kind, all_op.name, reduce_kernel<reduce_code::all>());
}

}  // namespace tessera
