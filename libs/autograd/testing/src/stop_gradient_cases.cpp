#include "tessera/autograd/stop_gradient.hpp"
#include "tessera/testing/autograd_cases.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {

void register_autograd_cases(case_table& table) {
    std::vector<std::vector<dtype>> all;
    for (int i = 0; i < dtype_count; ++i) all.push_back({static_cast<dtype>(i)});
    table.add({.op = "autograd.stop_gradient",
               .call = [](std::span<const array> in) { return autograd::stop_gradient(in[0]); },
               .reference = element_by_element([](std::span<const scalar_value> in) { return in[0]; }),
               .shapes = {{{3, 5}}, {{}}, {{0}}, {{1}}, {{2, 3, 4}}},
               .dtypes = std::move(all),
               .derivative = smoothness::constant});
}

}  // namespace tessera::testing
