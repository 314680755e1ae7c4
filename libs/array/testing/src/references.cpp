#include "tessera/testing/references.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "tessera/dtype/promotion.hpp"
#include "tessera/dtype/scalar.hpp"

namespace tessera::testing {
namespace {

template <scalar_code Code, class X> X transcendental(X x) {
    using enum scalar_code;
    if constexpr (Code == scalar_code::exp)
        return std::exp(x);
    else if constexpr (Code == scalar_code::log)
        return std::log(x);
    else if constexpr (Code == scalar_code::sin)
        return std::sin(x);
    else if constexpr (Code == scalar_code::cos)
        return std::cos(x);
    else if constexpr (Code == scalar_code::tanh)
        return std::tanh(x);
    else if constexpr (Code == scalar_code::expm1)
        return std::expm1(x);
    else if constexpr (Code == scalar_code::log1p)
        return std::log1p(x);
    else if constexpr (Code == scalar_code::atan)
        return std::atan(x);
    else if constexpr (Code == scalar_code::tan)
        return std::tan(x);
    else if constexpr (Code == scalar_code::asin)
        return std::asin(x);
    else if constexpr (Code == scalar_code::acos)
        return std::acos(x);
    else if constexpr (Code == scalar_code::sinh)
        return std::sinh(x);
    else if constexpr (Code == scalar_code::cosh)
        return std::cosh(x);
    else if constexpr (Code == scalar_code::asinh)
        return std::asinh(x);
    else if constexpr (Code == scalar_code::acosh)
        return std::acosh(x);
    else if constexpr (Code == scalar_code::atanh)
        return std::atanh(x);
    else if constexpr (Code == scalar_code::exp2)
        return std::exp2(x);
    else if constexpr (Code == scalar_code::log2)
        return std::log2(x);
    else if constexpr (Code == scalar_code::log10)
        return std::log10(x);
    else if constexpr (Code == scalar_code::cbrt)
        return std::cbrt(x);
    else if constexpr (Code == scalar_code::exp10)
        return std::pow(X{10}, x);
    else if constexpr (Code == scalar_code::erf)
        return std::erf(x);
    else if constexpr (Code == scalar_code::erfc)
        return std::erfc(x);
    else if constexpr (Code == sigmoid)
        return 1 / (1 + std::exp(-x));
    else
        return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

template <scalar_code Code> long double transcendental(long double x, long double y) {
    if constexpr (Code == scalar_code::atan2)
        return std::atan2(x, y);
    else if constexpr (Code == scalar_code::hypot)
        return std::hypot(x, y);
    else if constexpr (Code == scalar_code::pow)  // glibc's powl(-inf, -2^63) is inf
        return std::isinf(x) ? std::pow(static_cast<double>(x), static_cast<double>(y)) : std::pow(x, y);
    else if (std::isinf(x) && x == y)
        return x;
    else
        return std::fmax(x, y) + std::log1p(std::exp(-std::fabs(x - y)));
}

template <class T> scalar_value rounded(long double y) {
    if constexpr (std::is_floating_point_v<T>)
        return scalar_value(static_cast<T>(y));
    else
        return scalar_value(cast_to<T>(static_cast<double>(y)));
}

template <class T> long double widened(T x) {
    if constexpr (std::is_floating_point_v<T>)
        return static_cast<long double>(x);
    else
        return static_cast<long double>(static_cast<float>(x));
}

template <class T, scalar_code Code> scalar_value transcendental_of(std::span<const scalar_value> in) {
    if constexpr (is_complex_type<T>) {
        using wide = std::complex<long double>;
        const wide first(in[0].as<T>());
        wide y;
        if constexpr (Code == scalar_code::pow)
            y = std::pow(first, wide(in[1].as<T>()));
        else
            y = transcendental<Code>(first);
        using R = real_type<T>;
        return scalar_value(T(static_cast<R>(y.real()), static_cast<R>(y.imag())));
    } else if constexpr (traits(Code).operands == 1) {
        return rounded<T>(transcendental<Code>(widened(in[0].as<T>())));
    } else {
        return rounded<T>(transcendental<Code>(widened(in[0].as<T>()), widened(in[1].as<T>())));
    }
}

template <class T, scalar_code Code> scalar_value evaluate_as(std::span<const scalar_value> in) {
    if constexpr (!takes(Code, dtype_of<T>)) {
        throw dtype_error(text("evaluate_code: ", name(Code), " of ", dtype_of<T>));
    } else if constexpr (is_transcendental(Code, dtype_of<T>)) {
        return transcendental_of<T, Code>(in);
    } else if constexpr (traits(Code).operands == 1) {
        return scalar_value(evaluate<Code>(in[0].as<T>()));
    } else if constexpr (traits(Code).operands == 2) {
        return scalar_value(evaluate<Code>(in[0].as<T>(), in[1].as<T>()));
    } else {
        return scalar_value(evaluate<Code>(in[0].as<bool>(), in[1].as<T>(), in[2].as<T>()));
    }
}

template <scalar_code Code> scalar_value evaluate_one(std::span<const scalar_value> in) {
    return with_type(in.back().dtype, [&](auto tag) { return evaluate_as<typename decltype(tag)::type, Code>(in); });
}

using evaluator = scalar_value (*)(std::span<const scalar_value>);

constexpr auto evaluators = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<evaluator, sizeof...(I)>{evaluate_one<static_cast<scalar_code>(I)>...};
}
(std::make_index_sequence<static_cast<std::size_t>(scalar_code::cast)>{});

// Steps through an operand along the axes of a result that it broadcasts to.
sizes broadcast_steps(const sizes& result, const sizes& operand) {
    sizes steps(result.size(), 0);
    const std::size_t lead = result.size() - operand.size();
    std::int64_t step = 1;
    for (std::size_t a = operand.size(); a-- > 0; step *= operand[a])
        if (operand[a] != 1) steps[lead + a] = step;
    return steps;
}

}  // namespace

scalar_value evaluate_code(scalar_code code, std::span<const scalar_value> operands) {
    return evaluators[static_cast<std::size_t>(code)](operands);
}

sizes broadcast_sizes(std::span<const host_tensor> operands) {
    sizes result;
    for (const host_tensor& t : operands) {
        if (t.shape.size() > result.size()) result.insert(result.begin(), t.shape.size() - result.size(), 1);
        const std::size_t lead = result.size() - t.shape.size();
        for (std::size_t a = 0; a < t.shape.size(); ++a)
            if (t.shape[a] != 1) result[lead + a] = t.shape[a];
    }
    return result;
}

reference_function element_by_element(scalar_function f) {
    return [f = std::move(f)](std::span<const host_tensor> in) {
        const sizes shape = broadcast_sizes(in);
        std::vector<scalar_value> operands(in.size());
        for (std::size_t k = 0; k < in.size(); ++k) operands[k] = scalar_value(0).cast(in[k].dtype);
        expectation result{tensor(f(operands).dtype, shape)};
        std::vector<sizes> steps;
        for (const host_tensor& t : in) steps.push_back(broadcast_steps(shape, t.shape));
        const std::int64_t count = count_of(shape);
        sizes at(shape.size(), 0);
        for (std::int64_t i = 0; i < count; ++i, advance(at, shape)) {
            for (std::size_t k = 0; k < in.size(); ++k) {
                std::int64_t from = 0;
                for (std::size_t a = 0; a < at.size(); ++a) from += at[a] * steps[k][a];
                operands[k] = element_at(in[k], from);
            }
            set_element(result.value, i, f(operands));
        }
        return result;
    };
}

reference_function by_code(scalar_code code, dtype (*change)(dtype)) {
    return element_by_element([code, change](std::span<const scalar_value> in) {
        const std::size_t first = code == scalar_code::select ? 1 : 0;  // the condition meets nobody
        dtype met = in[first].dtype;
        for (std::size_t k = first; k < in.size(); ++k) met = promote(met, in[k].dtype);
        if (change) met = change(met);
        std::array<scalar_value, 3> operands;
        for (std::size_t k = 0; k < in.size(); ++k) operands[k] = k < first ? in[k] : in[k].cast(met);
        return evaluate_code(code, {operands.data(), in.size()});
    });
}

}  // namespace tessera::testing
