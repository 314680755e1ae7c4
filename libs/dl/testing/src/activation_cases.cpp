#include "tessera/dl/activations.hpp"
#include "tessera/testing/dl_cases.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {

void register_dl_cases(case_table& table) {
    table.add({.op = "dl.relu",
               .call = [](std::span<const array> in) { return dl::relu(in[0]); },
               .reference = element_by_element([](std::span<const scalar_value> in) {
                   const scalar_value both[] = {in[0], scalar_value(0).cast(in[0].dtype)};
                   return evaluate_code(scalar_code::maximum, both);
               }),
               .shapes = {{{3, 5}}, {{}}, {{0}}, {{1}}, {{67}}, {{2, 3, 4}}},
               .dtypes = {{f32}, {f64}, {f16}, {bf16}, {f8e4m3}, {f8e5m2}},
               .domains = {{.low = -4, .high = 4, .gap = 0.25}},
               .large = {{640, 625}},
               .derivative = smoothness::real,
               .oracles = {"relu"}});
}

}  // namespace tessera::testing
