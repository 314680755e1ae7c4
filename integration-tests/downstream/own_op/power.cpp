#include "power.hpp"

#include <cmath>
#include <tuple>
#include <vector>

#include <tessera/array/backend.hpp>
#include <tessera/array/derivatives.hpp>
#include <tessera/array/elementwise.hpp>
#include <tessera/array/op.hpp>
#include <tessera/array/rules.hpp>

namespace user {

struct power_attributes {
    int exponent;
    auto fields() const { return std::tie(exponent); }
};

namespace {

void run_on_cpu(const tessera::kernel_args& args) {
    const int exponent = args.attrs.as<power_attributes>().exponent;
    const tessera::any_view& x = args.in[0];
    const tessera::any_view& y = args.out[0];
    std::vector<std::int64_t> index(static_cast<std::size_t>(y.rank), 0);
    const auto at = [&](const tessera::any_view& v) -> double& {
        std::int64_t offset = 0;
        for (std::size_t axis = 0; axis < index.size(); ++axis) offset += index[axis] * v.strides[axis];
        return v.first<double>()[offset];
    };
    for (std::int64_t i = 0; i < y.size(); ++i) {
        at(y) = std::pow(at(x), exponent);
        for (std::size_t axis = index.size(); axis-- > 0 && ++index[axis] == y.shape[axis];) index[axis] = 0;
    }
}

const char* declined_by_cpu(const tessera::kernel_args& args) {
    return args.in[0].dtype == tessera::f64 ? nullptr : "only f64";
}

// d x^n = n x^(n-1) dx
tessera::array slope(const tessera::array& x, int exponent) {
    return exponent == 0 ? tessera::array() : tessera::multiply(power(x, exponent - 1), exponent);
}

tessera::array scaled(const tessera::array& t, const tessera::array& slope) {
    return t.is_null() || slope.is_null() ? tessera::array() : tessera::multiply(t, slope);
}

void push_forward(const tessera::jvp_args& args, std::span<tessera::array> out) {
    out[0] = scaled(args.tangents[0], slope(args.in[0], args.attrs.as<power_attributes>().exponent));
}

void pull_back(const tessera::vjp_args& args, std::span<tessera::array> in) {
    in[0] = scaled(args.cotangents[0], slope(args.in[0], args.attrs.as<power_attributes>().exponent));
}

void register_power(tessera::registry&);

constinit const tessera::op power_op{.name = "user.power",
                                     .inputs = 1,
                                     .outputs = 1,
                                     .shape = tessera::shapes::same,
                                     .dtype = tessera::dtypes::same,
                                     .jvp = push_forward,
                                     .vjp = pull_back,
                                     .saves = tessera::saves::inputs,
                                     .core = tessera::element_wise,
                                     .registers = register_power};

void register_power(tessera::registry& registry) {
    registry.add(power_op);
    registry.add_kernel(tessera::cpu.kind, "user.power",
                        {.run = run_on_cpu, .declines = declined_by_cpu, .label = "user"});
}

}  // namespace

tessera::array power(const tessera::array& x, int exponent) {
    return tessera::call(power_op, power_attributes{exponent}, x);
}

}  // namespace user
