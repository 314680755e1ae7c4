// errors: what an op refuses, with texts that name the op and the actual values.
#include <algorithm>
#include <set>

#include "checks.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::testing {
namespace {

::testing::AssertionResult refuses(const op_case& c, const std::function<void()>& call,
                                   bool (*is_expected)(const error&), const std::vector<std::string>& mentions) {
    try {
        call();
    } catch (const error& e) {
        const std::string_view message = e.what();
        if (!is_expected(e)) return ::testing::AssertionFailure() << "another kind of error: " << message;
        const bool names_function = !c.function.empty() && message.find(c.function) != message.npos;
        if (message.find(c.op) == message.npos && !names_function)
            return ::testing::AssertionFailure() << "the text does not name " << c.op << ": " << message;
        for (const std::string& part : mentions)
            if (message.find(part) == message.npos)
                return ::testing::AssertionFailure() << "the text does not say '" << part << "': " << message;
        return ::testing::AssertionSuccess();
    } catch (const std::exception& e) {
        return ::testing::AssertionFailure() << "an exception of another family: " << e.what();
    }
    return ::testing::AssertionFailure() << "nothing was thrown";
}

std::vector<array> ordinary_arrays(const op_case& c, std::span<const dtype> types) {
    return arrays_of(sample_operands(c, types, c.shapes.front(), false));
}

// Tuples that the case does not list: a dtype that never occurs at an operand, or one that all operands share.
std::set<std::vector<dtype>> refused_dtypes(const op_case& c) {
    std::set<std::vector<dtype>> refused;
    for (int i = 0; i < dtype_count; ++i) {
        const auto t = static_cast<dtype>(i);
        const std::vector<dtype> uniform(c.operands(), t);
        if (std::ranges::find(c.dtypes, uniform) == c.dtypes.end()) refused.insert(uniform);
        for (std::size_t k = 0; k < c.operands(); ++k) {
            if (std::ranges::any_of(c.dtypes, [&](const auto& types) { return types[k] == t; })) continue;
            std::vector<dtype> types = c.dtypes.front();
            types[k] = t;
            refused.insert(types);
        }
    }
    return refused;
}

void check_null_operands(const op_case& c) {
    for (std::size_t k = 0; k < c.operands(); ++k) {
        std::vector<array> in = ordinary_arrays(c, c.dtypes.front());
        in[k] = array();
        EXPECT_TRUE(refuses(c, [&] { (void)c.call(in); }, throws<value_error>, {text("argument ", k), "null"}))
            << "operand " << k << " is null";
    }
}

void check_refused_dtypes(const op_case& c) {
    for (const auto& types : refused_dtypes(c)) {
        const std::vector<host_tensor> operands = sample_operands(c, types, c.shapes.front(), false);
        const std::vector<array> in = arrays_of(operands);
        EXPECT_TRUE(refuses(c, [&] { (void)c.call(in); }, throws<dtype_error>, {})) << describe(operands);
    }
}

// Dtypes that the op takes as they are.
const std::vector<dtype>& plain_dtypes(const std::vector<std::vector<dtype>>& typical) {
    const auto is_plain = [](const auto& types) { return std::ranges::find(types, f32) != types.end(); };
    const auto found = std::ranges::find_if(typical, is_plain);
    return found == typical.end() ? typical.front() : *found;
}

void check_devices_without_kernels(const op_case& c) {
    const auto typical = typical_dtypes(c);
    const auto operands = sample_operands(c, plain_dtypes(typical), c.shapes.front(), false);
    const auto call = op_call_of(c, arrays_of(operands));
    if (!call || call->in.empty()) return;
    const std::vector<array> there = arrays_of(operands, bare_device());
    if (call->op->view)
        EXPECT_EQ(c.call(there).device(), bare_device());
    else
        EXPECT_TRUE(refuses(c, [&] { (void)c.call(there); }, throws<no_kernel>, {"bare"}));
    for (std::size_t k = 1; k < operands.size(); ++k) {
        std::vector<array> mixed = arrays_of(operands);
        mixed[k] = there[k];
        EXPECT_TRUE(refuses(c, [&] { (void)c.call(mixed); }, throws<device_error>, {text(cpu), text(bare_device())}))
            << "operand " << k << " is on another device";
    }
}

}  // namespace

void check_errors(const op_case& c) {
    check_null_operands(c);
    check_refused_dtypes(c);
    check_devices_without_kernels(c);
    for (const rejection& r : c.rejects) {
        std::function<void()> call = r.call;
        if (!call) call = [&] { (void)c.call(arrays_of(sample_operands(c, c.dtypes.front(), r.shapes, false))); };
        EXPECT_TRUE(refuses(c, call, r.is_expected, r.mentions)) << r.rule;
    }
}

}  // namespace tessera::testing
