#include "case_topics.hpp"
#include "elementwise_forms.hpp"
#include "tessera/array/elementwise.hpp"
#include "tessera/dtype/promotion.hpp"

namespace tessera::testing {
namespace {

constexpr interval away_from_zero{.low = -4, .high = 4, .gap = 0.5};
constexpr interval above_zero{.low = 0.25, .high = 4};

// Correctly rounded, of every dtype the code takes.
op_case plain(std::string_view op, array (*call)(const array&), scalar_code code, smoothness derivative,
              std::string_view oracle, interval domain = {}) {
    return unary_case(
        {.op = op, .call = call, .code = code, .domain = domain, .derivative = derivative, .oracles = {oracle}});
}

// Real numbers are their own conjugate and real part, and so are booleans.
op_case part(std::string_view op, array (*call)(const array&), scalar_code code, std::string_view oracle) {
    op_case c = plain(op, call, code, smoothness::complex, oracle);
    c.dtypes = each_dtype();
    c.reference = element_by_element(
        [code](std::span<const scalar_value> in) { return is_complex(in[0].dtype) ? evaluate_code(code, in) : in[0]; });
    return c;
}

// Of one real or complex variable; integers are computed in floats.
op_case function(std::string_view op, array (*call)(const array&), scalar_code code, std::string_view oracle,
                 interval domain = {}, accuracy promises = accuracy::function) {
    return unary_case({.op = op,
                       .call = call,
                       .code = code,
                       .computes_in = function_dtype,
                       .promises = promises,
                       .domain = domain,
                       .derivative = smoothness::complex,
                       .oracles = {oracle}});
}

struct step {
    std::string_view op;
    array (*call)(const array&);
    scalar_code code;
    std::string_view oracle;
};

}  // namespace

void register_function_cases(case_table& table) {
    using enum smoothness;
    table.add(plain("array.positive", positive, scalar_code::positive, complex, "positive"));
    table.add(plain("array.negative", negative, scalar_code::negative, complex, "neg"));
    table.add(plain("array.abs", abs, scalar_code::abs, complex, "abs", away_from_zero));
    table.add(plain("array.sign", sign, scalar_code::sign, complex, "sign", away_from_zero));
    table.add(plain("array.square", square, scalar_code::square, complex, "square"));
    table.add(part("array.conj", conj, scalar_code::conj, "conj"));
    table.add(part("array.real", tessera::real, scalar_code::real, "real"));
    table.add(plain("array.imag", imag, scalar_code::imag, complex, "imag"));
    table.add(unary_case({.op = "array.reciprocal",
                          .call = reciprocal,
                          .code = scalar_code::reciprocal,
                          .computes_in = mean_dtype,
                          .domain = away_from_zero,
                          .derivative = complex,
                          .oracles = {"reciprocal"}}));
    table.add(function("array.sqrt", sqrt, scalar_code::sqrt, "sqrt", above_zero, accuracy::exact));
    table.add(unary_case({.op = "array.rsqrt",
                          .call = rsqrt,
                          .code = scalar_code::rsqrt,
                          .computes_in = function_dtype,
                          .domain = above_zero,
                          .derivative = real,
                          .oracles = {"rsqrt"}}));
    table.add(function("array.exp", exp, scalar_code::exp, "exp"));
    table.add(function("array.log", log, scalar_code::log, "log", above_zero));
    table.add(function("array.sin", sin, scalar_code::sin, "sin"));
    table.add(function("array.cos", cos, scalar_code::cos, "cos"));
    table.add(function("array.tanh", tanh, scalar_code::tanh, "tanh", {.low = -2, .high = 2}));
    const auto real_function = [&](std::string_view op, array (*call)(const array&), scalar_code code,
                                   std::string_view oracle, interval domain = {}) {
        op_case c = function(op, call, code, oracle, domain);
        c.derivative = real;
        table.add(std::move(c));
    };
    real_function("array.expm1", expm1, scalar_code::expm1, "expm1");
    real_function("array.log1p", log1p, scalar_code::log1p, "log1p", {.low = -0.75, .high = 4});
    table.add(function("array.tan", tan, scalar_code::tan, "tan", {.low = -1, .high = 1}));
    table.add(function("array.asin", asin, scalar_code::asin, "asin", {.low = -0.75, .high = 0.75}));
    table.add(function("array.acos", acos, scalar_code::acos, "acos", {.low = -0.75, .high = 0.75}));
    table.add(function("array.sinh", sinh, scalar_code::sinh, "sinh", {.low = -2, .high = 2}));
    table.add(function("array.cosh", cosh, scalar_code::cosh, "cosh", {.low = -2, .high = 2}));
    table.add(function("array.asinh", asinh, scalar_code::asinh, "asinh", {.low = -0.75, .high = 0.75}));
    table.add(function("array.acosh", acosh, scalar_code::acosh, "acosh", {.low = 1.25, .high = 4}));
    table.add(function("array.atanh", atanh, scalar_code::atanh, "atanh", {.low = -0.75, .high = 0.75}));
    real_function("array.exp2", exp2, scalar_code::exp2, "exp2");
    real_function("array.exp10", exp10, scalar_code::exp10, "exp10", {.low = -2, .high = 2});
    real_function("array.log2", log2, scalar_code::log2, "log2", above_zero);
    real_function("array.log10", log10, scalar_code::log10, "log10", above_zero);
    real_function("array.cbrt", cbrt, scalar_code::cbrt, "cbrt", above_zero);
    table.add(function("array.atan", atan, scalar_code::atan, "atan", {.low = -0.75, .high = 0.75}));
    real_function("array.erf", erf, scalar_code::erf, "erf");
    real_function("array.erfc", erfc, scalar_code::erfc, "erfc", {.low = -2, .high = 2});
    real_function("array.sigmoid", sigmoid, scalar_code::sigmoid, "sigmoid");
    real_function("array.softplus", softplus, scalar_code::softplus, "softplus");
    for (const auto& [op, call, code, oracle] :
         {step{"array.floor", floor, scalar_code::floor, "floor"}, step{"array.ceil", ceil, scalar_code::ceil, "ceil"},
          step{"array.trunc", trunc, scalar_code::trunc, "trunc"},
          step{"array.round", round, scalar_code::round, "round"}})
        table.add(unary_case(
            {.op = op, .call = call, .code = code, .domain = {.low = -20, .high = 20}, .oracles = {oracle}}));
    table.add(unary_case({.op = "array.signbit",
                          .call = signbit,
                          .code = scalar_code::signbit,
                          .computes_in = function_dtype,
                          .oracles = {"signbit"}}));
    const auto pair_function = [&](std::string_view op, array (*call)(const array&, const array&), scalar_code code,
                                   std::string_view oracle, interval domain) {
        table.add(binary_case({.op = op,
                               .call = call,
                               .code = code,
                               .computes_in = function_dtype,
                               .promises = accuracy::function,
                               .domains = {domain, domain},
                               .derivative = real,
                               .oracles = {oracle}}));
    };
    pair_function("array.atan2", atan2, scalar_code::atan2, "atan2", away_from_zero);
    pair_function("array.hypot", hypot, scalar_code::hypot, "hypot", away_from_zero);
    pair_function("array.logaddexp", logaddexp, scalar_code::logaddexp, "logaddexp", {});
}

}  // namespace tessera::testing
