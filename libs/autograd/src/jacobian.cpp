#include "tessera/autograd/jacobian.hpp"

#include "tessera/array/creation.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::detail {

namespace {

dims joined(const dims& first, const dims& second) {
    dims shape = first;
    for (const extent e : second) shape.push_back(e);
    return shape;
}

// Rows of the block of one leaf among those of all.
array part_of(const array& rows, std::span<const array> leaves, std::size_t which) {
    if (leaves.size() == 1) return rows;
    const std::int64_t begin = elements_in(leaves.first(which)).value();
    return slice(rows, {range(begin, begin + leaves[which].size().value())});
}

}  // namespace

extent elements_in(std::span<const array> leaves) {
    extent count = 0;
    for (const array& x : leaves) count = count + x.size();
    return count;
}

std::vector<array> unit_directions(std::span<const array> leaves) {
    const extent all = elements_in(leaves);
    std::vector<array> directions;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const array& x = leaves[i];
        const std::int64_t before = i == 0 ? 0 : elements_in(leaves.first(i)).value();
        directions.push_back(reshape(eye(all, x.size(), -before, x.dtype(), x.device()), joined({all}, x.shape())));
    }
    return directions;
}

array columns_of(const array& tangents, std::span<const array> inputs, std::size_t input) {
    const array part = part_of(tangents, inputs, input);
    dims shape = part.shape();
    shape.erase(0);
    return reshape(moveaxis(part, 0, -1), joined(shape, inputs[input].shape()));
}

array rows_of(const array& pulled, std::span<const array> outputs, std::size_t output) {
    const array part = part_of(pulled, outputs, output);
    dims shape = part.shape();
    shape.erase(0);
    // A pullback is J^H.
    return conj(reshape(part, joined(outputs[output].shape(), shape)));
}

jacobian_kind require_jacobian(std::string_view transform, std::span<const array> inputs,
                               std::span<const array> outputs) {
    jacobian_kind kind = jacobian_kind::holomorphic_or_real;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        const array& y = outputs[k];
        if (!is_inexact(y.dtype()))
            throw dtype_error(text(transform, ": output ", k, " is ", y.spec(),
                                   ", but only floats and complex numbers have derivatives"));
        for (const array& x : inputs) {
            if (is_complex(x.dtype()) && !is_complex(y.dtype()))
                throw dtype_error(text(transform, ": output ", k, " is ", y.spec(), " of ", x.spec(),
                                       "; a real function of complex numbers has a gradient, not a Jacobian"));
            if (!is_complex(x.dtype()) && is_complex(y.dtype())) kind = jacobian_kind::complex_of_real;
        }
    }
    return kind;
}

void require_real(std::string_view transform, std::span<const array> inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (is_complex(inputs[i].dtype()))
            throw dtype_error(text(transform, ": takes real inputs, got ", inputs[i].spec(), " as input ", i));
}

void refuse_reverse_jacobian(std::span<const array> inputs, std::span<const array> outputs) {
    throw dtype_error(text("jacobian_reverse: outputs like ", outputs[0].spec(), " of inputs like ", inputs[0].spec(),
                           ": the complex Jacobian of real numbers comes from jacobian_forward"));
}

}  // namespace tessera::detail
