#include "expression.hpp"

#include <functional>
#include <vector>

#include "tessera/array/ops.hpp"
#include "tessera/dl/activations.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/linalg/matmul.hpp"

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
    {"tanh", [](const array& x) { return tanh(x); }},
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
