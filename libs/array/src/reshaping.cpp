// reshape and contiguous: views where strides can say it, else copies in row-major order.
#include "cpu/elementwise.hpp"
#include "operands.hpp"
#include "tessera/array/batching.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/array/tracer.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/layout.hpp"
#include "topics.hpp"

namespace tessera {

struct reshape_attributes {
    dims shape;
    auto fields() const { return std::tie(shape); }
};

namespace {

const dims& shape_of(attributes attrs) { return attrs.as<reshape_attributes>().shape; }

// Groups of axes with equal products, each of which must be walked as one axis.
bool reshaped_steps(const view_args& args, strides& out, std::int64_t&) {
    strides old_sizes, old_steps;
    bool is_empty = false;
    for (std::size_t i = 0; i < args.in.shape.size(); ++i) {
        const std::int64_t size = args.in.shape[i].value();
        is_empty = is_empty || size == 0;
        if (size == 1) continue;
        old_sizes.push_back(size);
        old_steps.push_back(args.in_steps[i]);
    }
    const dims& sizes = args.out.shape;
    out = strides(sizes.size(), 1);
    if (is_empty) return true;
    std::size_t group = 0;  // first old axis that is not used up
    for (std::size_t begin = 0; begin < sizes.size();) {
        if (sizes[begin].value() == 1) {
            ++begin;
            continue;
        }
        std::size_t end = begin + 1, old_end = group + 1;
        std::int64_t wanted = sizes[begin].value(), have = old_sizes[group];
        while (wanted != have)
            if (wanted < have)
                wanted *= sizes[end++].value();
            else
                have *= old_sizes[old_end++];
        for (std::size_t i = group; i + 1 < old_end; ++i)
            if (old_steps[i] != old_steps[i + 1] * old_sizes[i + 1]) return false;
        std::int64_t step = old_steps[old_end - 1];
        for (std::size_t i = end; i-- > begin;) {
            out[i] = step;
            step *= sizes[i].value();
        }
        begin = end;
        group = old_end;
    }
    return true;
}

void copy_in_order(const kernel_args& args) {
    any_view to = args.out[0];  // fresh, so row-major: the input's shape describes it as well
    strides steps(static_cast<std::size_t>(args.in[0].rank), 1);
    row_major_strides(args.in[0].sizes(), {steps.data(), steps.size()});
    to.rank = args.in[0].rank;
    to.shape = args.in[0].shape;
    to.strides = steps.data();
    cpu_kernels::copy_elements(args.in[0], to);
}

}  // namespace

constinit const op reshape_op{
    .name = "array.reshape",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const dims &from = args.in[0]->shape, &to = shape_of(args.attrs);
            shapes::check_rank(to, args.op.name);
            if (!(element_count(from) == element_count(to)))
                throw shape_error(text(args.op.name, ": ", from, " has ", element_count(from), " elements, ", to,
                                       " has ", element_count(to)));
            out[0]->shape = to;
        },
    .dtype = dtypes::first,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null()) out[0] = reshape(args.tangents[0], shape_of(args.attrs));
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null()) in[0] = reshape(args.cotangents[0], args.in[0].shape());
        },
    .saves = saves::nothing,
    .batch =
        [](const batch_args& args, std::span<array> out, std::span<int>) {
            out[0] = reshape(args.in[0], batching::with_batch(batching::size(args), shape_of(args.attrs)));
        },
    .view = reshaped_steps,
    .registers = register_array,
};

constinit const op contiguous_op{
    .name = "array.contiguous",
    .inputs = 1,
    .outputs = 1,
    .shape = shapes::same,
    .dtype = dtypes::first,
    .jvp = [](const jvp_args& args, std::span<array> out) { out[0] = args.tangents[0]; },
    .vjp = [](const vjp_args& args, std::span<array> in) { in[0] = args.cotangents[0]; },
    .saves = saves::nothing,
    .core = element_wise,
    .scalar = [](scalar_builder&, std::span<const scalar_operand> in, attributes) { return in[0]; },
    .registers = register_array,
};

void new_shape::add(const size& s) {
    if (s.rest) {
        if (rest_at_ >= 0) throw shape_error("array.reshape: -1 may be given once");
        rest_at_ = static_cast<int>(sizes_.size());
    }
    sizes_.push_back(s.rest ? extent{1} : s.value);
}

dims new_shape::resolve(extent elements, std::string_view op_name) const {
    if (rest_at_ < 0) return sizes_;
    const extent others = element_count(sizes_);
    if (others == extent{0} || !(elements % others == extent{0}))
        throw shape_error(text(op_name, ": ", elements, " elements cannot be shared out evenly by ", others,
                               ", the product of the sizes beside -1"));
    dims sizes = sizes_;
    sizes[static_cast<std::size_t>(rest_at_)] = elements / others;
    return sizes;
}

array reshape(const array& x, const new_shape& shape) {
    detail::require(reshape_op, x, 0);
    reshape_attributes attrs{shape.resolve(x.size(), reshape_op.name)};
    if (!x.is_literal() && x.shape() == attrs.shape) return x;
    return call(reshape_op, attrs, x);
}

array contiguous(const array& x) {
    detail::require(contiguous_op, x, 0);
    // A traced value has no layout of its own.
    if (x.is_contiguous() && !x.is_literal() && !x.node()->trace) return x;
    return call(contiguous_op, {}, x);
}

void register_reshaping(registry& r) {
    r.add(reshape_op);
    r.add(contiguous_op);
    r.add_kernel(cpu.kind, reshape_op.name, {.run = copy_in_order, .label = "copy"});
    r.add_kernel(
        cpu.kind, contiguous_op.name,
        {.run = [](const kernel_args& args) { cpu_kernels::copy_elements(args.in[0], args.out[0]); }, .label = "copy"});
}

}  // namespace tessera
