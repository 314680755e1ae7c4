#include "tessera/linalg/matmul.hpp"

#include "addmm.hpp"
#include "cpu/matmul.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

namespace {

dims leading(const dims& shape) { return dims(std::span(shape.data(), shape.size() - 2)); }

[[noreturn]] void refuse_shapes(std::string_view op_name, const dims& a, const dims& b) {
    throw shape_error(text(op_name, ": shapes do not fit: ", a, " times ", b,
                           "; the last axis of the first must be as long as the second to last of the second"));
}

void matmul_shape(const rule_args& args, std::span<spec* const> out) {
    const dims &a = args.in[0]->shape, &b = args.in[1]->shape;
    if (a.size() < 2 || b.size() < 2)
        throw shape_error(text(args.op.name, ": takes matrices or batches of them, got ", a, " and ", b));
    if (!(a.back() == b[b.size() - 2])) refuse_shapes(args.op.name, a, b);
    dims& shape = out[0]->shape;
    shape = shapes::broadcast(leading(a), leading(b), args.op.name);
    shape.push_back(a[a.size() - 2]);
    shape.push_back(b.back());
}

// C = A B: dC = dA B + A dB
void matmul_jvp(const jvp_args& args, std::span<array> out) {
    const array &da = args.tangents[0], &db = args.tangents[1];
    const array left = da.is_null() ? da : matmul(da, args.in[1]);
    const array right = db.is_null() ? db : matmul(args.in[0], db);
    out[0] = d::plus(left, right);
}

bool is_column_major(const array& x) { return !x.is_contiguous() && matrix_transpose(x).is_contiguous(); }

// x y in the memory order of `like`: the gradient of a transposed weight is then walked together with the weight, not
// across it, by whoever adds the two.
array product_like(const array& like, const array& x, const array& y) {
    if (!is_column_major(like)) return matmul(x, y);
    return matrix_transpose(matmul(matrix_transpose(y), matrix_transpose(x)));
}

array all_rows(const array& x) {
    return reshape(x, {element_count(dims(std::span(x.shape().data(), x.shape().size() - 1))), x.shape().back()});
}

// A' = C' B^H, B' = A^H C'
void matmul_vjp(const vjp_args& args, std::span<array> in) {
    const array &a = args.in[0], &b = args.in[1], &ct = args.cotangents[0];
    if (ct.is_null()) return;
    if (args.needs(0)) in[0] = d::sum_to(product_like(a, ct, matrix_transpose(conj(b))), a.shape());
    // What many matrices give one is a product over all their rows.
    if (args.needs(1) && b.rank() == 2 && a.rank() > 2)
        in[1] = product_like(b, matrix_transpose(conj(all_rows(a))), all_rows(ct));
    else if (args.needs(1))
        in[1] = d::sum_to(product_like(b, matrix_transpose(conj(a)), ct), b.shape());
}

}  // namespace

constinit const op matmul_op{
    .name = "linalg.matmul",
    .inputs = 2,
    .outputs = 1,
    .shape = matmul_shape,
    .dtype = dtypes::same,
    .jvp = matmul_jvp,
    .vjp = matmul_vjp,
    .saves = saves::inputs,
    .core = {2, 2},
    .is_matrix_product = true,
    .accumulating = &addmm_op,
    .registers = register_linalg,
};

namespace {

struct operands {
    array a, b;
};

operands met(const array& a, const array& b) {
    for (const array* x : {&a, &b})
        if (x->is_null()) throw value_error(text(matmul_op.name, ": argument ", x == &a ? 0 : 1, " is a null array"));
    if (a.rank() == 0 || b.rank() == 0)
        throw shape_error(text(matmul_op.name, ": takes arrays of rank 1 and above, got shapes ", a.shape(), " and ",
                               b.shape(), "; multiply(a, b) scales"));
    const dtype common = result_type(a, b);
    return {astype(a, common), astype(b, common)};
}

}  // namespace

array matmul(const array& a, const array& b) {
    const operands in = met(a, b);
    const bool row = a.rank() == 1, column = b.rank() == 1;
    if (!row && !column) [[likely]]
        return call(matmul_op, {}, in.a, in.b);
    const tessera::extent inner = b.shape()[column ? 0 : b.shape().size() - 2];
    if (!(a.shape().back() == inner)) refuse_shapes(matmul_op.name, a.shape(), b.shape());
    array product = call(matmul_op, {}, row ? expand_dims(in.a, 0) : in.a, column ? expand_dims(in.b, 1) : in.b);
    if (column) product = squeeze(product, -1);
    if (row) product = squeeze(product, column ? -1 : -2);
    return product;
}

void matmul(const array& a, const array& b, const array& out) {
    const operands in = met(a, b);
    const array both[] = {in.a, in.b};
    apply_into(matmul_op, both, {}, out);
}

void register_matmul(registry& r) {
    r.add(matmul_op);
    r.add_kernel(cpu.kind, matmul_op.name, cpu_kernels::matmul_blas());
    r.add_kernel(cpu.kind, matmul_op.name, cpu_kernels::matmul_own());
    r.add(addmm_op);
    r.add_kernel(cpu.kind, addmm_op.name, cpu_kernels::addmm_blas());
}

}  // namespace tessera
