#include "reduction_rules.hpp"

#include <numeric>

#include "tessera/array/batching.hpp"
#include "tessera/array/derivatives.hpp"
#include "tessera/array/rules.hpp"

namespace tessera {

axes reduced_axes::resolve(std::size_t rank, std::string_view op_name) const {
    if (!all_) return normalize_axes(listed_, rank, op_name);
    axes every;
    every.resize_for_overwrite(rank);
    std::iota(every.begin(), every.end(), 0);
    return every;
}

namespace reduction_rules {

void shape(const rule_args& args, std::span<spec* const> out) {
    const auto& how = args.attrs.as<reduction_attributes>();
    const dims& from = args.in[0]->shape;
    dims& to = out[0]->shape;
    to.clear();
    std::size_t next = 0;
    for (std::size_t a = 0; a < from.size(); ++a) {
        const bool is_reduced = next < how.axes.size() && static_cast<std::size_t>(how.axes[next]) == a;
        if (is_reduced) ++next;
        if (!is_reduced)
            to.push_back(from[a]);
        else if (how.keepdims)
            to.push_back(1);
    }
    if (next < how.axes.size())
        throw index_error(text(args.op.name, ": axes ", how.axes, " do not fit rank ",
                               static_cast<std::int64_t>(from.size()), "; they are sorted, distinct and not negative"));
}

array with_reduced_axes(const array& y, attributes attrs) {
    const auto& how = attrs.as<reduction_attributes>();
    return how.keepdims || how.axes.empty() ? y : expand_dims(y, how.axes);
}

array spread_cotangent(const array& ct, const vjp_args& args) {
    if (ct.is_null()) return ct;
    return derivatives::spread_to(ct.rank() == 0 ? ct : with_reduced_axes(ct, args.attrs), args.in[0].shape());
}

void batch(const batch_args& args, std::span<array> out, std::span<int>) {
    const auto& how = args.attrs.as<reduction_attributes>();
    const reduction_attributes batched{batching::behind_batch(how.axes), how.keepdims};
    out[0] = tessera::call(args.op, batched, args.in[0]);
}

array operand(const op& o, const array& x) {
    detail::require(o, x, 0);
    return detail::is_weak(x) ? detail::as_operand(x, default_dtype(static_cast<weak_kind>(x.node()->weak)), o.name)
                              : x;
}

array call(const op& o, const array& x, const reduced_axes& over, bool keepdims) {
    array quick;
    if (over.is_all() && !keepdims && detail::quick_reduction(o, x, quick)) return quick;
    detail::require(o, x, 0);
    const reduction_attributes attrs{over.resolve(x.shape().size(), o.name), keepdims};
    if (detail::is_weak(x)) [[unlikely]]
        return tessera::call(o, attrs, operand(o, x));
    return tessera::call(o, attrs, x);
}

void call_into(const op& o, const array& x, const reduced_axes& over, bool keepdims, const array& out) {
    const array from = operand(o, x);
    const reduction_attributes attrs{over.resolve(from.shape().size(), o.name), keepdims};
    apply_into(o, {&from, 1}, attrs, out);
}

}  // namespace reduction_rules

}  // namespace tessera
