// tril, triu, diagonals.
#include "tessera/array/triangles.hpp"

#include "along_axis.hpp"
#include "cpu/elementwise.hpp"
#include "cpu/triangle.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

struct triangle_attributes {
    std::int64_t k;
    auto fields() const { return std::tie(k); }
};
struct embed_attributes {
    std::int64_t k;
    extent rows, columns;
    auto fields() const { return std::tie(k, rows, columns); }
};

namespace {

void require_matrices(const op& o, const dims& shape) {
    if (shape.size() < 2) throw shape_error(text(o.name, ": needs at least two axes, got shape ", shape));
}

void matrix_shape(const rule_args& args, std::span<spec* const> out) {
    require_matrices(args.op, args.in[0]->shape);
    out[0]->shape = args.in[0]->shape;
}

// How many elements diagonal k of an (n, m) matrix has.
extent diagonal_size(extent n, extent m, std::int64_t k) {
    const extent skipped = k < 0 ? -(k + 1) : k;
    extent& cut = k < 0 ? n : m;
    if (k < 0) cut = max(cut, skipped + 1) - (skipped + 1);
    if (k > 0) cut = max(cut, skipped) - skipped;
    return min(n, m);
}

template <array (*Part)(const array&, std::int64_t)> constexpr op triangle_op(std::string_view name) {
    return {.name = name,
            .inputs = 1,
            .outputs = 1,
            .shape = matrix_shape,
            .dtype = dtypes::first,
            .jvp =
                [](const jvp_args& args, std::span<array> out) {
                    if (!args.tangents[0].is_null())
                        out[0] = Part(args.tangents[0], args.attrs.as<triangle_attributes>().k);
                },
            .vjp =
                [](const vjp_args& args, std::span<array> in) {
                    if (!args.cotangents[0].is_null())
                        in[0] = Part(args.cotangents[0], args.attrs.as<triangle_attributes>().k);
                },
            .saves = saves::nothing,
            .core = {2, 2},
            .registers = register_array};
}

array embed(const array& x, std::int64_t k, extent rows, extent columns);
array diagonal_of(const array& x, std::int64_t k);

void embed_kernel(const kernel_args& args) {
    const any_view& out = args.out[0];
    const std::int64_t k = args.attrs.as<embed_attributes>().k;
    cpu_kernels::write_zeros(out);
    any_view region = args.in[0];  // its shape
    const std::int64_t row = out.strides[out.rank - 2], column = out.strides[out.rank - 1];
    strides steps(std::span<const std::int64_t>(out.strides, static_cast<std::size_t>(region.rank)));
    steps.back() = row + column;
    region.data = out.data;
    region.strides = steps.data();
    region.offset = out.offset + (region.size() == 0 ? 0 : k < 0 ? -k * row : k * column);
    cpu_kernels::copy_elements(args.in[0], region);
}

}  // namespace

constinit const op tril_op = triangle_op<tril>("array.tril");
constinit const op triu_op = triangle_op<triu>("array.triu");

// Of the last two axes.
constinit const op diagonal_op{
    .name = "array.diagonal",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const dims& from = args.in[0]->shape;
            require_matrices(args.op, from);
            const std::size_t rank = from.size();
            dims& shape = out[0]->shape;
            shape = from;
            shape.resize_for_overwrite(rank - 1);
            shape[rank - 2] = diagonal_size(from[rank - 2], from[rank - 1], args.attrs.as<triangle_attributes>().k);
        },
    .dtype = dtypes::first,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            if (!args.tangents[0].is_null())
                out[0] = diagonal_of(args.tangents[0], args.attrs.as<triangle_attributes>().k);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null())
                in[0] = embed(args.cotangents[0], args.attrs.as<triangle_attributes>().k, args.in[0].extent(-2),
                              args.in[0].extent(-1));
        },
    .saves = saves::nothing,
    .core = {2, 1},
    .view =
        [](const view_args& args, strides& steps, std::int64_t& offset) {
            const std::int64_t k = args.attrs.as<triangle_attributes>().k;
            const std::size_t rank = args.in_steps.size();
            const std::int64_t row = args.in_steps[rank - 2], column = args.in_steps[rank - 1];
            steps = args.in_steps;
            steps.resize_for_overwrite(rank - 1);
            steps[rank - 2] = row + column;
            if (args.out.shape[rank - 2].value() > 0) offset += k < 0 ? -k * row : k * column;
            return true;
        },
    .registers = register_array,
};

constinit const op embed_diagonal_op{
    .name = "array.embed_diagonal",
    .inputs = 1,
    .outputs = 1,
    .shape =
        [](const rule_args& args, std::span<spec* const> out) {
            const auto& how = args.attrs.as<embed_attributes>();
            dims& shape = out[0]->shape;
            shape = args.in[0]->shape;
            if (const extent size = diagonal_size(how.rows, how.columns, how.k); !(shape.back() == size))
                throw shape_error(text(args.op.name, ": diagonal ", how.k, " of (", how.rows, ", ", how.columns,
                                       ") matrices has ", size, " elements, got shape ", shape));
            shape.back() = how.rows;
            shape.push_back(how.columns);
            shapes::check_rank(shape, args.op.name);
        },
    .dtype = dtypes::first,
    .jvp =
        [](const jvp_args& args, std::span<array> out) {
            const auto& how = args.attrs.as<embed_attributes>();
            if (!args.tangents[0].is_null()) out[0] = embed(args.tangents[0], how.k, how.rows, how.columns);
        },
    .vjp =
        [](const vjp_args& args, std::span<array> in) {
            if (!args.cotangents[0].is_null())
                in[0] = diagonal_of(args.cotangents[0], args.attrs.as<embed_attributes>().k);
        },
    .saves = saves::nothing,
    .core = {1, 2},
    .registers = register_array,
};

namespace {

array embed(const array& x, std::int64_t k, extent rows, extent columns) {
    return call(embed_diagonal_op, embed_attributes{k, rows, columns}, x);
}
array diagonal_of(const array& x, std::int64_t k) { return call(diagonal_op, triangle_attributes{k}, x); }

}  // namespace

array tril(const array& x, std::int64_t k) {
    return call(tril_op, triangle_attributes{k}, along_axis::operand(tril_op, x));
}
array triu(const array& x, std::int64_t k) {
    return call(triu_op, triangle_attributes{k}, along_axis::operand(triu_op, x));
}

array diagonal(const array& given, std::int64_t k, int row_axis, int column_axis) {
    const array x = along_axis::operand(diagonal_op, given);
    require_matrices(diagonal_op, x.shape());
    const std::size_t rank = x.shape().size();
    const int row = normalize_axis(row_axis, rank, diagonal_op.name);
    const int column = normalize_axis(column_axis, rank, diagonal_op.name);
    if (row == column)
        throw index_error(
            text(diagonal_op.name, ": rows and columns need two axes, got ", row_axis, " and ", column_axis));
    if (row + 2 == x.rank() && column + 1 == x.rank()) return diagonal_of(x, k);
    return diagonal_of(moveaxis(x, axes{row, column}, axes{-2, -1}), k);
}

array embed_diagonal(const array& given, std::int64_t k) {
    const array x = along_axis::operand(embed_diagonal_op, given);
    if (x.rank() == 0)
        throw shape_error(text(embed_diagonal_op.name, ": an array of rank 0 has no axis to put on a diagonal"));
    const extent n = x.extent(-1) + extent{k < 0 ? -k : k};
    return embed(x, k, n, n);
}

array diag(const array& x, std::int64_t k) {
    constexpr std::string_view name = "array.diag";
    if (x.is_null()) throw value_error(text(name, ": argument 0 is a null array"));
    if (x.rank() != 1 && x.rank() != 2)
        throw shape_error(text(name, ": takes a vector or a matrix, got shape ", x.shape()));
    return x.rank() == 1 ? embed_diagonal(x, k) : diagonal(x, k);
}

array trace(const array& x, std::int64_t k) { return sum(diagonal(x, k), -1); }

void register_triangles(registry& r) {
    for (const op* o : {&tril_op, &triu_op, &diagonal_op, &embed_diagonal_op}) r.add(*o);
    r.add_kernel(
        cpu.kind, tril_op.name,
        {.run =
             [](const kernel_args& args) { cpu_kernels::triangle(args, args.attrs.as<triangle_attributes>().k, true); },
         .label = "rows"});
    r.add_kernel(cpu.kind, triu_op.name,
                 {.run =
                      [](const kernel_args& args) {
                          cpu_kernels::triangle(args, args.attrs.as<triangle_attributes>().k, false);
                      },
                  .label = "rows"});
    r.add_kernel(cpu.kind, embed_diagonal_op.name, {.run = embed_kernel, .label = "fill"});
}

}  // namespace tessera
