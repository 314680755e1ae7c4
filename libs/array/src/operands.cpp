#include "operands.hpp"

#include <array>

#include "tessera/array/node.hpp"

namespace tessera {

dtype result_type(const array& a, const array& b) {
    const dtype x = a.dtype(), y = b.dtype();
    const bool weak_a = detail::is_weak(a), weak_b = detail::is_weak(b);
    if (!weak_a && !weak_b) return promote(x, y);
    const auto kind_a = static_cast<weak_kind>(a.node()->weak), kind_b = static_cast<weak_kind>(b.node()->weak);
    if (weak_a && weak_b) return default_dtype(promote(kind_a, kind_b));
    return weak_a ? promote(kind_a, y) : promote(x, kind_b);
}

namespace detail {

void require(const op& o, const array& x, int position) {
    if (x.is_null()) [[unlikely]]
        throw value_error(text(o.name, ": argument ", position, " is a null array"));
}

namespace {
// Bit d of entry c: whether code c takes dtype d.
constexpr auto taken = [] {
    std::array<std::uint32_t, scalar_code_count> bits{};
    for (std::size_t c = 0; c < bits.size(); ++c)
        for (int d = 0; d < dtype_count; ++d)
            if (takes(static_cast<scalar_code>(c), static_cast<dtype>(d))) bits[c] |= 1U << d;
    return bits;
}();
}  // namespace

void require_takes(const op& o, scalar_code code, dtype d) {
    if ((taken[static_cast<std::size_t>(code)] >> static_cast<unsigned>(d) & 1U) == 0) [[unlikely]]
        throw dtype_error(text(o.name, ": is not defined for ", d));
}

namespace {

bool is_negative(const scalar_value& v) {
    return kind(v.dtype) == dtype_kind::signed_integer && v.as<std::int64_t>() < 0;
}

// Casts wrap, so that -5 comes back from u64 unchanged; its sign does not.
bool holds(dtype d, const scalar_value& v) {
    const scalar_value cast = v.cast(d);
    return cast.cast(v.dtype) == v && is_negative(cast) == is_negative(v);
}

}  // namespace

array literal(const scalar_value& value, std::uint8_t weak) {
    node* n = new_node();
    n->literal = true;
    n->weak = weak;
    n->spec.dtype = value.dtype;
    std::construct_at(&n->value, value);
    return array::adopt(n);
}

array as_operand(const array& x, dtype d, std::string_view op_name) {
    if (!x.is_literal()) return x.dtype() == d ? x : astype(x, d);  // ops do not ask whether a traced value is weak
    if (x.dtype() == d && !is_weak(x)) return x;
    const scalar_value& value = x.node()->value;
    if (is_integer(d) && is_integer(value.dtype) && !holds(d, value)) [[unlikely]]
        throw value_error(text(op_name, ": literal ", value, " is out of the range of ", d));
    return literal(value.cast(d));
}

namespace {

// The operands in their common dtype: references where nothing changes, copies where something does.
class met_operands {
public:
    met_operands(const op& o, scalar_code code, const array& a, const array& b, dtype_change change) {
        require(o, a, 0);
        require(o, b, 1);
        a_ = &a;
        b_ = &b;
        const bool alike = a.dtype() == b.dtype() && !is_weak(a) && !is_weak(b);
        const dtype met = change(alike ? a.dtype() : result_type(a, b));
        require_takes(o, code, met);
        if (alike && met == a.dtype()) return;
        if (a.dtype() != met || is_weak(a)) a_ = &(changed_a_ = as_operand(a, met, o.name));
        if (b.dtype() != met || is_weak(b)) b_ = &(changed_b_ = as_operand(b, met, o.name));
    }
    borrowed_handles<2> handles() const { return borrowed_handles<2>(*a_, *b_); }
    bool first_changed() const { return a_ == &changed_a_; }
    const array& second() const { return *b_; }

private:
    const array* a_;
    const array* b_;
    array changed_a_, changed_b_;
};

const array& met_operand(const op& o, scalar_code code, const array& x, dtype_change change, array& changed) {
    require(o, x, 0);
    const dtype met = change(is_weak(x) ? default_dtype(static_cast<weak_kind>(x.node()->weak)) : x.dtype());
    require_takes(o, code, met);
    return x.dtype() == met && !is_weak(x) ? x : (changed = as_operand(x, met, o.name));
}

}  // namespace

namespace {

weak_kind weak_kind_of(dtype d) {
    return d == boolean    ? weak_kind::boolean
           : is_integer(d) ? weak_kind::integer
           : is_complex(d) ? weak_kind::complex
                           : weak_kind::floating;
}

// What an op makes of literals alone is a literal again: 2.0 * 3.0 beside an f16 stays f16.
array as_weak(const array& y) {
    const weak_kind kind = weak_kind_of(y.dtype());
    if (!y.node()->trace) return literal(y.item_value(), static_cast<std::uint8_t>(kind));
    y.node()->weak = static_cast<std::uint8_t>(kind);  // fresh from its tracer
    return y;
}

}  // namespace

array unary(const op& o, scalar_code code, const array& x, dtype_change change) {
    array changed;
    const array y = call(o, {}, met_operand(o, code, x, change, changed));
    return is_weak(x) ? as_weak(y) : y;
}

void unary_into(const op& o, scalar_code code, const array& x, const array& out, dtype_change change) {
    array changed;
    apply_into(o, {&met_operand(o, code, x, change, changed), 1}, {}, out);
}

namespace {
// Two plain arrays of one dtype that the op takes as it is.
bool are_met(scalar_code code, const array& a, const array& b, dtype_change change) {
    const node *x = a.node(), *y = b.node();
    if (!x || !y || !x->plain || !y->plain) return false;
    const dtype d = x->spec.dtype;
    return d == y->spec.dtype && (taken[static_cast<std::size_t>(code)] >> static_cast<unsigned>(d) & 1U) != 0 &&
           (change == unchanged || change(d) == d);
}
}  // namespace

array binary(const op& o, scalar_code code, const array& a, const array& b, dtype_change change) {
    array made;
    if (are_met(code, a, b, change) && quick_pair(o, *a.node(), *b.node(), &made, nullptr)) return made;
    const met_operands met(o, code, a, b, change);
    made = call(o, {}, met.handles().all());
    return is_weak(a) && is_weak(b) ? as_weak(made) : made;
}

void binary_into(const op& o, scalar_code code, const array& a, const array& b, const array& out, dtype_change change) {
    if (are_met(code, a, b, change) && quick_pair(o, *a.node(), *b.node(), nullptr, &out)) return;
    const met_operands met(o, code, a, b, change);
    apply_into(o, met.handles().all(), {}, out);
}

array binary_reusing(const op& o, scalar_code code, array a, array b, dtype_change change) {
    require(o, a, 0);
    require(o, b, 1);
    const dtype met = change(result_type(a, b));
    require_takes(o, code, met);
    const bool are_weak = is_weak(a) && is_weak(b);
    if (a.dtype() != met || is_weak(a)) a = as_operand(a, met, o.name);
    if (b.dtype() != met || is_weak(b)) b = as_operand(b, met, o.name);
    array in[] = {std::move(a), std::move(b)};
    array made = call_reusing(o, {}, in);
    return are_weak ? as_weak(made) : made;
}

array& binary_assign(const op& o, scalar_code code, array& x, const array& other, dtype_change change) {
    const met_operands met(o, code, x, other, change);
    if (met.first_changed()) {
        const bool are_weak = is_weak(x) && is_weak(other);
        x = call(o, {}, met.handles().all());
        return are_weak ? x = as_weak(x) : x;
    }
    const array second = met.second();  // before x moves: other may be x
    array in[] = {std::move(x), second};
    try {
        return x = call_reusing(o, {}, in);
    } catch (...) {
        x = std::move(in[0]);
        throw;
    }
}

}  // namespace detail

}  // namespace tessera
