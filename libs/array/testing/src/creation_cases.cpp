#include <cmath>

#include "case_topics.hpp"
#include "tessera/array/creation.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/testing/references.hpp"

namespace tessera::testing {
namespace {

// No operands: the value at each position of a shape.
reference_function filled(dtype t, sizes shape, std::function<scalar_value(const sizes& at)> value) {
    return [t, shape = std::move(shape), value = std::move(value)](std::span<const host_tensor>) {
        expectation result{tensor(t, shape)};
        for (std::int64_t i = 0; i < count_of(shape); ++i)
            set_element(result.value, i, value(position_of(shape, i)).cast(t));
        return result;
    };
}

op_case creation_case(std::string_view op, dtype t, std::function<array()> make, reference_function reference,
                      std::vector<rejection> rejects) {
    return {.op = op,
            .variant = name(t),
            .call = [make = std::move(make)](std::span<const array>) { return make(); },
            .reference = std::move(reference),
            .shapes = {{}},
            .dtypes = {{}},
            .rejects = std::move(rejects)};
}

op_case full_case(dtype t) {
    return creation_case("array.full", t,
                         [t] {
                             return full({3, 5}, 2, t);
                         },
                         filled(t, {3, 5}, [](const sizes&) { return scalar_value(2); }),
                         {{.rule = "a rank above 64",
                           .call = [] { (void)full(dims(65, 1), 2, f32); },
                           .is_expected = throws<shape_error>,
                           .mentions = {"65", "64"}}});
}

op_case arange_case(dtype t) {
    return creation_case("array.arange", t, [t] { return arange(7, -6, -3, t); },
                         filled(t, {5}, [](const sizes& at) { return scalar_value(7 - 3 * at[0]); }),
                         {{.rule = "a step of 0",
                           .call = [] { (void)arange(0, 5, 0); },
                           .is_expected = throws<value_error>,
                           .mentions = {"step", "0 to 5"}},
                          {.rule = "an end that is not finite",
                           .call = [] { (void)arange(0.0, INFINITY, 1.0); },
                           .is_expected = throws<value_error>,
                           .mentions = {"finite", "inf"}}});
}

// Halves and quarters, which every dtype of at least three significand bits holds.
op_case linspace_case(dtype t) {
    const bool round_down = !is_inexact(t);
    return creation_case("array.linspace", t, [t] { return linspace(0, 2, 9, true, t); },
                         filled(t, {9},
                                [round_down](const sizes& at) {
                                    const double value = 0.25 * static_cast<double>(at[0]);
                                    return scalar_value(round_down ? std::floor(value) : value);
                                }),
                         {{.rule = "a negative number of elements",
                           .call = [] { (void)linspace(0, 1, -2); },
                           .is_expected = throws<value_error>,
                           .mentions = {"-2"}}});
}

op_case eye_case(dtype t) {
    return creation_case("array.eye", t, [t] { return eye(3, 5, 1, t); },
                         filled(t, {3, 5}, [](const sizes& at) { return scalar_value(at[1] == at[0] + 1 ? 1 : 0); }),
                         {});
}

op_case scalar_of_case(dtype t) {
    return creation_case("array.scalar_of", t, [t] { return scalar_of(3, t); },
                         filled(t, {}, [](const sizes&) { return scalar_value(3); }), {});
}

}  // namespace

void register_creation_cases(case_table& table) {
    for (int i = 0; i < dtype_count; ++i) {
        const auto t = static_cast<dtype>(i);
        table.add(full_case(t));
        table.add(arange_case(t));
        table.add(linspace_case(t));
        table.add(eye_case(t));
        table.add(scalar_of_case(t));
    }
}

}  // namespace tessera::testing
