// The form that cases of reductions share: a fold of one row, tested over every choice of axes.
#pragma once

#include <complex>
#include <optional>

#include "elementwise_forms.hpp"
#include "tessera/array/reductions.hpp"

namespace tessera::testing {

// One result and what its rounding error is measured by.
struct folded {
    scalar_value value;
    double scale;
};
using fold = folded (*)(dtype t, std::span<const scalar_value> row);

struct over_axes {
    std::string_view name;
    std::optional<std::vector<int>> listed;  // nullopt: all
    bool keepdims;
    std::vector<std::vector<sizes>> shapes;
};

expectation reduce(const host_tensor& x, const over_axes& over, fold each);

// Numbers to compute references with, and results in their dtype.
using wide = std::complex<long double>;
wide number(const scalar_value& v);
scalar_value narrowed(wide v, dtype t);

struct reduction {
    std::string_view op;  // of a composite the first that a device meets
    array (*call)(const array&, const reduced_axes&, bool);
    fold each;
    std::string_view oracle = {};
    accuracy promises = accuracy::exact;
    special specials = special::numbers;
    smoothness derivative = smoothness::none;
    bool takes_complex = true;
    bool takes_empty = true;
    bool takes_long = true;  // rows of more than a hundred
    interval domain = {};
    std::string_view function = {}, label = {};  // of a composite: what errors name, what variants begin with
};

std::vector<std::vector<dtype>> reduction_dtypes(bool takes_complex);
// One case for every choice of axes.
void add_reduction_cases(case_table& table, const reduction& r);

}  // namespace tessera::testing
