// A scaled matrix product on top of an array: BLAS's gemm. What a compiled optimiser step makes of W - rate X^T dY.
#include "addmm.hpp"

#include "tessera/array/batching.hpp"
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

void addmm_shape(const rule_args& args, std::span<spec* const> out) {
    const dims &c = args.in[0]->shape, &a = args.in[1]->shape, &b = args.in[2]->shape, &alpha = args.in[3]->shape;
    const bool fits = a.size() >= 2 && b.size() == a.size() && c.size() == a.size() && a.back() == b[b.size() - 2] &&
                      c[c.size() - 2] == a[a.size() - 2] && c.back() == b.back();
    if (!fits)
        throw shape_error(text(args.op.name, ": shapes do not fit: ", c, " plus ", a, " times ", b,
                               "; all are matrices, or batches of one shape"));
    for (std::size_t axis = 0; axis + 2 < c.size(); ++axis)
        if (!(c[axis] == a[axis] && c[axis] == b[axis]))
            throw shape_error(text(args.op.name, ": the batches of ", c, ", ", a, " and ", b, " differ"));
    if (!alpha.empty()) throw shape_error(text(args.op.name, ": alpha is one number, got shape ", alpha));
    out[0]->shape = c;
}

void addmm_dtype(const rule_args& args, std::span<spec* const> out) {
    dtypes::same(args, out);
    const dtype t = args.in[0]->dtype;
    if (t != f32 && t != f64 && !is_complex(t))
        throw dtype_error(text(args.op.name, ": takes f32, f64, c64 and c128, got ", t,
                               "; c + alpha * matmul(a, b) takes every dtype"));
}

void addmm_jvp(const jvp_args& args, std::span<array> out) {
    const array &a = args.in[1], &b = args.in[2], &alpha = args.in[3];
    const array &da = args.tangents[1], &db = args.tangents[2], &dalpha = args.tangents[3];
    array product;
    if (!da.is_null()) product = matmul(da, b);
    if (!db.is_null()) product = d::plus(product, matmul(a, db));
    out[0] = d::plus(args.tangents[0], d::times(product, alpha));
    if (!dalpha.is_null()) out[0] = d::plus(out[0], multiply(dalpha, matmul(a, b)));
}

// c' = y', a' = conj(alpha) y' b^H, b' = conj(alpha) a^H y', alpha' = sum(y' conj(a b))
void addmm_vjp(const vjp_args& args, std::span<array> in) {
    const array &a = args.in[1], &b = args.in[2], &alpha = args.in[3], &ct = args.cotangents[0];
    if (ct.is_null()) return;
    if (args.needs(0)) in[0] = ct;
    const auto scaled = [&](const array& x) { return d::times_conj(x, alpha); };
    if (args.needs(1)) in[1] = scaled(matmul(ct, matrix_transpose(conj(b))));
    if (args.needs(2)) in[2] = scaled(matmul(matrix_transpose(conj(a)), ct));
    if (args.needs(3)) in[3] = sum(d::times_conj(ct, matmul(a, b)));
}

// BLAS takes one alpha; one for every call is a product that is scaled by itself.
void batch_addmm(const batch_args& args, std::span<array> out, std::span<int>) {
    const array in[] = {batching::with_batch(args, 0), batching::with_batch(args, 1), batching::with_batch(args, 2),
                        args.in[3]};
    if (batching::is_batched(args, 3))
        out[0] = in[0] + batching::of_rank(in[3], in[0].shape().size() - 1) * matmul(in[1], in[2]);
    else
        apply(args.op, in, args.attrs, out);
}

}  // namespace

constinit const op addmm_op{
    .name = "linalg.addmm",
    .inputs = 4,
    .outputs = 1,
    .shape = addmm_shape,
    .dtype = addmm_dtype,
    .jvp = addmm_jvp,
    .vjp = addmm_vjp,
    .saves = saves::inputs,
    .batch = batch_addmm,
    .registers = register_linalg,
};

array addmm(const array& c, const array& a, const array& b, const array& alpha) {
    const array* const all[] = {&c, &a, &b, &alpha};
    for (std::size_t i = 0; i < 4; ++i)
        if (all[i]->is_null()) throw value_error(text(addmm_op.name, ": argument ", i, " is a null array"));
    const array in[] = {c, a, b, alpha.is_literal() ? astype(alpha, c.dtype()) : alpha};
    return call(addmm_op, {}, in);
}

}  // namespace tessera
