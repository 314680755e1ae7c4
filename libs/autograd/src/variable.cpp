// Variables: leaves of the tape of level 0, which every thread shares and which never closes.
#include "tessera/autograd/variable.hpp"

#include "leaves.hpp"
#include "tape.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "watch.hpp"

namespace tessera {

namespace detail {

namespace {

// The untraced value of x. Throws for one that lives inside a transform.
array untraced(std::string_view what, const array& x) {
    array below = peel(x, 0);
    if (below.node()->trace)
        throw value_error(text("variable: ", what, ", ", x.spec(), ", belongs to a transform that is running"));
    return below;
}

array new_leaf(const array& value) {
    counted<tape_node> n = new_tape_node();
    n->saved.resize(1);
    n->saved[0] = spec_only(value.spec());
    n->watched = std::make_shared<gradient_watch>();
    n->watched->keeps_gradient = true;
    return tape_of_variables().trace(value, {std::move(n), 0});
}

}  // namespace

}  // namespace detail

namespace autograd {

using detail::edge_of;
using detail::tape_edge;

namespace {

array as_variable(const array& x) {
    detail::require_differentiable("variable", x, 0);
    if (edge_of(x, 0)) return x;
    const array value = detail::untraced("the value", x);
    const spec& like = value.spec();
    return detail::new_leaf(value.is_literal() ? full(like.shape, value.node()->value, like.device) : value);
}

const tape_edge& edge_of_variable(const array& x) {
    const tape_edge* edge = edge_of(x, 0);
    if (!edge) throw value_error("variable: it was assigned a value that was not computed from variables");
    return *edge;
}

detail::gradient_watch* watch_of(const array& x) {
    const tape_edge& edge = edge_of_variable(x);
    return detail::watch_of(*edge.node, edge.output).get();
}

}  // namespace

variable::variable(const array& x) : array(as_variable(x)) {}

bool variable::is_leaf() const { return !edge_of_variable(*this).node->operation; }

array variable::value() const { return peel(*this, 0); }

void variable::set(const array& x) {
    if (!is_leaf())
        throw value_error(text("variable: set: this value was computed by ",
                               edge_of_variable(*this).node->operation->name,
                               "; only leaves have values of their own"));
    if (x.is_null()) throw value_error("variable: set: the new value is a null array");
    node()->trace->value =
        detail::matching("variable", "the new value", detail::untraced("the new value", x), spec(), 0);
}

variable& variable::assign(const array& x, const char* how) {
    if (!detail::is_recording_off())
        throw value_error(text("variable: ", how,
                               " outside of no_grad: in a gradient's way a leaf cannot change; write set, or "
                               "open a no_grad scope"));
    set(x);
    return *this;
}
variable& variable::operator+=(const array& x) { return assign(value() + x, "+="); }
variable& variable::operator-=(const array& x) { return assign(value() - x, "-="); }
variable& variable::operator*=(const array& x) { return assign(value() * x, "*="); }
variable& variable::operator/=(const array& x) { return assign(value() / x, "/="); }

array variable::grad() const {
    const detail::gradient_watch* watch = watch_of(*this);
    return watch ? watch->gradient_so_far() : array();
}

void variable::zero_grad() {
    if (detail::gradient_watch* watch = watch_of(*this)) watch->forget();
}

void variable::keep_grad() {
    const tape_edge& edge = edge_of_variable(*this);
    detail::watch(*edge.node, edge.output).keep();
}

std::size_t variable::add_hook(gradient_hook hook) {
    if (!hook) throw value_error("variable: add_hook: the hook is empty");
    const tape_edge& edge = edge_of_variable(*this);
    return detail::watch(*edge.node, edge.output).add_hook(std::move(hook));
}

void variable::remove_hook(std::size_t number) {
    detail::gradient_watch* watch = watch_of(*this);
    if (!watch || !watch->remove_hook(number))
        throw value_error(text("variable: remove_hook: there is no hook ", number));
}

no_grad::no_grad() { detail::count_recording_off(1); }
no_grad::~no_grad() { detail::count_recording_off(-1); }

}  // namespace autograd

}  // namespace tessera
