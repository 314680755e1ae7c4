#include "runner.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <utility>

#include "elements.hpp"
#include "property.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

std::string_view library_of(const oracle_case& asked) {
    return std::string_view(asked.group).substr(0, asked.group.find('/'));
}

template <std::size_t N> bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Their inputs are f64 but representable in f32, and their answers' dtype follows.
bool inputs_are_castable(const oracle_case& asked) {
    return is_one_of<4>(library_of(asked), {"nn", "autograd", "optim", "solvers"});
}

bool dtype_is_part_of_the_answer(const oracle_case& asked) {
    return is_one_of<3>(library_of(asked), {"array", "dtype", "quant"});
}

bool is_cast_to_f32(const oracle_case& asked, const run_options& options) {
    return options.floats == precision::f32 && inputs_are_castable(asked);
}

oracle_case prepared(const oracle_case& asked, const run_options& options) {
    oracle_case ready = asked;
    ready.device = options.device;
    if (is_cast_to_f32(asked, options))
        for (host_tensor& t : ready.in) {
            if (t.dtype == f64) t = converted(t, f32);
            if (t.dtype == c128) t = converted(t, c64);
        }
    return ready;
}

std::string tensor_difference(const oracle_case& asked, const expected_tensor& expected, const host_tensor& got,
                              const run_options& options) {
    const host_tensor& want = expected.tensor;
    if (got.shape != want.shape)
        return text("got shape ", std::span<const std::int64_t>(got.shape), ", expected ",
                    std::span<const std::int64_t>(want.shape));
    const bool floats =
        is_inexact(got.dtype) && is_inexact(want.dtype) && is_complex(got.dtype) == is_complex(want.dtype);
    if (got.dtype != want.dtype && (dtype_is_part_of_the_answer(asked) || !floats))
        return text("got dtype ", got.dtype, ", expected ", want.dtype);
    if (!expected.compare) return {};
    const bool gpu = options.device.kind != cpu.kind;
    const comparison c = adapt(*expected.compare, asked, want.dtype, {is_cast_to_f32(asked, options), gpu});
    return difference(got.dtype == want.dtype ? got : converted(got, want.dtype), want, c, gpu);
}

std::string values_difference(const manifest_case& c, const oracle_answer& answer, const run_options& options) {
    for (const expected_tensor& expected : c.expected) {
        if (expected.compare && expected.compare->kind == comparison_kind::property) continue;
        const host_tensor* got = answer.find(expected.tensor.name);
        if (got == nullptr) return text("the answer has no output '", expected.tensor.name, "'");
        const std::string broken = tensor_difference(c.asked, expected, *got, options);
        if (!broken.empty()) return text("output ", expected.tensor.name, ": ", broken);
    }
    return {};
}

bool asks_for_a_property(const manifest_case& c) {
    return c.has_tag("residual:") || c.asked.attr("check") != nullptr ||
           std::any_of(c.expected.begin(), c.expected.end(), [](const expected_tensor& e) {
               return e.compare && e.compare->kind == comparison_kind::property;
           });
}

std::string property_difference(const manifest_case& c, const oracle_case& asked, const oracle_answer& answer,
                                const testing::oracle_call& call) {
    const bool required = asks_for_a_property(c);
    if (!required && !c.expected.empty()) return {};
    if (const property check = find_property(asked.group, asked.op)) return check({asked, c.expected, answer, call});
    if (required) return text("the runner has no checker for the property of ", asked.group, " ", asked.op);
    // Without outputs and without a property nothing may come back: a model file that holds no tensors.
    if (answer.tensors.empty() && answer.texts.empty()) return {};
    return "the case has no outputs, but the answer has";
}

// Splits an exception into what it means for the case.
case_result judged_exception(const manifest_case& c, std::exception_ptr thrown) {
    case_result result;
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const no_kernel& e) {
        result.error = e.what();
        result.outcome = outcome::unsupported;
        result.reason = e.what();
    } catch (const error& e) {
        result.error = e.what();
        if (c.must_fail) return result;
        result.outcome = outcome::failed;
        result.reason = text("the call threw: ", e.what());
    } catch (const std::exception& e) {
        result.error = e.what();
        result.outcome = outcome::failed;
        result.reason = text("the call threw an exception that is no tessera::error: ", e.what());
    } catch (...) {
        result.error = "an exception of unknown type";
        result.outcome = outcome::failed;
        result.reason = "the call threw an exception of unknown type";
    }
    return result;
}

case_result failed(case_result result, std::string reason) {
    result.outcome = outcome::failed;
    result.reason = std::move(reason);
    return result;
}

}  // namespace

case_result run_case(const manifest_case& c, const testing::oracle_registry& registry, const run_options& options) {
    const testing::oracle_call* call = registry.find(c.asked.group, c.asked.op);
    case_result result;
    if (call == nullptr) {
        result.outcome = outcome::unsupported;
        result.reason = text("no op of this build answers ", c.asked.op, " of ", c.asked.group);
        return result;
    }
    const oracle_case asked = prepared(c.asked, options);
    try {
        result.answer = (*call)(asked);
    } catch (...) { return judged_exception(c, std::current_exception()); }
    if (c.must_fail) return failed(std::move(result), "the call returned, an error was expected");
    try {
        std::string broken = values_difference(c, result.answer, options);
        if (broken.empty()) broken = property_difference(c, asked, result.answer, *call);
        if (!broken.empty()) return failed(std::move(result), std::move(broken));
    } catch (const std::exception& e) {
        return failed(std::move(result), text("the answer cannot be judged: ", e.what()));
    }
    return result;
}

void counts::add(const manifest_case& c, tessera::oracles::outcome o) {
    if (c.is_optional())
        ++optional;
    else if (o == outcome::passed)
        ++passed;
    else if (o == outcome::failed)
        ++failed;
    else
        ++unsupported;
}

counts& counts::operator+=(const counts& other) {
    passed += other.passed;
    failed += other.failed;
    unsupported += other.unsupported;
    optional += other.optional;
    return *this;
}

bool takes_part(const manifest_case& c, const run_options& options) {
    if (options.floats == precision::as_given || inputs_are_castable(c.asked)) return true;
    const bool single = options.floats == precision::f32;
    const auto fits = [&](tessera::dtype t) {
        return !is_inexact(t) || t == (single ? f32 : f64) || t == (single ? c64 : c128);
    };
    return std::all_of(c.asked.in.begin(), c.asked.in.end(), [&](const host_tensor& t) { return fits(t.dtype); }) &&
           std::all_of(c.expected.begin(), c.expected.end(),
                       [&](const expected_tensor& e) { return fits(e.tensor.dtype); });
}

counts run_group(const group_name& which, const testing::oracle_registry& registry, const run_options& options,
                 const case_visitor& visit) {
    counts total;
    for (const manifest_case& c : load_group(options.root, which)) {
        if (!takes_part(c, options)) continue;
        const case_result result = run_case(c, registry, options);
        total.add(c, result.outcome);
        visit(c, result);
    }
    return total;
}

}  // namespace tessera::oracles
