#include "tessera/linalg/solve.hpp"

#include "cpu/solve.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/reductions.hpp"
#include "tessera/array/rules.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/linalg/matmul.hpp"
#include "topics.hpp"

namespace tessera {

namespace d = derivatives;

namespace {

dims without_last(const dims& shape, std::size_t count) { return dims(std::span(shape.data(), shape.size() - count)); }

void require_square(std::string_view op_name, const dims& a) {
    if (a.size() < 2 || !(a.back() == a[a.size() - 2]))
        throw shape_error(text(op_name, ": takes square matrices or batches of them, got ", a));
}

void lapack_dtypes(const rule_args& args, std::span<spec* const> out) {
    dtypes::same(args, out);
    const dtype t = args.in[0]->dtype;
    if (t != f32 && t != f64 && !is_complex(t))
        throw dtype_error(text(args.op.name, ": takes f32, f64, c64 and c128, got ", t));
}

array adjoint(const array& x) { return matrix_transpose(conj(x)); }

// The sum over the last two axes of x's elements times conj of y's: <y, x>.
array inner(const array& x, const array& y) { return sum(multiply(x, conj(y)), {-2, -1}); }

// A number per matrix, as a factor of the matrices.
array over_matrices(const array& x) { return expand_dims(expand_dims(x, -1), -1); }

void solve_shape(const rule_args& args, std::span<spec* const> out) {
    const dims &a = args.in[0]->shape, &b = args.in[1]->shape;
    require_square(args.op.name, a);
    if (b.size() < 2 || !(b[b.size() - 2] == a.back()))
        throw shape_error(text(args.op.name, ": shapes do not fit: ", a, " x = ", b));
    dims& shape = out[0]->shape;
    shape = shapes::broadcast(without_last(a, 2), without_last(b, 2), args.op.name);
    shape.push_back(a.back());
    shape.push_back(b.back());
}

// a x = b: dx = a^-1 (db - da x)
void solve_jvp(const jvp_args& args, std::span<array> out) {
    const array &da = args.tangents[0], &db = args.tangents[1];
    const array moved = da.is_null() ? da : negative(matmul(da, args.out[0]));
    const array right = d::plus(db, moved);
    if (!right.is_null()) out[0] = solve(args.in[0], d::spread_to(right, args.out[0].shape()));
}

// b' = a^-H x', a' = -b' x^H
void solve_vjp(const vjp_args& args, std::span<array> in) {
    if (args.cotangents[0].is_null()) return;
    const array right = solve(adjoint(args.in[0]), args.cotangents[0]);
    if (args.needs(1)) in[1] = d::sum_to(right, args.in[1].shape());
    if (args.needs(0)) in[0] = d::sum_to(negative(matmul(right, adjoint(args.out[0]))), args.in[0].shape());
}

void inv_shape(const rule_args& args, std::span<spec* const> out) {
    require_square(args.op.name, args.in[0]->shape);
    out[0]->shape = args.in[0]->shape;
}

// y = a^-1: dy = -y da y, a' = -y^H y' y^H
void inv_jvp(const jvp_args& args, std::span<array> out) {
    const array& y = args.out[0];
    if (!args.tangents[0].is_null()) out[0] = negative(matmul(matmul(y, args.tangents[0]), y));
}
void inv_vjp(const vjp_args& args, std::span<array> in) {
    if (args.cotangents[0].is_null()) return;
    const array y = adjoint(args.out[0]);
    in[0] = negative(matmul(matmul(y, args.cotangents[0]), y));
}

void one_per_matrix(const rule_args& args, std::span<spec* const> out) {
    require_square(args.op.name, args.in[0]->shape);
    for (spec* s : out) s->shape = without_last(args.in[0]->shape, 2);
}

void slogdet_dtype(const rule_args& args, std::span<spec* const> out) {
    lapack_dtypes(args, out);
    out[1]->dtype = real_part(args.in[0]->dtype);
}

// With t = tr(a^-1 da): d logabsdet = Re t, d sign = i sign Im t, which is 0 for real a.
void slogdet_jvp(const jvp_args& args, std::span<array> out) {
    if (args.tangents[0].is_null()) return;
    const array t = inner(args.tangents[0], adjoint(inv(args.in[0])));
    out[1] = real(t);
    if (is_complex(t.dtype())) out[0] = multiply(args.out[0], subtract(t, astype(real(t), t.dtype())));
}

// a' = (logabsdet' + i Im(sign' conj(sign))) a^-H
void slogdet_vjp(const vjp_args& args, std::span<array> in) {
    const dtype t = args.in[0].dtype();
    array factor = args.cotangents[1].is_null() ? array() : astype(args.cotangents[1], t);
    if (const array& ct = args.cotangents[0]; is_complex(t) && !ct.is_null()) {
        const array turned = multiply(ct, conj(args.out[0]));
        factor = d::plus(factor, subtract(turned, astype(real(turned), t)));
    }
    if (!factor.is_null()) in[0] = multiply(over_matrices(factor), adjoint(inv(args.in[0])));
}

void det_jvp(const jvp_args& args, std::span<array> out) {
    if (!args.tangents[0].is_null()) out[0] = multiply(args.out[0], inner(args.tangents[0], adjoint(inv(args.in[0]))));
}
void det_vjp(const vjp_args& args, std::span<array> in) {
    if (args.cotangents[0].is_null()) return;
    const array factor = multiply(args.cotangents[0], conj(args.out[0]));
    in[0] = multiply(over_matrices(factor), adjoint(inv(args.in[0])));
}

}  // namespace

constinit const op solve_op{
    .name = "linalg.solve",
    .inputs = 2,
    .outputs = 1,
    .shape = solve_shape,
    .dtype = lapack_dtypes,
    .jvp = solve_jvp,
    .vjp = solve_vjp,
    .core = {2, 2},
    .registers = register_linalg,
};

constinit const op inv_op{
    .name = "linalg.inv",
    .inputs = 1,
    .outputs = 1,
    .shape = inv_shape,
    .dtype = lapack_dtypes,
    .jvp = inv_jvp,
    .vjp = inv_vjp,
    .saves = saves::outputs,
    .core = {2, 2},
    .registers = register_linalg,
};

constinit const op slogdet_op{
    .name = "linalg.slogdet",
    .inputs = 1,
    .outputs = 2,
    .shape = one_per_matrix,
    .dtype = slogdet_dtype,
    .jvp = slogdet_jvp,
    .vjp = slogdet_vjp,
    .core = {2, 0},
    .registers = register_linalg,
};

constinit const op det_op{
    .name = "linalg.det",
    .inputs = 1,
    .outputs = 1,
    .shape = one_per_matrix,
    .dtype = lapack_dtypes,
    .jvp = det_jvp,
    .vjp = det_vjp,
    .core = {2, 0},
    .registers = register_linalg,
};

namespace {

// What LAPACK computes a dtype in: narrow floats in f32.
dtype computed_in(dtype t, const op& o) {
    if (!is_inexact(t))
        throw dtype_error(text(o.name, ": takes floats and complex numbers, got ", t, "; astype(a, f64) makes them"));
    return t == f32 || t == f64 || is_complex(t) ? t : f32;
}

array matrix_operand(const op& o, const array& a) {
    if (a.is_null()) throw value_error(text(o.name, ": argument 0 is a null array"));
    return astype(a, computed_in(a.dtype(), o));
}

}  // namespace

array solve(const array& a, const array& b) {
    for (const array* x : {&a, &b})
        if (x->is_null()) throw value_error(text(solve_op.name, ": argument ", x == &a ? 0 : 1, " is a null array"));
    computed_in(a.dtype(), solve_op);  // integers are refused even where b would make floats of them
    const dtype common = computed_in(result_type(a, b), solve_op);
    const array matrix = astype(a, common), right = astype(b, common);
    if (b.rank() == 0) throw shape_error(text(solve_op.name, ": the right side is a vector or matrices, got rank 0"));
    if (b.rank() > 1) return call(solve_op, {}, matrix, right);
    return squeeze(call(solve_op, {}, matrix, expand_dims(right, 1)), -1);
}

array inv(const array& a) { return call(inv_op, {}, matrix_operand(inv_op, a)); }

slogdet_result slogdet(const array& a) {
    const array in[] = {matrix_operand(slogdet_op, a)};
    array out[2];
    apply(slogdet_op, in, {}, out);
    return {out[0], out[1]};
}

array det(const array& a) { return call(det_op, {}, matrix_operand(det_op, a)); }

void register_solve(registry& r) {
    r.add(solve_op);
    r.add_kernel(cpu.kind, solve_op.name, cpu_kernels::solve_lapack());
    r.add(inv_op);
    r.add_kernel(cpu.kind, inv_op.name, cpu_kernels::inv_lapack());
    r.add(slogdet_op);
    r.add_kernel(cpu.kind, slogdet_op.name, cpu_kernels::slogdet_lapack());
    r.add(det_op);
    r.add_kernel(cpu.kind, det_op.name, cpu_kernels::det_lapack());
}

}  // namespace tessera
