// sort, argsort, topk, searchsorted.
#include "tessera/array/sorting.hpp"

#include "along_axis.hpp"
#include "cpu/sort.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/indexing.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

struct sort_attributes {
    int axis;
    bool descending;
    auto fields() const { return std::tie(axis, descending); }
};
struct topk_attributes {
    int axis;
    extent k;
    bool largest;
    auto fields() const { return std::tie(axis, k, largest); }
};
struct search_attributes {
    search_side side;
    int batch = 0;  // so many leading axes of both operands are positions of searches of their own
    auto fields() const { return std::tie(side, batch); }
};

namespace {

const sort_attributes& how(attributes attrs) { return attrs.as<sort_attributes>(); }

void require_order(const rule_args& args) {
    for (const spec* s : args.in)
        if (is_complex(s->dtype)) throw dtype_error(text(args.op.name, ": is not defined for ", s->dtype));
}
void sorted_dtype(const rule_args& args, std::span<spec* const> out) {
    require_order(args);
    out[0]->dtype = args.in[0]->dtype;
}
void index_dtype(const rule_args& args, std::span<spec* const> out) {
    require_order(args);
    out[0]->dtype = i64;
}

void topk_shape(const rule_args& args, std::span<spec* const> out) {
    const auto& attrs = args.attrs.as<topk_attributes>();
    dims& shape = out[0]->shape;
    shape = args.in[0]->shape;
    extent& size = shape[static_cast<std::size_t>(attrs.axis)];
    if (size < attrs.k)
        throw shape_error(
            text(args.op.name, ": k is ", attrs.k, " but axis ", attrs.axis, " of ", args.in[0]->shape, " has ", size));
    size = attrs.k;
}

void batch_sort(const batch_args& args, std::span<array> out, std::span<int>) {
    out[0] = call(args.op, sort_attributes{how(args.attrs).axis + 1, how(args.attrs).descending}, args.in[0]);
}
void batch_topk(const batch_args& args, std::span<array> out, std::span<int>) {
    const auto& attrs = args.attrs.as<topk_attributes>();
    out[0] = call(args.op, topk_attributes{attrs.axis + 1, attrs.k, attrs.largest}, args.in[0]);
}
void batch_search(const batch_args& args, std::span<array> out, std::span<int>) {
    const auto& attrs = args.attrs.as<search_attributes>();
    if (attrs.batch == 0 && !batching::is_batched(args, 0))
        out[0] = call(args.op, attrs, args.in[0], args.in[1]);
    else
        out[0] = call(args.op, search_attributes{attrs.side, attrs.batch + 1}, batching::with_batch(args, 0),
                      batching::with_batch(args, 1));
}

void search_shape(const rule_args& args, std::span<spec* const> out) {
    const auto batch = static_cast<std::size_t>(args.attrs.as<search_attributes>().batch);
    const dims &sorted = args.in[0]->shape, &values = args.in[1]->shape;
    if (sorted.size() != batch + 1) throw shape_error(text(args.op.name, ": sorted must have rank 1, got ", sorted));
    for (std::size_t a = 0; a < batch; ++a)
        if (a >= values.size() || !(sorted[a] == values[a]))
            throw shape_error(text(args.op.name, ": batches of ", sorted, " and ", values, " differ"));
    if (args.in[0]->dtype != args.in[1]->dtype)
        throw dtype_error(
            text(args.op.name, ": values of ", args.in[1]->dtype, " among elements of ", args.in[0]->dtype));
    out[0]->shape = values;
}

array order_of(const array& x, attributes attrs) { return argsort(x, how(attrs).axis, how(attrs).descending); }

constexpr op index_op(std::string_view name, shape_rule shape, batch_rule batch, int inputs = 1) {
    return {.name = name,
            .inputs = inputs,
            .outputs = 1,
            .shape = shape,
            .dtype = index_dtype,
            .jvp = d::zero_jvp,
            .vjp = d::zero_vjp,
            .saves = saves::nothing,
            .batch = batch,
            .registers = register_array};
}

}  // namespace

constinit const op sort_op{
    .name = "array.sort",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = sorted_dtype,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null())
                out[0] = take_along_axis(args.tangents[0], order_of(args.in[0], args.attrs), how(args.attrs).axis);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            const array& ct = args.cotangents[0];
            if (!ct.is_null())
                in[0] = put_along_axis(zeros_like(ct), order_of(args.in[0], args.attrs), ct, how(args.attrs).axis,
                                       scatter_mode::add);
        },
    .saves = saves::inputs,
    .batch = batch_sort,
    .registers = register_array,
};

constinit const op argsort_op = index_op("array.argsort", shapes::same, batch_sort);
constinit const op topk_op = index_op("array.topk", topk_shape, batch_topk);
constinit const op searchsorted_op = index_op("array.searchsorted", search_shape, batch_search, 2);

array sort(const array& given, int axis, bool descending) {
    const array x = along_axis::operand(sort_op, given);
    return call(sort_op, sort_attributes{normalize_axis(axis, x.shape().size(), sort_op.name), descending}, x);
}

array argsort(const array& given, int axis, bool descending) {
    const array x = along_axis::operand(argsort_op, given);
    return call(argsort_op, sort_attributes{normalize_axis(axis, x.shape().size(), argsort_op.name), descending}, x);
}

topk_result topk(const array& given, extent k, int axis, bool largest) {
    const array x = along_axis::operand(topk_op, given);
    const int along = normalize_axis(axis, x.shape().size(), topk_op.name);
    const array indices = call(topk_op, topk_attributes{along, k, largest}, x);
    return {take_along_axis(x, indices, along), indices};
}

array searchsorted(const array& sorted, const array& values, search_side side) {
    const op& o = searchsorted_op;
    detail::require(o, sorted, 0);
    detail::require(o, values, 1);
    const dtype met = result_type(sorted, values);
    return call(o, search_attributes{side}, detail::as_operand(sorted, met, o.name),
                detail::as_operand(values, met, o.name));
}

void register_sorting(registry& r) {
    for (const op* o : {&sort_op, &argsort_op, &topk_op, &searchsorted_op}) r.add(*o);
    r.add_kernel(
        cpu.kind, sort_op.name,
        {.run =
             [](const kernel_args& args) { cpu_kernels::sort(args, how(args.attrs).axis, how(args.attrs).descending); },
         .label = "radix"});
    r.add_kernel(cpu.kind, argsort_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          cpu_kernels::argsort(args, how(args.attrs).axis, how(args.attrs).descending);
                      },
                  .label = "radix"});
    r.add_kernel(cpu.kind, topk_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          const auto& attrs = args.attrs.as<topk_attributes>();
                          cpu_kernels::topk(args, attrs.axis, attrs.largest);
                      },
                  .label = "heap"});
    r.add_kernel(cpu.kind, searchsorted_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          const auto& attrs = args.attrs.as<search_attributes>();
                          cpu_kernels::searchsorted(args, attrs.side == search_side::right, attrs.batch);
                      },
                  .label = "bisection"});
}

}  // namespace tessera
