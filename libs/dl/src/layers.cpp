#include "tessera/dl/layers.hpp"

#include <cmath>

#include "tessera/array/copy.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/array/views.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/linalg/matmul.hpp"

namespace tessera::dl {

linear::linear(extent in, extent out, generator& random, dtype t, device where) {
    if (in == extent{0} || out == extent{0})
        throw shape_error(text("dl.linear: sizes must not be 0, got in ", in, " and out ", out));
    const double bound = 1 / std::sqrt(static_cast<double>(in.value()));
    weight = uniform(to(random.next(), where), {out, in}, t, -bound, bound);
    bias = uniform(to(random.next(), where), {out}, t, -bound, bound);
}

array linear::operator()(const array& x) const { return matmul(x, matrix_transpose(weight)) + bias; }

}  // namespace tessera::dl
