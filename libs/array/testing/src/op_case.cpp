#include "tessera/testing/op_case.hpp"

#include <algorithm>

#include "tessera/interop/text.hpp"

namespace tessera::testing {

bool op_case::is_discrete(std::size_t operand) const { return std::ranges::find(discrete, operand) != discrete.end(); }

std::string op_case::test_name() const {
    std::string name = variant.empty() ? std::string(op) : text(op, "_", variant);
    for (char& c : name)
        if (c == '.') c = '_';
    return name;
}

void case_table::add(op_case c) {
    if (!c.call || !c.reference || c.shapes.empty() || c.dtypes.empty())
        throw value_error(text("case_table: ", c.test_name(), " needs a call, a reference, shapes and dtypes"));
    for (const op_case& known : cases_)
        if (known.test_name() == c.test_name())
            throw value_error(text("case_table: ", c.test_name(), " is there already"));
    cases_.push_back(std::move(c));
}

}  // namespace tessera::testing
