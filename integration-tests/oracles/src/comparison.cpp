#include "comparison.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace tessera::oracles {
namespace {

constexpr double gpu_factor = 4;
constexpr double gpu_division_ulps = 3;

double parameter(const nlohmann::json& cmp, const char* name) {
    const auto found = cmp.find(name);
    if (found == cmp.end()) throw format_error(text("comparison ", cmp.dump(), " has no '", name, "'"));
    return testing::oracle_number(*found);
}

tolerances both_tolerances(const nlohmann::json& cmp) { return {parameter(cmp, "rtol"), parameter(cmp, "atol")}; }

bool has_tag(const testing::oracle_case& asked, std::string_view tag) {
    return std::find(asked.tags.begin(), asked.tags.end(), tag) != asked.tags.end();
}

bool divides_or_roots(std::string_view op) {
    constexpr std::array<std::string_view, 4> ops{"div", "sqrt", "reciprocal", "rsqrt"};
    return std::find(ops.begin(), ops.end(), op) != ops.end();
}

}  // namespace

comparison parse_comparison(const nlohmann::json& cmp) {
    if (!cmp.is_object() || !cmp.contains("k") || !cmp["k"].is_string())
        throw format_error(text("comparison ", cmp.dump(), " has no kind 'k'"));
    const std::string& kind = cmp["k"].get_ref<const std::string&>();
    comparison c;
    if (kind == "exact") {
        c.kind = comparison_kind::exact;
    } else if (kind == "ulp") {
        c.kind = comparison_kind::ulp;
        c.limit = parameter(cmp, "n");
    } else if (kind == "close") {
        c.kind = comparison_kind::close;
        c.close = both_tolerances(cmp);
        if (cmp.contains("f32")) c.close_f32 = both_tolerances(cmp["f32"]);
    } else if (kind == "norm" || kind == "l2") {
        c.kind = comparison_kind::norm;
        c.limit = parameter(cmp, "tol");
    } else if (kind == "set") {
        c.kind = comparison_kind::set;
        c.close.atol = parameter(cmp, "atol");
    } else if (kind == "bytes") {
        c.kind = comparison_kind::bytes;
        c.limit = parameter(cmp, "max_bad_blocks");
    } else if (kind == "code") {
        c.kind = comparison_kind::code;
        c.limit = parameter(cmp, "max_off_by_one");
    } else if (kind == "frac") {
        c.kind = comparison_kind::frac;
        c.close.rtol = parameter(cmp, "rtol");
        c.limit = parameter(cmp, "min_frac");
    } else if (kind == "ge") {
        c.kind = comparison_kind::ge;
        c.limit = parameter(cmp, "slack");
    } else if (kind == "prop") {
        c.kind = comparison_kind::property;
        c.property = cmp.value("name", std::string());
        if (cmp.contains("thr")) c.limit = parameter(cmp, "thr");
        if (cmp.contains("tol")) c.limit = parameter(cmp, "tol");
    } else {
        throw format_error(text("comparison kind '", kind, "' is unknown"));
    }
    return c;
}

comparison adapt(comparison c, const testing::oracle_case& asked, dtype output, run_rules rules) {
    if (rules.inputs_cast_to_f32 && c.close_f32) c.close = *c.close_f32;
    if (!rules.gpu) return c;
    switch (c.kind) {
    case comparison_kind::close:
        c.close.rtol *= gpu_factor;
        c.close.atol *= gpu_factor;
        break;
    case comparison_kind::ulp:
        if (has_tag(asked, "transc")) c.limit *= gpu_factor;
        break;
    case comparison_kind::exact:
        if (output == f32 && divides_or_roots(asked.op)) {
            c.kind = comparison_kind::ulp;
            c.limit = gpu_division_ulps;
        }
        break;
    default: break;
    }
    return c;
}

}  // namespace tessera::oracles
