// The oracle cases of dtype/convert: elements in one format to the same elements in another.
#include <string>
#include <utility>

#include "tessera/dtype/convert.hpp"
#include "tessera/testing/oracle.hpp"

namespace tessera::testing {

void register_dtype_oracles(oracle_registry& registry);

namespace {

overflow policy_of(const oracle_case& c) {
    const std::string policy = c.attr_or<std::string>("overflow", "ieee");
    if (policy == "ieee") return overflow::ieee;
    if (policy == "saturate") return overflow::saturate;
    c.reject_attr("overflow", "is ieee or saturate");
}

oracle_answer converted(const oracle_case& c) {
    const host_tensor& x = c.input("x");
    host_tensor y{"y", dtype_named(c.required_attr<std::string>("to")), x.shape, {}};
    y.bytes.resize(x.size() * item_size(y.dtype));
    convert(x.dtype, x.bytes.data(), 1, y.dtype, y.bytes.data(), 1, x.size(), policy_of(c));
    return {{std::move(y)}, {}};
}

}  // namespace

void register_dtype_oracles(oracle_registry& registry) {
    registry.add("dtype/convert", "decode", converted);
    registry.add("dtype/convert", "encode", converted);
}

}  // namespace tessera::testing
