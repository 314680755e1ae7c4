#include "gathering.hpp"

namespace tessera::testing {

reference_function moving(shape_map shape, position_map source) {
    return [shape = std::move(shape), source = std::move(source)](std::span<const host_tensor> in) {
        expectation result{tensor(in[0].dtype, shape(in[0].shape))};
        const std::int64_t count = count_of(result.value.shape);
        for (std::int64_t i = 0; i < count; ++i) {
            const sizes from = source(in[0].shape, position_of(result.value.shape, i));
            set_element(result.value, i, element_at(in[0], flat_index(in[0].shape, from)));
        }
        return result;
    };
}

op_case moving_case(moving_form form) {
    return {.op = form.op,
            .variant = form.variant,
            .call = [call = form.call](std::span<const array> in) { return call(in[0]); },
            .reference = moving(std::move(form.shape), std::move(form.source)),
            .shapes = std::move(form.shapes),
            .dtypes = each_dtype(),
            .rejects = std::move(form.rejects),
            .derivative = smoothness::complex,
            .oracles = std::move(form.oracles)};
}

}  // namespace tessera::testing
