#include "along_axis.hpp"

#include "tessera/array/batching.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/array/manipulation.hpp"
#include "tessera/array/views.hpp"

namespace tessera::along_axis {

void batch(const batch_args& args, std::span<array> out, std::span<int>) {
    detail::scratch_list<array> in(args.in.size());
    for (std::size_t i = 0; i < args.in.size(); ++i) in[i] = batching::with_batch(args, i);
    apply(args.op, in.all(), along_attributes{axis_of(args.attrs) + 1}, out);
}

array operand(const op& o, const array& x, int position) {
    detail::require(o, x, position);
    if (!detail::is_weak(x)) return x;
    return detail::as_operand(x, default_dtype(static_cast<weak_kind>(x.node()->weak)), o.name);
}

array shifted(const array& x, int axis, int first) {
    const auto at = static_cast<std::size_t>(axis);
    dims edge = x.shape();
    if (edge[at] == extent{0}) return x;
    edge[at] = 1;
    inline_vector<index_item> index(at, whole);
    index.push_back(range(none, -1));
    return concat({full(edge, first, x.dtype(), x.device()), slice(x, {index.data(), index.size()})}, axis);
}

array positions(const array& like, int axis) {
    dims shape(like.shape().size(), extent{1});
    shape[static_cast<std::size_t>(axis)] = like.extent(axis);
    return reshape(arange(like.extent(axis), i64, like.device()), shape);
}

}  // namespace tessera::along_axis
