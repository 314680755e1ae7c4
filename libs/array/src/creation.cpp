// full, arange, linspace, eye: ops without inputs, so that they trace and run on the device they are asked for.
#include "tessera/array/creation.hpp"

#include <cmath>

#include "cpu/elementwise.hpp"
#include "operands.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/scalar_program.hpp"
#include "tessera/dtype/types.hpp"
#include "topics.hpp"

namespace tessera {

struct full_attributes {
    dims shape;
    scalar_value value;
    tessera::device device;
    auto fields() const { return std::tie(shape, value, device); }
};
struct size_attributes {
    extent size;
    tessera::dtype dtype;
    tessera::device device;
    auto fields() const { return std::tie(size, dtype, device); }
};
struct arange_attributes {
    extent count;
    scalar_value start, step;  // both i64 or both f64
    tessera::dtype dtype;
    tessera::device device;
    auto fields() const { return std::tie(count, start, step, dtype, device); }
};
struct linspace_attributes {
    extent count;
    double start, stop;
    bool endpoint;
    tessera::dtype dtype;
    tessera::device device;
    auto fields() const { return std::tie(count, start, stop, endpoint, dtype, device); }
};
struct eye_attributes {
    extent rows, columns;
    std::int64_t diagonal;
    tessera::dtype dtype;
    tessera::device device;
    auto fields() const { return std::tie(rows, columns, diagonal, dtype, device); }
};

namespace {

template <class Attributes> device where_asked(const rule_args& args) { return args.attrs.as<Attributes>().device; }
template <class Attributes> void dtype_asked(const rule_args& args, std::span<spec* const> out) {
    out[0]->dtype = args.attrs.as<Attributes>().dtype;
}
template <class Attributes> void counted_shape(const rule_args& args, std::span<spec* const> out) {
    out[0]->shape = {args.attrs.as<Attributes>().count};
}

void fill(const any_view& out, const scalar_value& value) {
    any_view one;
    one.data = const_cast<std::byte*>(value.bytes.data());
    one.dtype = value.dtype;
    cpu_kernels::copy_elements(one, out);
}

// Element i is at(i), computed in Wide and cast to the dtype of out, which has rank 1.
template <class Wide, class At> void generate(const any_view& out, const At& at) {
    with_type(out.dtype, [&](auto tag) {
        using T = typename decltype(tag)::type;
        T* const first = out.first<T>();
        const std::int64_t count = out.shape[0], step = out.strides[0];
        for (std::int64_t i = 0; i < count; ++i) first[i * step] = cast_to<T>(static_cast<Wide>(at(i)));
    });
}

void run_arange(const kernel_args& args) {
    const auto& attrs = args.attrs.as<arange_attributes>();
    if (attrs.start.dtype == i64) {
        // Modulo 2^64: the last step may lead past the end of i64.
        const auto start = static_cast<std::uint64_t>(attrs.start.as<std::int64_t>());
        const auto step = static_cast<std::uint64_t>(attrs.step.as<std::int64_t>());
        generate<std::int64_t>(args.out[0],
                               [=](std::int64_t i) { return start + static_cast<std::uint64_t>(i) * step; });
    } else {
        const double start = attrs.start.as<double>(), step = attrs.step.as<double>();
        generate<double>(args.out[0], [=](std::int64_t i) { return start + static_cast<double>(i) * step; });
    }
}

void run_linspace(const kernel_args& args) {
    const auto& attrs = args.attrs.as<linspace_attributes>();
    const std::int64_t count = args.out[0].shape[0];
    const std::int64_t parts = attrs.endpoint ? count - 1 : count;
    const double start = attrs.start, stop = attrs.stop, span = stop - start;
    const double divisor = static_cast<double>(parts > 0 ? parts : 1), step = span / divisor;
    const bool round_down = !is_inexact(args.out[0].dtype);
    generate<double>(args.out[0], [&](std::int64_t i) {
        // A step that underflows to 0 would lose every number between the ends.
        const double moved = step == 0 ? static_cast<double>(i) / divisor * span : static_cast<double>(i) * step;
        const double value = attrs.endpoint && i == parts && i > 0 ? stop : start + moved;
        return round_down ? std::floor(value) : value;
    });
}

void run_eye(const kernel_args& args) {
    const any_view& out = args.out[0];
    const std::int64_t k = args.attrs.as<eye_attributes>().diagonal;
    fill(out, scalar_value(0).cast(out.dtype));
    if (k >= out.shape[1] || -out.shape[0] >= k) return;
    const std::int64_t row = k < 0 ? -k : 0, column = k > 0 ? k : 0;
    const std::int64_t length = std::min(out.shape[0] - row, out.shape[1] - column);
    const std::int64_t step = out.strides[0] + out.strides[1];
    any_view diagonal = out;
    diagonal.offset += row * out.strides[0] + column * out.strides[1];
    diagonal.rank = 1;
    diagonal.shape = &length;
    diagonal.strides = &step;
    fill(diagonal, scalar_value(1).cast(out.dtype));
}

}  // namespace

constinit const op full_op{
    .name = "array.full",
    .inputs = 0,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            out[0]->shape = args.attrs.as<full_attributes>().shape;
            shapes::check_rank(out[0]->shape, args.op.name);
        },
    .dtype = [](const rule_args& args,
                std::span<spec* const> out) { out[0]->dtype = args.attrs.as<full_attributes>().value.dtype; },
    .device = where_asked<full_attributes>,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .scalar = [](scalar_builder& b, std::span<const scalar_operand>,
                 attributes attrs) { return b.constant(attrs.as<full_attributes>().value); },
    .registers = register_array,
};

constinit const op arange_op{
    .name = "array.arange",
    .inputs = 0,
    .outputs = 1,
    .shape = counted_shape<arange_attributes>,
    .dtype = dtype_asked<arange_attributes>,
    .device = where_asked<arange_attributes>,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .registers = register_array,
};

constinit const op linspace_op{
    .name = "array.linspace",
    .inputs = 0,
    .outputs = 1,
    .shape = counted_shape<linspace_attributes>,
    .dtype = dtype_asked<linspace_attributes>,
    .device = where_asked<linspace_attributes>,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .registers = register_array,
};

constinit const op eye_op{
    .name = "array.eye",
    .inputs = 0,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const auto& attrs = args.attrs.as<eye_attributes>();
            out[0]->shape = {attrs.rows, attrs.columns};
        },
    .dtype = dtype_asked<eye_attributes>,
    .device = where_asked<eye_attributes>,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .registers = register_array,
};

constinit const op scalar_of_op{
    .name = "array.scalar_of",
    .inputs = 0,
    .outputs = 1,
    .shape = [](const rule_args&, std::span<spec* const> out) { out[0]->shape = {}; },
    .dtype = dtype_asked<size_attributes>,
    .device = where_asked<size_attributes>,
    .jvp = derivatives::zero_jvp,
    .vjp = derivatives::zero_vjp,
    .saves = saves::nothing,
    .registers = register_array,
};

array full(const dims& shape, const scalar_value& value, device where) {
    return call(full_op, full_attributes{shape, value, where}, std::span<const array>());
}
array zeros(const dims& shape, dtype t, device where) { return full(shape, scalar_value(0).cast(t), where); }
array ones(const dims& shape, dtype t, device where) { return full(shape, scalar_value(1).cast(t), where); }
array empty(const dims& shape, dtype t, device where) {
    shapes::check_rank(shape, "array.empty");
    return detail::allocate({t, shape, where}, "array.empty");
}

array scalar_of(extent size, dtype t, device where) {
    return call(scalar_of_op, size_attributes{size, t, where}, std::span<const array>());
}

array zeros_like(const array& x) { return zeros(x.shape(), x.dtype(), x.device()); }
array ones_like(const array& x) { return ones(x.shape(), x.dtype(), x.device()); }
array empty_like(const array& x) { return empty(x.shape(), x.dtype(), x.device()); }

namespace detail {

void refuse_beyond_i64(std::uint64_t end) {
    throw value_error(text(arange_op.name, ": counts in i64, which does not hold ", end));
}

array arange_integers(std::int64_t start, std::int64_t stop, std::int64_t step, dtype t, device where) {
    if (step == 0) throw value_error(text(arange_op.name, ": the step from ", start, " to ", stop, " must not be 0"));
    std::uint64_t count = 0;
    if (step > 0 ? start < stop : start > stop) {
        const auto a = static_cast<std::uint64_t>(start), b = static_cast<std::uint64_t>(stop);
        const std::uint64_t distance = step > 0 ? b - a : a - b;
        const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : -static_cast<std::uint64_t>(step);
        count = (distance - 1) / stride + 1;
    }
    if (count > static_cast<std::uint64_t>(INT64_MAX))
        throw shape_error(text(arange_op.name, ": ", count, " elements are more than 64 bits can count"));
    const arange_attributes attrs{count, scalar_value(start), scalar_value(step), t, where};
    return call(arange_op, attrs, std::span<const array>());
}

array arange_reals(double start, double stop, double step, dtype t, device where) {
    if (step == 0) throw value_error(text(arange_op.name, ": the step from ", start, " to ", stop, " must not be 0"));
    const double count = std::ceil((stop - start) / step);
    if (!std::isfinite(start) || !std::isfinite(stop) || std::isnan(step))
        throw value_error(text(arange_op.name, ": ends must be finite and the step a number, got start ", start,
                               ", stop ", stop, ", step ", step));
    if (count >= 0x1p63)
        throw shape_error(text(arange_op.name, ": ", count, " elements are more than 64 bits can count"));
    const arange_attributes attrs{count > 0 ? static_cast<std::int64_t>(count) : 0, scalar_value(start),
                                  scalar_value(step), t, where};
    return call(arange_op, attrs, std::span<const array>());
}

}  // namespace detail

array linspace(double start, double stop, std::int64_t num, bool endpoint, dtype t, device where) {
    if (num < 0) throw value_error(text(linspace_op.name, ": num must not be negative, got ", num));
    return call(linspace_op, linspace_attributes{num, start, stop, endpoint, t, where}, std::span<const array>());
}

array eye(extent n, extent m, std::int64_t k, dtype t, device where) {
    return call(eye_op, eye_attributes{n, m, k, t, where}, std::span<const array>());
}

array arange(extent count, dtype t, device where) {
    const scalar_value zero(std::int64_t{0}), one(std::int64_t{1});
    return call(arange_op, arange_attributes{count, zero, one, t, where}, std::span<const array>());
}

void register_creation(registry& r) {
    for (const op* o : {&full_op, &scalar_of_op, &arange_op, &linspace_op, &eye_op}) r.add(*o);
    r.add_kernel(cpu.kind, full_op.name,
                 {.run = [](const kernel_args& args) { fill(args.out[0], args.attrs.as<full_attributes>().value); },
                  .label = "fill"});
    r.add_kernel(cpu.kind, scalar_of_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          fill(args.out[0], scalar_value(args.attrs.as<size_attributes>().size.value()));
                      },
                  .label = "fill"});
    r.add_kernel(cpu.kind, arange_op.name, {.run = run_arange, .label = "loop"});
    r.add_kernel(cpu.kind, linspace_op.name, {.run = run_linspace, .label = "loop"});
    r.add_kernel(cpu.kind, eye_op.name, {.run = run_eye, .label = "fill"});
}

}  // namespace tessera
