#include "expression.hpp"

#include <functional>
#include <vector>

#include "tessera/array/ops.hpp"
#include "tessera/dl/activations.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/linalg/matmul.hpp"
#include "tessera/linalg/solve.hpp"

namespace tessera::testing {

namespace {

using unary = array (*)(const array&);
using binary = array (*)(const array&, const array&);

const std::map<std::string, unary, std::less<>> unary_ops{
    {"-", [](const array& x) { return negative(x); }},
    {"sq", [](const array& x) { return square(x); }},
    {"exp", [](const array& x) { return exp(x); }},
    {"log", [](const array& x) { return log(x); }},
    {"sqrt", [](const array& x) { return sqrt(x); }},
    {"sin", [](const array& x) { return sin(x); }},
    {"cos", [](const array& x) { return cos(x); }},
    {"tan", [](const array& x) { return sin(x) / cos(x); }},
    {"asin", [](const array& x) { return atan2(x, sqrt(1.0 - square(x))); }},
    {"acos", [](const array& x) { return atan2(sqrt(1.0 - square(x)), x); }},
    {"atan", [](const array& x) { return atan(x); }},
    {"sinh", [](const array& x) { return (expm1(x) - expm1(-x)) / 2.0; }},
    {"cosh", [](const array& x) { return (exp(x) + exp(-x)) / 2.0; }},
    {"tanh", [](const array& x) { return tanh(x); }},
    {"log1p", [](const array& x) { return log1p(x); }},
    {"expm1", [](const array& x) { return expm1(x); }},
    {"erf", [](const array& x) { return erf(x); }},
    {"sigmoid", [](const array& x) { return sigmoid(x); }},
    {"softplus", [](const array& x) { return softplus(x); }},
    {"gelu", [](const array& x) { return dl::gelu(x); }},
    {"silu", [](const array& x) { return dl::silu(x); }},
    {"logsumexp", [](const array& x) { return logsumexp(x, -1); }},
    {"cumsum", [](const array& x) { return cumsum(x, -1); }},
    {"inv", [](const array& x) { return inv(x); }},
    {"logdet", [](const array& x) { return slogdet(x).logabsdet; }},
    {"abs", [](const array& x) { return abs(x); }},
    {"relu", [](const array& x) { return dl::relu(x); }},
    {"softmax", [](const array& x) { return dl::softmax(x, -1); }},
    {"T", [](const array& x) { return transpose(x); }},
    {"sum", [](const array& x) { return sum(x); }},
    {"sum_last", [](const array& x) { return sum(x, -1); }},
    {"mean", [](const array& x) { return mean(x); }},
    {"norm", [](const array& x) { return sqrt(sum(square(x))); }},
};

const std::map<std::string, binary, std::less<>> binary_ops{
    {"+", [](const array& a, const array& b) { return a + b; }},
    {"-", [](const array& a, const array& b) { return a - b; }},
    {"*", [](const array& a, const array& b) { return a * b; }},
    {"/", [](const array& a, const array& b) { return a / b; }},
    {"max", [](const array& a, const array& b) { return maximum(a, b); }},
    {"atan2", [](const array& a, const array& b) { return atan2(a, b); }},
    {"min", [](const array& a, const array& b) { return minimum(a, b); }},
    {"matmul", [](const array& a, const array& b) { return matmul(a, b); }},
    {"dot", [](const array& a, const array& b) { return matmul(a, b); }},
};

}  // namespace

array evaluate(const nlohmann::json& expression, const variables& of) {
    if (expression.is_number()) return expression.get<double>();
    if (expression.is_string()) {
        const auto found = of.find(expression.get<std::string>());
        if (found == of.end()) throw format_error(text("expression: no variable ", expression.get<std::string>()));
        return found->second;
    }
    if (!expression.is_array() || expression.size() < 2 || !expression[0].is_string())
        throw format_error(text("expression: takes [\"op\", a, ...], a name or a number, got ", expression.dump()));
    const std::string op = expression[0].get<std::string>();
    array first = evaluate(expression[1], of);
    if (expression.size() == 2) {
        const auto found = unary_ops.find(op);
        if (found == unary_ops.end()) throw no_kernel(text("expression: no library offers ", op, " of one operand"));
        return found->second(first);
    }
    const auto found = binary_ops.find(op);
    if (found == binary_ops.end()) throw no_kernel(text("expression: no library offers ", op, " of two operands"));
    for (std::size_t i = 2; i < expression.size(); ++i) first = found->second(first, evaluate(expression[i], of));
    return first;
}

}  // namespace tessera::testing
