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

array as_operand(const array& x, dtype d) {
    if (!x.is_literal()) return astype(x, d);
    if (x.dtype() == d && !is_weak(x)) return x;
    const scalar_value& value = x.node()->value;
    if (is_integer(d) && is_integer(value.dtype) && !holds(d, value)) [[unlikely]]
        throw value_error(text("literal ", value, " is out of the range of ", d));
    node* n = new_node();
    n->literal = true;
    n->spec.dtype = d;
    std::construct_at(&n->value, value.cast(d));
    return array::adopt(n);
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
        if (a.dtype() != met || is_weak(a)) a_ = &(changed_a_ = as_operand(a, met));
        if (b.dtype() != met || is_weak(b)) b_ = &(changed_b_ = as_operand(b, met));
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
    return x.dtype() == met && !is_weak(x) ? x : (changed = as_operand(x, met));
}

}  // namespace

array unary(const op& o, scalar_code code, const array& x, dtype_change change) {
    array changed;
    return call(o, {}, met_operand(o, code, x, change, changed));
}

void unary_into(const op& o, scalar_code code, const array& x, const array& out, dtype_change change) {
    array changed;
    apply_into(o, {&met_operand(o, code, x, change, changed), 1}, {}, out);
}

array binary(const op& o, scalar_code code, const array& a, const array& b, dtype_change change) {
    const met_operands met(o, code, a, b, change);
    return call(o, {}, met.handles().all());
}

void binary_into(const op& o, scalar_code code, const array& a, const array& b, const array& out, dtype_change change) {
    const met_operands met(o, code, a, b, change);
    apply_into(o, met.handles().all(), {}, out);
}

array binary_reusing(const op& o, scalar_code code, array a, array b, dtype_change change) {
    require(o, a, 0);
    require(o, b, 1);
    const dtype met = change(result_type(a, b));
    require_takes(o, code, met);
    if (a.dtype() != met || is_weak(a)) a = as_operand(a, met);
    if (b.dtype() != met || is_weak(b)) b = as_operand(b, met);
    array in[] = {std::move(a), std::move(b)};
    return call_reusing(o, {}, in);
}

array& binary_assign(const op& o, scalar_code code, array& x, const array& other, dtype_change change) {
    const met_operands met(o, code, x, other, change);
    if (met.first_changed()) return x = call(o, {}, met.handles().all());
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
