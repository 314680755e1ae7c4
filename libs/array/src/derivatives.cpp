#include "tessera/array/derivatives.hpp"

#include "tessera/array/reductions.hpp"
#include "tessera/array/views.hpp"

namespace tessera::derivatives {

array sum_to(array ct, const dims& shape) {
    if (ct.is_null() || ct.shape() == shape) return ct;
    const dims& from = ct.shape();
    const std::size_t lead = from.size() - shape.size();
    axes repeated;
    for (std::size_t a = 0; a < from.size(); ++a)
        if (a < lead || !(from[a] == shape[a - lead])) repeated.push_back(static_cast<int>(a));
    const array summed = sum(ct, repeated, true);
    return lead == 0 ? summed : reshape(summed, shape);
}

array spread_to(const array& t, const dims& shape) {
    return t.is_null() || t.shape() == shape ? t : broadcast_to(t, shape);
}

}  // namespace tessera::derivatives
