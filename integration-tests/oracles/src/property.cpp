#include "property.hpp"

#include <array>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

std::string check_result_type(const property_question& q) {
    const auto expected = q.asked.required_attr<std::string>("result");
    const auto got = q.answer.texts.find("y");
    if (got == q.answer.texts.end()) return "the answer has no text 'y'";
    return got->second == expected ? std::string() : text("got ", got->second, ", expected ", expected);
}

struct checked_op {
    std::string_view group;
    std::string_view op;
    property check;
};

constexpr std::array<checked_op, 7> checked_ops{{
    {"array/promotion", "result_type", check_result_type},
    {"array/promotion", "result_type_scalar", check_result_type},
    {"array/random", "distribution", check_distribution},
    {"array/random", "permutation", check_permutation},
    {"array/random", "integers", check_integers},
    {"array/random", "reproducible", check_reproducible},
    {"linalg/dense", "solve", check_solution},
}};

}  // namespace

property find_property(std::string_view group, std::string_view op) {
    for (const checked_op& known : checked_ops)
        if (known.group == group && known.op == op) return known.check;
    return nullptr;
}

const host_tensor& answered(const oracle_answer& answer, std::string_view name) {
    const host_tensor* found = answer.find(name);
    if (found == nullptr) throw format_error(text("the answer has no output '", name, "'"));
    return *found;
}

}  // namespace tessera::oracles
