// values and targets: results against the reference.
#include "checks.hpp"
#include "tessera/interop/text.hpp"
#include "tessera/simd/targets.hpp"

namespace tessera::testing {
namespace {

::testing::AssertionResult gives_what_the_reference_says(const op_case& c, std::span<const host_tensor> operands) {
    const expectation want = c.reference(operands);
    const array result = c.call(arrays_of(operands));
    if (!(result.device() == cpu)) return ::testing::AssertionFailure() << "the result is on another device";
    return matches(tensor_of(result), want, tolerance(c.promises, want.value.dtype));
}

// Returns to the best target.
struct restore_target {
    ~restore_target() { simd::force_target(""); }
};

}  // namespace

// Mixed dtypes are converted before the op, so one shape says all about them.
void check_values(const op_case& c) {
    for (const auto& types : c.dtypes)
        for (const auto& shapes : c.shapes) {
            if (&shapes != &c.shapes.front() && is_mixed(c, types)) break;
            for (const bool with_specials : {false, true}) {
                if (with_specials && c.specials == special::none) continue;
                const std::vector<host_tensor> operands = sample_operands(c, types, shapes, with_specials);
                ASSERT_TRUE(gives_what_the_reference_says(c, operands))
                    << c.test_name() << " of " << describe(operands);
            }
        }
}

void check_targets(const op_case& c) {
    const restore_target at_exit;
    for_typical_operands(c, [&](std::span<const host_tensor> operands) {
        simd::force_target("");
        const host_tensor best = tensor_of(c.call(arrays_of(operands)));
        for (const std::string_view target : simd::compiled_targets()) {
            simd::force_target(target);
            if (c.promises == accuracy::function)
                ASSERT_TRUE(gives_what_the_reference_says(c, operands)) << target;
            else
                ASSERT_TRUE(same_bits(tensor_of(c.call(arrays_of(operands))), best)) << target;
        }
    });
}

}  // namespace tessera::testing
