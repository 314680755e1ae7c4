#include "tessera/array/batching.hpp"

#include "apply.hpp"
#include "tessera/array/views.hpp"

namespace tessera::batching {

extent size(const batch_args& args) {
    std::size_t i = 0;
    while (!is_batched(args, i)) ++i;
    return args.in[i].shape()[0];
}

array with_batch(const batch_args& args, std::size_t input) {
    const array& x = args.in[input];
    return is_batched(args, input) ? x : broadcast_to(x, with_batch(size(args), x.shape()));
}

array of_rank(const array& batched, std::size_t rank) {
    axes added;
    for (std::size_t i = batched.shape().size(); i < rank + 1; ++i) added.push_back(static_cast<int>(added.size()) + 1);
    return added.empty() ? batched : expand_dims(batched, added);
}

axes behind_batch(const axes& of_one_call) {
    axes moved = of_one_call;
    for (int& axis : moved) ++axis;
    return moved;
}

dims with_batch(extent size, const dims& shape) {
    dims result = shape;
    result.insert(0, size);
    return result;
}

void as_it_is(const batch_args& args, std::span<array> out, std::span<int>) {
    apply(args.op, args.in, args.attrs, out);
}

void over_leading_axes(const batch_args& args, std::span<array> out, std::span<int>) {
    std::size_t rank = args.op.core.in > 0 ? static_cast<std::size_t>(args.op.core.in) : 0;
    for (std::size_t i = 0; i < args.in.size(); ++i)
        rank = std::max(rank, args.in[i].shape().size() - (is_batched(args, i) ? 1 : 0));
    detail::scratch_list<array> in(args.in.size());
    for (std::size_t i = 0; i < args.in.size(); ++i)
        in[i] = is_batched(args, i) ? of_rank(args.in[i], rank) : args.in[i];
    apply(args.op, in.all(), args.attrs, out);
}

}  // namespace tessera::batching
