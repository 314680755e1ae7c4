// Ops are data: a name and the rules that hold on every device. Kernels are registered apart, by name (backend.hpp).
// A user's op in a user's repository is made of the same parts:
//     constinit const op softsign_op{.name = "user.softsign", .inputs = 1, .outputs = 1,
//                                    .shape = shapes::same, .dtype = dtypes::same, .jvp = ..., .vjp = ...,
//                                    .scalar = ..., .registers = register_softsign};
//     array softsign(const array& x) { return call(softsign_op, {}, x); }
#pragma once

#include <array>
#include <atomic>
#include <span>
#include <string_view>

#include "tessera/array/array.hpp"
#include "tessera/array/attributes.hpp"

namespace tessera {

struct op;
struct op_record;
class registry;
class scalar_builder;
struct scalar_operand;

// What shape, dtype and device rules see: specs, never data.
struct rule_args {
    const tessera::op& op;
    std::span<const tessera::spec* const> in;
    attributes attrs;
};
// A rule fills its part of every output's spec and throws shape_error, dtype_error or index_error on bad input.
using shape_rule = void (*)(const rule_args&, std::span<tessera::spec* const> out);
using dtype_rule = void (*)(const rule_args&, std::span<tessera::spec* const> out);
using device_rule = tessera::device (*)(const rule_args&);

// Forward mode: tangents of the outputs from those of the inputs. A null tangent is zero. Written in public ops.
struct jvp_args {
    const tessera::op& op;
    attributes attrs;
    std::span<const array> in, out;   // primals
    std::span<const array> tangents;  // one per input
};
using jvp_rule = void (*)(const jvp_args&, std::span<array> out_tangents);

// Reverse mode: cotangents of the inputs from those of the outputs. Null is zero; leave null what needs(i) does not
// ask. in and out hold data only where the op's `saves` says so; their specs are always there.
struct vjp_args {
    const tessera::op& op;
    attributes attrs;
    std::span<const array> in, out;
    std::span<const array> cotangents;  // one per output
    std::span<const bool> needed;       // one per input
    bool needs(std::size_t i) const { return needed[i]; }
};
using vjp_rule = void (*)(const vjp_args&, std::span<array> in_cotangents);

// Which data the vjp rule reads; the tape keeps nothing else alive.
enum class saves : std::uint8_t { nothing = 0, inputs = 1, outputs = 2, everything = 3 };

// Many calls at once (vmap): batched inputs have one axis more, the first, and all of one size. Says where each output
// has that axis; 0 unless the rule changes it. Written in public ops; helpers are in batching.hpp.
struct batch_args {
    const tessera::op& op;
    attributes attrs;
    std::span<const array> in;
    std::span<const int> batch_axes;  // one per input: 0, or -1 where not batched; at least one is batched
};
using batch_rule = void (*)(const batch_args&, std::span<array> out, std::span<int> out_axes);

// The op in public ops: what runs when a device has no kernel, and what missing rules are derived from.
using body_rule = void (*)(std::span<const array> in, attributes, std::span<array> out);

// A view: where the elements lie in the input's buffer. out.shape is known; returns false when no strides can
// say it (a reshape of a transposed array), and the op's kernel runs instead.
struct view_args {
    const tessera::op& op;
    attributes attrs;
    const tessera::spec& in;
    const strides& in_steps;
    const tessera::spec& out;
};
using view_rule = bool (*)(const view_args&, strides& out_steps, std::int64_t& offset);

// One element as a tiny typed program (scalar_program.hpp).
using scalar_rule = scalar_operand (*)(scalar_builder&, std::span<const scalar_operand> in, attributes);

// Trailing ranks of the inputs one call works on (element-wise 0, solve 2), when leading axes broadcast: the batch rule
// of ops without their own. -1: not so.
struct core_ranks {
    int in = -1;
    int out = -1;
};
inline constexpr core_ranks element_wise{0, 0};

// Ops that fold the elements along axes, in the order all reductions keep, and take reduction_attributes: what a fuser
// may feed element by element.
enum class reduction_kind : std::uint8_t { no_reduction, sum, mean, product, maximum, minimum, any, all };

// Adds a library's ops and kernels; called once, when one of its ops is first used.
using registrar = void (*)(registry&);

inline constexpr int any_number = -1;

struct op {
    std::string_view name;  // "library.op"
    int inputs;             // any_number for variadic ops
    int outputs;            // any_number where the attributes say how many
    shape_rule shape;
    dtype_rule dtype;
    device_rule device = nullptr;  // default: where the inputs are
    jvp_rule jvp = nullptr;
    vjp_rule vjp = nullptr;
    tessera::saves saves = saves::everything;
    batch_rule batch = nullptr;
    core_ranks core = {};
    body_rule body = nullptr;
    view_rule view = nullptr;
    scalar_rule scalar = nullptr;
    reduction_kind reduces = reduction_kind::no_reduction;
    bool is_matrix_product = false;    // of the last two axes: (a b)^T = b^T a^T, which a compiler may choose
    const op* accumulating = nullptr;  // g(c, in..., alpha) = c + alpha f(in...), for f32, f64 and complex numbers
    registrar registers = nullptr;
    mutable std::atomic<op_record*> record{nullptr};  // set at first use; leave it alone
};

// Runs an op: by the tracer of the highest level among the inputs, else by the staging tracer, else now.
// out.size() == op.outputs. Throws the rules' errors, no_kernel, device_error, before anything is written.
TESSERA_ARRAY_API void apply(const op&, std::span<const array> in, attributes, std::span<array> out);

// Runs an op with one output into a destination of exactly the result's spec; a view of a larger array will do. Overlap
// with an input behaves as if the input had been copied. Throws value_error when an input is traced, out is read-only,
// or a program is being captured.
TESSERA_ARRAY_API void apply_into(const op&, std::span<const array> in, attributes, const array& out);

// What public functions are made of.
TESSERA_ARRAY_API array call(const op&, attributes, const array& a);
TESSERA_ARRAY_API array call(const op&, attributes, const array& a, const array& b);
TESSERA_ARRAY_API array call(const op&, attributes, std::span<const array> in);

// Like call; memory of an operand given as an rvalue may become the result's, when nobody else sees it.
TESSERA_ARRAY_API array call_reusing(const op&, attributes, std::span<array> in);

// Evaluates without looking for traces: what a tracer calls for values below every level.
TESSERA_ARRAY_API void evaluate(const op&, std::span<const array> in, attributes, std::span<array> out);

// The output specs alone.
TESSERA_ARRAY_API void infer(const op&, std::span<const tessera::spec* const> in, attributes,
                             std::span<tessera::spec> out);

}  // namespace tessera
